using System.Globalization;
using Asha.Actors;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Torture.World;

/// <summary>Something that happened.</summary>
/// <param name="Time">Since the world's beginning.</param>
/// <param name="Text">In a line.</param>
/// <param name="Trial">Which trial it is about, where it is about one.</param>
/// <param name="IsOfNote">The world did it, or the journal has it; else an actor took a message.</param>
public readonly record struct TraceLine(TimeSpan Time, string Text, int? Trial = null, bool IsOfNote = false)
{
    /// <summary>Which slots it is about, by the run's numbers of them.</summary>
    public IReadOnlyList<int> Slots { get; init; } = [];

    /// <summary>A law was broken.</summary>
    public bool IsEnd { get; init; }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Time.TotalSeconds:0.000000} {Text}");

    /// <summary>The trial that a message between the engine's parts is about.</summary>
    internal static int? TrialOf(object message) => message switch
    {
        NodeReport report => report.Report.Trial,
        ReportStored stored => stored.Trial,
        StartJob start => start.Trial,
        EndJob end => end.Trial,
        JobTaken taken => taken.Trial,
        JobGone gone => gone.Trial,
        AttemptOver over => over.Trial,
        ReleaseCheckpoints release => release.Trial,
        RankResult ranked => ranked.Trial,
        RunAttempt run => run.Launch.Trial,
        EndAttempt end => end.Trial,
        AttemptReport report => report.Report.Trial,
        AttemptGone gone => gone.Trial,
        FlightReported reported => reported.Flight.Run.Launch.Trial,
        FlightEnded ended => ended.Flight.Run.Launch.Trial,
        _ => null,
    };

    internal static int? TrialOf(ExperimentEvent happened) => happened switch
    {
        TrialSampled sampled => sampled.Trial,
        TrialPromoted promoted => promoted.Trial,
        JobStarted started => started.Trial,
        ReportAccepted accepted => accepted.Trial,
        ReportRejected rejected => rejected.Trial,
        ReportAwaited awaited => awaited.Trial,
        JobCompleted completed => completed.Trial,
        AttemptFailed failed => failed.Trial,
        AttemptLost lost => lost.Trial,
        RetryDue due => due.Trial,
        CheckpointDropped dropped => dropped.Trial,
        JobCut cut => cut.Trial,
        _ => null,
    };
}
