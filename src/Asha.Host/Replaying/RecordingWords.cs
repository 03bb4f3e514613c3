using Asha.Host.Cli;
using Asha.Host.Comparing;
using Asha.Host.Plots;

namespace Asha.Host.Replaying;

/// <summary>What is said of a recorded run and what it would have been.</summary>
/// <param name="recording">The run.</param>
/// <param name="asked">What was changed.</param>
/// <param name="whole">The changed run, after it was run.</param>
internal sealed class RecordingWords(Recording recording, WhatIf asked, WhatIfSide whole) : IComparisonWords
{
    /// <summary>The machine of a run in virtual time.</summary>
    private const string Simulated = "simulated";

    /// <summary>What of it is not known, in a sentence; <c>null</c>: all is.</summary>
    public string? Unknown => whole.KnownUntil is not { } until ? null
        : $"{PlottedRun.Count(whole.Estimated, "job")} of the changed run {(whole.Estimated == 1 ? "was" : "were")} not recorded so, the first from {Output.Duration(until)} on: until then its figures are as good as the recording. From then on they are an estimate: such a job lasts as its trial's pace says, and where its result was never recorded, {PlottedRun.Count(whole.Unknown, "time")}, that ranks last.";

    public UnknownSummary Summary => new(whole.Unknown, whole.KnownUntil is null ? 0 : whole.Estimated, whole.KnownUntil?.TotalSeconds);

    public string World(Comparison comparison)
        => $"Run {recording.Run} · {(recording.Started.Origin.Machine == Simulated ? "simulated" : FormattableString.Invariant($"recorded {recording.Started.Origin.StartedAt:yyyy-MM-dd HH:mm} on {recording.Started.Origin.Machine}"))} · {(asked.Changes.Count == 0 ? "nothing changed" : string.Join(", ", asked.Changes))} · {PlottedRun.Count(asked.Spec.Slots, "slot")}, {(asked.Spec.Scheduler.Total is { } most ? $"{PlottedRun.Count(most, "trial")} at most" : "any number of trials")}, {recording.Trials:#,0} recorded";

    public (string Title, IReadOnlyList<string> Paragraphs) Notes(Comparison comparison) => ("A recorded world",
    [
        "The first side is the run as it was recorded. The others are simulated on a virtual clock, by the schedulers of a live run, from the recorded curves and durations: a job that was recorded lasts as long as it did, another one as its trial's reports say.",
        .. Unknown is { } unknown ? [unknown] : Array.Empty<string>(),
        $"asha replay {recording.Run}{string.Concat(asked.Changes.Select(change => $" --with {change}"))}",
    ]);
}
