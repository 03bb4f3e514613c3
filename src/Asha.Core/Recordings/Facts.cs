using Asha.Core.Experiments;

namespace Asha.Core.Recordings;

/// <summary>What of a recording came from outside.</summary>
public static class Facts
{
    /// <summary>Whether something was told to the experiment, and not decided or done by it. A slot that goes back is given by the experiment, among its decisions.</summary>
    public static bool IsFact(this ExperimentEvent happened)
        => happened is not (ExperimentStarted or TrialsLimited or SlotParked or TrialSampled or TrialPromoted or JobStarted or BracketOpened or SlotLeft { Reason: null } or JobCut or CheckpointDropped or ExperimentEnded);

    /// <summary>The attempt that this ends, well or not; <c>null</c>: it ends none.</summary>
    public static (int Trial, int Attempt)? EndedAttempt(this ExperimentEvent happened) => happened switch
    {
        JobCompleted done => (done.Trial, done.Attempt),
        AttemptFailed failed => (failed.Trial, failed.Attempt),
        AttemptLost lost => (lost.Trial, lost.Attempt),
        JobCut cut => (cut.Trial, cut.Attempt),
        _ => null,
    };
}
