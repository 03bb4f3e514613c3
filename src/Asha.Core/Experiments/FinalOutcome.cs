namespace Asha.Core.Experiments;

/// <summary>How an experiment ends that has no work left.</summary>
public static class FinalOutcome
{
    /// <summary>The reason of an experiment that failed by its trials.</summary>
    public const string EveryTrialFailed = "every trial failed";

    /// <summary>The outcome and the reason of its <see cref="ExperimentEnded"/>. A trial that diverged has not failed; one that failed in a higher rung has a result.</summary>
    public static (string Outcome, string Reason) Of(ExperimentState state)
        => state.FirstResults > 0 && state.FirstFailures == state.FirstResults ? ("failed", EveryTrialFailed) : ("completed", state.LimitReason);
}
