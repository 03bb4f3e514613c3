using System.Net;
using System.Security.Cryptography;
using System.Text;
using Asha.Actors.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Asha.Cluster.Api;

/// <summary><c>/v1/experiments</c>: submit, look, and end.</summary>
/// <param name="registry">Where commands go.</param>
/// <param name="runs">What the journals say.</param>
/// <param name="looks">How runs stand.</param>
/// <param name="formats">How experiments are read and summaries written.</param>
internal sealed class ExperimentEndpoints(RegistryDoor registry, RunFolds runs, RunLooks looks, ApiFormats formats)
{
    private const int LongestKey = 200, MostWeight = 1_000_000;

    public void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/v1/experiments").WithTags("experiments");
        group.MapPost("", SubmitAsync).WithName("submit").WithSummary("Submits an experiment")
            .WithDescription("The body is the experiment file: YAML, or the same as JSON. 'trial.directory' is an absolute path that exists on every node; variables in 'trial.env' have no value: each node takes its own. A request with the Idempotency-Key of an earlier one is that one's run, and is refused (422) where it asks for something else.")
            .Accepts<string>("application/yaml", "application/json")
            .Produces<SubmittedAnswer>(StatusCodes.Status201Created).Problems(400, 415, 422, 503);
        group.MapGet("/{run}", ShowAsync).WithName("show").WithSummary("What a run did so far: the summary of 'asha show --json'").Produces<object>().Problems(404, 503);
        group.MapGet("/{run}/events", EventsAsync).WithName("events").WithSummary("A run's events, as the lines of events.jsonl")
            .WithDescription("'after': so many lines are left out, for those who have them.").Produces<string>(contentType: "application/jsonl").Problems(404, 503);
        MapCommand(group, "pause", "Ends its trials, keeps everything", run => new PauseExperiment(run));
        MapCommand(group, "resume", "Goes on with what was paused", run => new ResumePaused(run));
        MapCommand(group, "cancel", "Ends it for good", run => new CancelExperiment(run));
    }

    private void MapCommand(RouteGroupBuilder group, string name, string summary, Func<string, IWireMessage> command) => group.MapPost($"/{{run}}/{name}", async (string run) =>
    {
        await registry.AskAsync<RegistryDone>(command(run)).ConfigureAwait(false);
        return TypedResults.Json(new TakenAnswer(name), ApiJson.Plain.TakenAnswer, statusCode: StatusCodes.Status202Accepted);
    }).WithName(name).WithSummary(summary).Produces<TakenAnswer>(StatusCodes.Status202Accepted).Problems(404, 409, 503);

    /// <param name="file">How problems name the text.</param>
    /// <param name="set">Values that take the place of the text's, each as path=value.</param>
    private async Task<IResult> SubmitAsync(HttpRequest request, string? file = null, [FromQuery] string[]? set = null, int weight = 1, int priority = 0, [FromQuery(Name = "max-concurrent")] int? maxConcurrent = null, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey = null)
    {
        var key = idempotencyKey ?? "";
        var text = await TextAsync(request).ConfigureAwait(false);
        var read = formats.Read(new SubmittedText(text, file ?? "experiment", set ?? []));
        ProblemAt[] problems = [.. Problems(key, weight, maxConcurrent), .. read.Problems];
        if (problems.Length > 0 || read.Spec is not { } spec)
            throw new ApiProblemException(HttpStatusCode.BadRequest, string.Join('\n', problems.Select(problem => problem.Text)), "Nothing was submitted.", problems);
        var submitted = await registry.AskAsync<ExperimentSubmitted>(new SubmitExperiment(key.Length > 0 ? key : Guid.NewGuid().ToString("N"), spec, weight, priority, maxConcurrent, DigestOf([text, $"{weight} {priority} {maxConcurrent}", .. set ?? []]))).ConfigureAwait(false);
        request.HttpContext.Response.Headers.Location = $"/v1/experiments/{submitted.Run}";
        return TypedResults.Json(new SubmittedAnswer(submitted.Run, read.Warnings), ApiJson.Plain.SubmittedAnswer, statusCode: StatusCodes.Status201Created);
    }

    /// <summary>Of what was sent, not of what it means: that would be another after an upgrade, and whoever asks again sends the same.</summary>
    private static string DigestOf(string[] parts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(parts.Select(part => FormattableString.Invariant($"{part.Length}:{part}"))))));

    private static IEnumerable<ProblemAt> Problems(string key, int weight, int? maxConcurrent)
    {
        if (key.Length > LongestKey || key.Any(letter => letter is < '!' or > '~'))
            yield return At("Idempotency-Key", $"must have at most {LongestKey} characters, without spaces");
        if (weight is < 1 or > MostWeight)
            yield return At("weight", $"must be between 1 and {MostWeight}, but is {weight}");
        if (maxConcurrent < 1)
            yield return At("max-concurrent", $"must be at least 1, but is {maxConcurrent}");

        static ProblemAt At(string name, string message) => new(name, 0, 0, "", message, $"{name}: {message}");
    }

    /// <summary>Only these two types: what a page of another site may send unasked is neither.</summary>
    private static async Task<string> TextAsync(HttpRequest request)
    {
        if (request.ContentType?.Split(';')[0].Trim() is not ("application/yaml" or "application/json"))
            throw new ApiProblemException(HttpStatusCode.UnsupportedMediaType, $"Content-Type: must be application/yaml or application/json, but is {(request.ContentType is { Length: > 0 } type ? type : "missing")}");
        try
        {
            using var reader = new StreamReader(request.Body, new UTF8Encoding(false, throwOnInvalidBytes: true));
            return await reader.ReadToEndAsync(request.HttpContext.RequestAborted).ConfigureAwait(false);
        }
        catch (DecoderFallbackException)
        {
            throw new ApiProblemException(HttpStatusCode.BadRequest, "the experiment is not UTF-8");
        }
    }

    private async Task<IResult> ShowAsync(string run)
    {
        if (await looks.SummaryAsync(run).ConfigureAwait(false) is { } summary)
            return TypedResults.Text(summary, "application/json");
        await EnsureAsync(run).ConfigureAwait(false);
        throw new ApiProblemException(HttpStatusCode.ServiceUnavailable, $"{run}: it has not begun yet", "Ask again in a moment.");
    }

    private async Task<IResult> EventsAsync(string run, int after = 0)
    {
        var entries = runs.Entries(run).GetEnumerator();
        if (!entries.MoveNext())
        {
            entries.Dispose();
            await EnsureAsync(run).ConfigureAwait(false);
            return TypedResults.Text("", "application/jsonl");
        }
        return TypedResults.Stream(async target =>
        {
            using (entries)
            {
                var left = after;
                do
                    await target.WriteAsync(Skip(entries.Current.Lines, ref left)).ConfigureAwait(false);
                while (entries.MoveNext());
            }
        }, "application/jsonl");
    }

    private static ReadOnlyMemory<byte> Skip(ReadOnlyMemory<byte> lines, ref int count)
    {
        for (; count > 0 && lines.Length > 0; count--)
            lines = lines[(lines.Span.IndexOf((byte)'\n') + 1)..];
        return lines;
    }

    private async Task EnsureAsync(string run)
    {
        if ((await registry.ListAsync(new ListExperiments(Run: run)).ConfigureAwait(false)).Experiments.Count == 0)
            throw new ApiProblemException(HttpStatusCode.NotFound, $"{run}: there is no such run", "GET /v1/experiments lists them ('asha ls').");
    }
}
