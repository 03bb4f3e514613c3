using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Asha.Actors.Messages;
using Asha.Cluster.Nodes;
using Asha.Cluster.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Asha.Cluster.Api;

/// <summary>
/// <c>/v1/experiments/{run}/logs</c>: what trials printed. It is on the nodes, each of which has what its attempts printed: which these are, the journal says, where they hand it out, the registry. It comes by HTTPS, not by remoting. Whoever follows it
/// asks again and again, and says how far it has read: nothing of that is kept here.
/// </summary>
/// <param name="registry">Knows the nodes.</param>
/// <param name="runs">What the journals say.</param>
/// <param name="files">Reads from nodes.</param>
internal sealed class LogEndpoints(RegistryDoor registry, RunFolds runs, FilesClient files)
{
    /// <summary>Says how far it has been read: <see cref="LogPosition"/>.</summary>
    public const string PositionHeader = LogPiece.Header;

    /// <summary>Says whether nothing is printed any more: <c>true</c> or <c>false</c>.</summary>
    public const string OverHeader = "Asha-Log-Over";

    /// <summary>So many nodes are asked at the same time: each may have a whole log.</summary>
    private const int MostAtATime = 16;

    /// <summary>Of more than so much the rest comes with the next question.</summary>
    private const int MostBytes = 1 << 20;

    /// <summary>A line that is longer is not waited for.</summary>
    private const int LongestLine = 64 << 10;

    public void Map(IEndpointRouteBuilder app) => app.MapGet("/v1/experiments/{run}/logs/{trial}", LogAsync).WithTags("experiments").WithName("logs").WithSummary("What a trial printed, or the preparation ('prepare')")
        .WithDescription($"Of each node that had attempts of the trial, its log, below a line '=== on NODE ==='; and such a line for one whose log is not to be had. With 'after' only what came since: empty at first, then what the header {PositionHeader} of the last answer said, which any coordinator takes. {OverHeader} is 'true' when the trial or the run has ended: then follow until nothing comes any more.")
        .Produces<string>(contentType: "text/plain").Problems(400, 404, 503);

    private async Task<IResult> LogAsync(HttpContext context, string run, string trial, string? after = null)
    {
        var places = runs.Read(run, record => LogPlaces.Of(record.State, trial, after is not null));
        var listed = await registry.ListAsync(new ListExperiments(Run: run)).ConfigureAwait(false);
        if (places is null && (after is null || listed.Experiments.Count == 0))
            throw new ApiProblemException(HttpStatusCode.NotFound, $"{run}: there is no such run, or it has not begun yet", "GET /v1/experiments lists them ('asha ls').");
        // A node that was started again hands it out elsewhere than it did for the run; of two of one name, who has it is the one that it was.
        var now = (listed.Nodes ?? []).Where(node => node.Files is not null).ToLookup(node => node.Node, node => node.Files!);
        if (after is null)
            return await WholeAsync(places!, now, run, trial, context.RequestAborted).ConfigureAwait(false);
        var position = LogPosition.Parse(after) ?? throw new ApiProblemException(HttpStatusCode.BadRequest, "after: is no position in a log", $"It is what the header {PositionHeader} of the last answer said; empty at first.");
        var come = places is null ? [] : await NewAsync(places, now, run, trial, position, context.RequestAborted).ConfigureAwait(false);
        context.Response.Headers[PositionHeader] = position.ToString();
        context.Response.Headers[OverHeader] = places is { IsOver: true } ? "true" : "false";
        return TypedResults.Bytes(come, "text/plain");
    }

    private async Task<IResult> WholeAsync(LogPlaces places, ILookup<string, string> now, string run, string trial, CancellationToken stop)
    {
        if (places.Parts.Count == 0)
            throw new ApiProblemException(HttpStatusCode.NotFound, $"{(trial == "prepare" ? "the preparation" : $"trial {trial}")} has not been started yet");
        var whole = new MemoryStream();
        var isAny = false;
        await foreach (var (part, log, problem) in ReadAllAsync(places, places.Parts, now, run, trial, _ => 0, stop).ConfigureAwait(false))
        {
            whole.Write(Encoding.UTF8.GetBytes(problem is null ? Heading(part) : Missing(part, 0, problem)));
            whole.Write(log?.Bytes);
            isAny |= problem is null;
        }
        return isAny
            ? TypedResults.Bytes(whole.ToArray(), "text/plain")
            : throw new ApiProblemException(HttpStatusCode.NotFound, Encoding.UTF8.GetString(whole.ToArray()).Trim().Replace("=== ", "", StringComparison.Ordinal).Replace(" ===", "", StringComparison.Ordinal));
    }

    /// <summary>What came since the position, which moves on. While more may come, only whole lines, so that those of several nodes do not run into each other.</summary>
    private async Task<byte[]> NewAsync(LogPlaces places, ILookup<string, string> now, string run, string trial, LogPosition position, CancellationToken stop)
    {
        var come = new MemoryStream();
        LogPart[] asked = [.. places.Parts.Where(part => !position.IsMissing(part.Node) || now.Contains(part.Node))];
        await foreach (var (part, log, unreadable) in ReadAllAsync(places, asked, now, run, trial, position.ReadOf, stop).ConfigureAwait(false))
        {
            if (come.Length >= MostBytes)
                break;
            var (read, problem) = (position.ReadOf(part.Node), unreadable);
            if (problem is null && log is { Position: null })
                problem = "the node is of an earlier version, of which nothing can be followed";
            var isWaitedFor = problem == NothingYet && (!places.IsOver || read > 0);
            if (problem is not null && !isWaitedFor && !position.IsMissing(part.Node))
            {
                come.Write(Encoding.UTF8.GetBytes(Missing(part, read, problem)));
                position.Say(part.Node, read, isMissing: true);
            }
            var length = problem is null ? Whole(log!.Bytes, places.IsOver) : 0;
            if (length == 0)
                continue;
            if (!position.IsLast(part.Node))
                come.Write(Encoding.UTF8.GetBytes(Heading(part)));
            come.Write(log!.Bytes, 0, length);
            position.Say(part.Node, log.Position!.Value - (log.Bytes.Length - length), isMissing: false);
        }
        return come.ToArray();
    }

    /// <summary>How many of these bytes are whole lines; a progress bar's, too, that goes back to the beginning of its line.</summary>
    private static int Whole(byte[] bytes, bool isOver)
    {
        var lines = bytes.AsSpan().LastIndexOfAny((byte)'\n', (byte)'\r') + 1;
        return isOver || (lines == 0 && bytes.Length > LongestLine) ? bytes.Length : lines;
    }

    private static string Heading(LogPart part) => $"=== on {part.Node} ===\n";

    private static string Missing(LogPart part, long read, string problem) => $"=== on {part.Node}: {part.Missing(read)} is not to be had: {problem} ===\n";

    private const string NothingYet = "nothing was printed there yet, or it was deleted";

    /// <summary>Reads from several nodes at the same time: one that does not answer keeps nobody but itself. In their order.</summary>
    /// <param name="readOf">How much of a node's was read.</param>
    private async IAsyncEnumerable<(LogPart Part, LogPiece? Log, string? Problem)> ReadAllAsync(
        LogPlaces places, IReadOnlyList<LogPart> parts, ILookup<string, string> now, string run, string trial, Func<string, long> readOf, [EnumeratorCancellation] CancellationToken stop)
    {
        foreach (var some in parts.Chunk(MostAtATime))
        {
            var answers = await Task.WhenAll(some.Select(part => ReadAsync(places, now, part, run, trial, readOf(part.Node), stop))).ConfigureAwait(false);
            foreach (var (part, (log, problem)) in some.Zip(answers))
                yield return (part, log, problem);
        }
    }

    private async Task<(LogPiece? Log, string? Problem)> ReadAsync(LogPlaces places, ILookup<string, string> now, LogPart part, string run, string name, long after, CancellationToken stop)
    {
        string[] known = now.Contains(part.Node) ? [.. now[part.Node]] : places.Files.TryGetValue(part.Node, out var then) ? [then] : [];
        (LogPiece? Log, string? Problem) read = (null, "the node has not joined");
        foreach (var at in known.Select(HostPort.Parse).OfType<HostPort>())
        {
            read = await ReadAsync(at, run, name, after, stop).ConfigureAwait(false);
            if (read.Problem is null)
                break;
        }
        return read;
    }

    private async Task<(LogPiece? Log, string? Problem)> ReadAsync(HostPort address, string run, string name, long after, CancellationToken stop)
    {
        try
        {
            return (await files.ReadLogAsync(address, run, name, after, stop).ConfigureAwait(false), null);
        }
        catch (HttpRequestException missing) when (missing.StatusCode == HttpStatusCode.NotFound)
        {
            return (null, NothingYet);
        }
        catch (Exception silent) when (silent is HttpRequestException or TimeoutException or IOException || (silent is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return (null, $"{address}: {silent.GetBaseException().Message.TrimEnd('.')}");
        }
    }
}
