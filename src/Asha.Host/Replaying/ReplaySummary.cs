using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Asha.Actors.Persistence;
using Asha.Actors.Replay;
using Asha.Core.Experiments;

namespace Asha.Host.Replaying;

/// <summary>A result in its rung; <c>metric</c> <c>null</c>: not finite.</summary>
internal sealed record PlaceSummary(int Rank, int Trial, double? Metric, bool Promoted);

/// <summary>The rung that a difference is about, before it.</summary>
internal sealed record RungAtSummary(int Bracket, int Rung, int Candidates, IReadOnlyList<PlaceSummary> Ranking);

/// <summary>Where a recording and its replay part: the line, from 1; both events as in <c>events.jsonl</c>, <c>null</c>: nothing; whether all that differs is that the line is not as it was written.</summary>
internal sealed record DifferenceSummary(int Line, JsonNode? Recorded, JsonNode? Decided, bool Altered, RungAtSummary? Rung);

/// <summary>A run decided again, as <c>replay --json</c> prints it.</summary>
internal sealed record ReplaySummary(string Run, int Events, int Agree, int Promotions, int Samples, int Starts, bool Ended, DifferenceSummary? Difference)
{
    public static ReplaySummary Of(Recording recording, Redecided again)
    {
        var agreed = recording.Events.Take(again.Compared).ToList();
        return new ReplaySummary(
            recording.Run, recording.Events.Count, again.Compared, agreed.Count(happened => happened is TrialPromoted), agreed.Count(happened => happened is TrialSampled), agreed.Count(happened => happened is JobStarted),
            again.State.Ended is not null, again.Difference is { } difference ? Of(difference, RungAt.Of(again)) : null);
    }

    public string ToJson() => JsonSerializer.Serialize(this, ReplayJson.Default.ReplaySummary);

    private static DifferenceSummary Of(Difference difference, RungAt? rung) => new(
        difference.Index + 1, Line(difference.Recorded), Line(difference.Decided), difference.IsAltered,
        rung is null ? null : new RungAtSummary(rung.Bracket, rung.Rung, rung.Candidates, [.. rung.Places.Select(place => new PlaceSummary(place.Rank, place.Trial, double.IsFinite(place.Metric) ? place.Metric : null, place.Promoted))]));

    private static JsonNode? Line(ExperimentEvent? happened)
    {
        if (happened is null)
            return null;
        var line = new System.Buffers.ArrayBufferWriter<byte>();
        EventLines.Write(line, happened);
        return JsonNode.Parse(line.WrittenSpan);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReplaySummary))]
internal sealed partial class ReplayJson : JsonSerializerContext;
