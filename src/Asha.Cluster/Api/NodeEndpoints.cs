using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Scheduling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Asha.Cluster.Api;

/// <summary><c>/v1/nodes</c> and <c>/v1/health</c>: what the cluster runs on, and whether it answers.</summary>
internal sealed class NodeEndpoints(RegistryDoor registry)
{
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/nodes", ListAsync).WithTags("nodes").WithName("nodes").WithSummary("The nodes that have joined").Produces<NodesAnswer>().Problems(503);
        app.MapPost("/v1/nodes/{name}/drain", DrainAsync).WithTags("nodes").WithName("drain").WithSummary("Gives a node no more jobs; it leaves when those that it has are over")
            .Produces<TakenAnswer>(StatusCodes.Status202Accepted).Problems(404, 409, 503);
        app.MapGet("/v1/health", HealthAsync).WithTags("health").WithName("health").WithSummary("Whether a registry answers by way of this coordinator").Produces<HealthAnswer>().Problems(503);
    }

    private async Task<IResult> ListAsync()
    {
        var list = await ListedAsync().ConfigureAwait(false);
        return TypedResults.Json(new NodesAnswer([.. (list.Nodes ?? []).Select(node => Of(node, registry.Here))]), ApiJson.Plain.NodesAnswer);
    }

    /// <summary>All slots of a node have the same.</summary>
    private static NodeAnswer Of(ListedNode node, string here)
    {
        var each = node.Resources is [var first, ..] ? first : SlotCapacity.None;
        return new NodeAnswer(node.Node, node.Slots, Addresses.Of(node.Link, here), node.IsDraining, each.Cpus, each.Memory, each.Gpus, each.Labels, node.Unfit, node.IsQuarantined);
    }

    private async Task<IResult> DrainAsync(string name)
    {
        await registry.AskAsync<RegistryDone>(new DrainMember(name)).ConfigureAwait(false);
        return TypedResults.Json(new TakenAnswer("drain"), ApiJson.Plain.TakenAnswer, statusCode: StatusCodes.Status202Accepted);
    }

    private async Task<IResult> HealthAsync()
    {
        var list = await ListedAsync().ConfigureAwait(false);
        return TypedResults.Json(new HealthAnswer("ok", list.Epoch, Addresses.Of(list.Where), list.Nodes?.Count ?? 0, list.Total), ApiJson.Plain.HealthAnswer);
    }

    /// <summary>Of the experiments no more than has to be.</summary>
    private Task<ExperimentList> ListedAsync() => registry.ListAsync(new ListExperiments(Limit: 1));
}

/// <summary>Where actors are, for people.</summary>
internal static class Addresses
{
    /// <param name="actor">Somewhere in the cluster.</param>
    /// <param name="here">Where whoever asks is: an actor that has no address is beside it.</param>
    public static string Of(IActorRef actor, string here) => actor.Path.Address is { Host: { } host, Port: { } port } ? new Settings.HostPort(host, port).ToString() : here;

    /// <param name="address">As Akka writes it.</param>
    public static string Of(string address) => address[(address.LastIndexOf('@') + 1)..];
}
