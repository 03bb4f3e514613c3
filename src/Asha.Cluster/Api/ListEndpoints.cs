using System.Net;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Cluster.Coordinators;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Asha.Cluster.Api;

/// <summary><c>GET /v1/experiments</c>: which there are, and how far each is.</summary>
/// <param name="registry">Knows which there are.</param>
/// <param name="lines">What the journals say of each.</param>
internal sealed class ListEndpoints(RegistryDoor registry, RunLines lines)
{
    public void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/v1/experiments", ListAsync).WithTags("experiments").WithName("list").WithSummary("The experiments, newest first, in pages")
            .WithDescription($"'limit': at most so many on a page, 1 to {ExperimentPage.Most}, {ExperimentPage.Usual} where it is left out; fewer where their texts are long. 'after': 'next' of the page before; experiments that come meanwhile move nothing. 'phase': only those that stand so, several with commas: open, ending, paused, over. 'run': this one alone, or none.")
            .Produces<ExperimentsAnswer>().Problems(400, 404, 503);

    private async Task<IResult> ListAsync(CancellationToken cancel, int limit = ExperimentPage.Usual, string? after = null, string? phase = null, string? run = null)
    {
        if (limit is < 1 or > ExperimentPage.Most)
            throw new ApiProblemException(HttpStatusCode.BadRequest, $"limit: must be between 1 and {ExperimentPage.Most}, but is {limit}", "The rest comes with 'after', which is 'next' of the answer.");
        var list = await registry.ListAsync(new ListExperiments(limit, after, Phases(phase), run)).ConfigureAwait(false);
        var experiments = await Task.WhenAll(list.Experiments.Select(OfAsync)).WaitAsync(cancel).ConfigureAwait(false);
        return TypedResults.Json(new ExperimentsAnswer(experiments, list.Epoch, list.Next, list.Total), ApiJson.Plain.ExperimentsAnswer);
    }

    private static RunPhase[]? Phases(string? given) => given is null ? null : [.. given.Split(',').Select(word => Enum.GetValues<RunPhase>().Cast<RunPhase?>().FirstOrDefault(phase => Word(phase!.Value) == word)
        ?? throw new ApiProblemException(HttpStatusCode.BadRequest, $"phase: {word}: must be {string.Join(", ", Enum.GetValues<RunPhase>().SkipLast(1).Select(Word))} or {Word(RunPhase.Over)}, or several of them, with commas"))];

    private static string Word(RunPhase phase) => phase.ToString().ToLowerInvariant();

    private async Task<ExperimentAnswer> OfAsync(ListedExperiment listed)
    {
        var answer = new ExperimentAnswer(
            listed.Run, listed.Name, Word(listed.Phase), listed.SubmittedAt, listed.Weight, listed.Priority, listed.MostSlots,
            listed.Host is { } host ? Addresses.Of(host, registry.Here) : null, listed.Outcome, listed.Reason, listed.Problem, null, 0, 0, null, listed.Shortage);
        try
        {
            return await lines.OfAsync(listed).ConfigureAwait(false) is { } line ? answer with { Seconds = line.Seconds, Trials = line.Trials, Jobs = line.Jobs, Best = line.Best } : answer;
        }
        catch (ApiProblemException unreadable) when (unreadable.Status == HttpStatusCode.InternalServerError)
        {
            return answer with { Problem = unreadable.Message }; // Of the others it can be told all the same.
        }
    }
}
