using System.Globalization;
using System.Net;
using System.Text;
using Asha.Actors.Messages;
using Asha.Cluster.Nodes;
using Asha.Cluster.Settings;
using Asha.Core.Experiments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Asha.Cluster.Api;

/// <summary><c>/v1/experiments/{run}/logs</c>: what trials printed. It is on the nodes, each of which has what its attempts printed: which these are, the journal says, where they hand it out, the registry. It comes by HTTPS, not by remoting.</summary>
/// <param name="registry">Knows the nodes.</param>
/// <param name="runs">What the journals say.</param>
/// <param name="files">Reads from nodes.</param>
internal sealed class LogEndpoints(RegistryDoor registry, RunFolds runs, FilesClient files)
{
    private const string Preparation = "prepare";

    /// <summary>A part of the log.</summary>
    /// <param name="Node">Where it is.</param>
    /// <param name="From">The first attempt there; <c>null</c>: it is the preparation's.</param>
    private sealed record Part(string Node, int? From);

    /// <summary>Where they are.</summary>
    /// <param name="Files">Where nodes handed out what they had when they joined the run, by their names.</param>
    private sealed record Places(IReadOnlyList<Part> Parts, IReadOnlyDictionary<string, string> Files);

    public void Map(IEndpointRouteBuilder app) => app.MapGet("/v1/experiments/{run}/logs/{trial}", LogAsync).WithTags("experiments").WithName("logs").WithSummary("What a trial printed, or the preparation ('prepare')")
        .WithDescription("Of each node that had attempts of the trial, its log, below a line '=== on NODE ==='; and such a line for one whose log is not to be had.").Produces<string>(contentType: "text/plain").Problems(404, 503);

    private async Task<IResult> LogAsync(HttpContext context, string run, string trial)
    {
        var places = runs.Read(run, record => Find(record.State, trial))
            ?? throw new ApiProblemException(HttpStatusCode.NotFound, $"{run}: there is no such run, or it has not begun yet", "GET /v1/experiments lists them ('asha ls').");
        var listed = await registry.AskAsync<ExperimentList>(new ListExperiments()).ConfigureAwait(false);
        // A node that was started again hands it out elsewhere than it did for the run.
        var now = (listed.Nodes ?? []).Where(node => node.Files is not null).ToDictionary(node => node.Node, node => node.Files!);
        var whole = new MemoryStream();
        var isAny = false;
        foreach (var part in places.Parts)
        {
            var (log, problem) = await ReadAsync(now.GetValueOrDefault(part.Node) ?? places.Files.GetValueOrDefault(part.Node), run, trial, context.RequestAborted).ConfigureAwait(false);
            whole.Write(Encoding.UTF8.GetBytes($"=== on {part.Node}{(problem is null ? "" : $": {(part.From is { } attempt ? $"what was printed from attempt {attempt} on" : "what was printed")} is not to be had: {problem}")} ===\n"));
            whole.Write(log);
            isAny |= problem is null;
        }
        return isAny
            ? TypedResults.Bytes(whole.ToArray(), "text/plain")
            : throw new ApiProblemException(HttpStatusCode.NotFound, Encoding.UTF8.GetString(whole.ToArray()).Trim().Replace("=== ", "", StringComparison.Ordinal).Replace(" ===", "", StringComparison.Ordinal));
    }

    /// <summary>On which nodes it is.</summary>
    private static Places Find(ExperimentState state, string given)
    {
        var files = state.Trials.SelectMany(trial => trial.Moves).Select(move => move.Node).Distinct()
            .Select(node => (Node: node, Files: state.Nodes.FilesOf(node))).Where(known => known.Files is not null).ToDictionary(known => known.Node, known => known.Files!);
        if (given == Preparation)
            return state.Spec.Trial.Prepare.Count == 0
                ? throw new ApiProblemException(HttpStatusCode.NotFound, "the experiment has no preparation")
                : new Places([.. state.Trials.SelectMany(trial => trial.Moves).Select(move => move.Node).Distinct().Order(StringComparer.Ordinal).Select(node => new Part(node, null))], files);
        if (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= state.Trials.Count)
            throw new ApiProblemException(HttpStatusCode.NotFound, $"trial {given}: {(state.Trials.Count == 0 ? "the run has no trials" : $"the run has trials 0 to {state.Trials.Count - 1}")}");
        Part[] parts = [.. state.Trials[number].Moves.GroupBy(move => move.Node).Select(moves => new Part(moves.Key, moves.Min(move => move.Attempt))).OrderBy(part => part.From)];
        return parts.Length == 0 ? throw new ApiProblemException(HttpStatusCode.NotFound, $"trial {number} has not been started yet") : new Places(parts, files);
    }

    private async Task<(byte[] Log, string? Problem)> ReadAsync(string? at, string run, string name, CancellationToken stop)
    {
        if (at is null || HostPort.Parse(at) is not { } address)
            return ([], "the node has not joined");
        try
        {
            return (await files.ReadLogAsync(address, run, name, stop).ConfigureAwait(false), null);
        }
        catch (HttpRequestException missing) when (missing.StatusCode == HttpStatusCode.NotFound)
        {
            return ([], "nothing was printed there yet, or it was deleted");
        }
        catch (Exception silent) when (silent is HttpRequestException or TimeoutException or IOException || (silent is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return ([], $"{address}: {silent.GetBaseException().Message.TrimEnd('.')}");
        }
    }
}
