namespace Asha.Core.Experiments;

/// <summary>How an experiment ends that has no work left, and which ends are for good.</summary>
public static class FinalOutcome
{
    /// <summary>The user ended it, and may go on with it: at the terminal where it ran, or from another one.</summary>
    public const string Interrupted = "interrupted", Paused = "paused";

    /// <summary>The user gave it up.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>Whether whoever asks for this outcome means to go on later.</summary>
    public static bool CanGoOn(string outcome) => outcome is Interrupted or Paused;

    /// <summary>Whether nobody can go on with an experiment that ended so. One that failed by its machine (its slots were lost) can be gone on with, one that failed by its trials has nothing left.</summary>
    public static bool IsFinal(ExperimentEnded ended) => !CanGoOn(ended.Outcome) && ended is not { Outcome: "failed", Reason: not EveryTrialFailed };

    /// <summary>Whether the experiment came to this end by its own rules, and would again; otherwise somebody, or its machine, ended it.</summary>
    public static bool IsItsOwn(ExperimentEnded ended) => ended is { Outcome: "completed" or "stopped" } or { Outcome: "failed", Reason: EveryTrialFailed or NodeRules.NoneIsFit };

    /// <summary>The reason of an experiment that failed by its trials.</summary>
    public const string EveryTrialFailed = "every trial failed";

    /// <summary>The outcome and the reason of its <see cref="ExperimentEnded"/>. A trial that diverged has not failed; one that failed in a higher rung has a result.</summary>
    public static (string Outcome, string Reason) Of(ExperimentState state)
        => state.FirstResults > 0 && state.FirstFailures == state.FirstResults ? ("failed", EveryTrialFailed) : ("completed", state.LimitReason);
}
