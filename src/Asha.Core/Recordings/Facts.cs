using Asha.Core.Experiments;

namespace Asha.Core.Recordings;

/// <summary>What of a recording came from outside.</summary>
public static class Facts
{
    /// <summary>Whether something was told to the experiment, and not decided or done by it. A slot that goes back is given by the experiment, among its decisions.</summary>
    public static bool IsFact(this ExperimentEvent happened)
        => happened is not (ExperimentStarted or TrialsLimited or SlotParked or TrialSampled or TrialPromoted or JobStarted or BracketOpened or SlotLeft { Reason: null } or JobCut or ExperimentEnded);
}
