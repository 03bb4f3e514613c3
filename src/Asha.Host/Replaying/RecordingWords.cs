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
    public string? Unknown => whole.FirstUnknown is not { } first ? null
        : $"{PlottedRun.Count(whole.Unknown, "result")} of the changed run {(whole.Unknown == 1 ? "was" : "were")} never recorded, the first after {Output.Duration(first)}: until then its figures are as good as the recording; from then on such a result ranks last, and its job is as long as its trial's pace says, so that they are an estimate.";

    public UnknownSummary Summary => new(whole.Unknown, whole.FirstUnknown?.TotalSeconds);

    public string World(Comparison comparison)
        => $"Run {recording.Run} · {(recording.Started.Origin.Machine == Simulated ? "simulated" : FormattableString.Invariant($"recorded {recording.Started.Origin.StartedAt:yyyy-MM-dd HH:mm} on {recording.Started.Origin.Machine}"))} · {(asked.Changes.Count == 0 ? "nothing changed" : string.Join(", ", asked.Changes))} · {PlottedRun.Count(asked.Spec.Slots, "slot")}, {(asked.Spec.Scheduler.Total is { } most ? $"{PlottedRun.Count(most, "trial")} at most" : "any number of trials")}, {recording.Trials:#,0} recorded";

    public (string Title, IReadOnlyList<string> Paragraphs) Notes(Comparison comparison) => ("A recorded world",
    [
        "The first side is the run as it was recorded. The others are simulated on a virtual clock, by the schedulers of a live run, from the recorded curves and durations: a job that was recorded lasts as long as it did, another one as its trial's reports say.",
        .. Unknown is { } unknown ? [unknown] : Array.Empty<string>(),
        $"asha replay {recording.Run}{string.Concat(asked.Changes.Select(change => $" --with {change}"))}",
    ]);
}
