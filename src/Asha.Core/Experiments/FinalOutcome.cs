namespace Asha.Core.Experiments;

/// <summary>How an experiment ends that has no work left.</summary>
public static class FinalOutcome
{
    /// <summary>The outcome and the reason of its <see cref="ExperimentEnded"/>. A trial that diverged has not failed; one that failed in a higher rung has a result.</summary>
    public static (string Outcome, string Reason) Of(ExperimentState state)
        => state.Rungs[0] is { Completed: > 0 } first && first.Failed == first.Completed ? ("failed", "every trial failed") : ("completed", state.LimitReason);
}
