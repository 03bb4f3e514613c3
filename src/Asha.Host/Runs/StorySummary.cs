using System.Text.Json;
using System.Text.Json.Serialization;
using Asha.Core.Experiments;
using Asha.Core.Stories;

namespace Asha.Host.Runs;

/// <summary>Where a result stood in its rung at a moment; <c>cutOff</c> is <c>null</c> where there was none, or it is not finite.</summary>
internal sealed record MomentSummary(double Time, int Rank, int Results, int Candidates, double? CutOff)
{
    public static MomentSummary Of(RungMoment moment) => new(moment.Time.TotalSeconds, moment.Rank, moment.Results, moment.Candidates, moment.CutOff);
}

/// <summary>A checkpoint: the attempt that wrote it, its path in that attempt's folder, and the resource trained.</summary>
internal sealed record CheckpointSummary(int Attempt, string Path, double Resource);

/// <summary>An attempt: <c>from</c> is the resource that it started from; <c>end</c> and <c>length</c> are <c>null</c> while it is under way.</summary>
internal sealed record AttemptSummary(
    int Attempt, int Slot, string Node, bool GoesOn, double From, CheckpointSummary? Checkpoint, double Start, double? End, double? Length, string Outcome, string? Cause, string? Detail, bool Last,
    int Reports, int RejectedReports, double? BackOff)
{
    /// <summary>It started from nothing since the trial's checkpoint had gone to keep within the disk budget; left out where not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool CheckpointDropped { get; init; }

    /// <summary>It failed, and its node was put in quarantine for that: it used up no try; left out where not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Forgiven { get; init; }

    public static AttemptSummary Of(AttemptStory story)
    {
        var (started, hasFault) = (story.Started, story.Cause.Length > 0);
        return new(
            started.Attempt, started.Slot, story.Node, started.GoesOn, started.Start, started.Checkpoint is { } kept ? new(kept.Attempt, kept.Path, kept.Resource) : null, started.Time.TotalSeconds,
            story.End?.TotalSeconds, (story.End - started.Time)?.TotalSeconds, StoryWords.Kebab(story.Outcome), hasFault ? story.Cause : null, story.Outcome == AttemptOutcome.Failed || story.Detail.Length > 0 ? story.Detail : null,
            story.IsLast, story.Reports.Accepted, story.Reports.Rejected, story.BackOff?.TotalSeconds)
        {
            CheckpointDropped = story.IsCheckpointDropped,
            Forgiven = story.IsForgiven,
        };
    }
}

/// <summary>A trial's way to a rung.</summary>
internal sealed record JobSummary(int Rung, double Level, IReadOnlyList<AttemptSummary> Attempts);

/// <summary>A result in a rung; <c>metric</c> is <c>null</c> where it is not finite, or the trial <c>failed</c> on its way there. The moments are <c>null</c> where they never came.</summary>
internal sealed record RungStorySummary(
    int Rung, double Level, double Resource, double? Metric, bool Failed, int? WaitsFor, MomentSummary Arrival, MomentSummary? Promotion, MomentSummary? BestChance, double? HopelessSince, MomentSummary Last)
{
    public static RungStorySummary Of(RungStory story) => new(
        story.Rung, story.Level, story.Resource, double.IsFinite(story.Metric) ? story.Metric : null, story.IsFailure, story.WaitsFor, MomentSummary.Of(story.Arrival),
        story.Promotion is { } up ? MomentSummary.Of(up) : null, story.HasChance ? MomentSummary.Of(story.BestChance) : null, story.HopelessSince?.TotalSeconds, MomentSummary.Of(story.Last));
}

/// <summary>A trial's story, as <c>why --json</c> prints it. Times in seconds since the start.</summary>
internal sealed record StorySummary(
    string Run, int Trial, string State, string Fate, string Why, int Bracket, double Sampled, long Seed, IReadOnlyDictionary<string, object> Parameters, IReadOnlyList<JobSummary> Jobs,
    IReadOnlyList<RungStorySummary> Rungs, double EndTime, string? Outcome, string? Reason)
{
    /// <param name="story">The trial's.</param>
    /// <param name="state">The state at the end of the recording.</param>
    /// <param name="isHeld">Whether the run is going on, for all that is known.</param>
    public static StorySummary Of(TrialStory story, ExperimentState state, bool isHeld)
    {
        var trial = state.Trials[story.Trial];
        return new(
            state.Origin.Run, trial.Trial, trial.Phase.ToString().ToLowerInvariant(), StoryWords.Kebab(story.FateIn(state)), StoryWords.Why(story, state, isHeld), trial.Bracket,
            story.Sampled!.Value.TotalSeconds, state.Spec.SeedOf(trial.Trial), RunSummary.Plain(trial),
            [.. story.Jobs.Select(job => new JobSummary(job.Rung, job.Level, [.. job.Attempts.Select(AttemptSummary.Of)]))], [.. story.Rungs.Select(RungStorySummary.Of)],
            state.Time.TotalSeconds, state.Ended?.Outcome, state.Ended?.Reason);
    }

    public string ToJson() => JsonSerializer.Serialize(this, StoryJson.Default.StorySummary);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StorySummary))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(string))]
internal sealed partial class StoryJson : JsonSerializerContext;
