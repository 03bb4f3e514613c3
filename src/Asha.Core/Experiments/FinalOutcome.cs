namespace Asha.Core.Experiments;

/// <summary>How an experiment ends that has no work left.</summary>
public static class FinalOutcome
{
    /// <summary>The outcome and the reason of its <see cref="ExperimentEnded"/>. A trial that diverged has not failed; one that failed in a higher rung has a result.</summary>
    public static (string Outcome, string Reason) Of(ExperimentState state)
        => state.FirstResults > 0 && state.FirstFailures == state.FirstResults ? ("failed", "every trial failed") : ("completed", state.LimitReason);
}
