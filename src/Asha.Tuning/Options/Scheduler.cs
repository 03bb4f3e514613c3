namespace Asha.Tuning;

/// <summary>The rule by which trials get more resource.</summary>
public enum SchedulerKind
{
    /// <summary>Asynchronous: a trial is promoted as soon as the results so far allow; nobody waits.</summary>
    Asha,

    /// <summary>Classic: rung by rung, waiting for the last trial of each.</summary>
    Sha,

    /// <summary>For trials that cannot be resumed: each goes on at once, or ends.</summary>
    Stopping,
}

/// <summary>Whether SHA opens another bracket.</summary>
public enum RepeatedBrackets
{
    /// <summary>There is one.</summary>
    None,

    /// <summary>When the last one is over.</summary>
    Sequential,

    /// <summary>When a slot is idle and no open bracket has a job for it.</summary>
    Overlap,
}

/// <summary>Who gets more resource: successive halving, asynchronous or classic (Li et al., A System for Massively Parallel Hyperparameter Tuning, arXiv 1810.05934).</summary>
public sealed record Scheduler
{
    private Scheduler(SchedulerKind kind, int? trials, int reductionFactor) => (Kind, Trials, ReductionFactor) = (kind, trials, reductionFactor);

    /// <summary>The rule.</summary>
    public SchedulerKind Kind { get; }

    /// <summary>Trials to sample, with <see cref="Sha"/> for each bracket; <c>null</c>: see <see cref="Asha"/>, <see cref="Sha"/> and <see cref="Stopping"/>.</summary>
    public int? Trials { get; }

    /// <summary>η: one trial in η is promoted, to η times the resource.</summary>
    public int ReductionFactor { get; }

    /// <summary>Whether further brackets follow; only with <see cref="Sha"/>.</summary>
    public RepeatedBrackets Repeat { get; private init; }

    /// <summary>Trials to sample in all brackets; <c>null</c>: no limit.</summary>
    public int? MostTrials { get; private init; }

    /// <summary>Asynchronous: a trial is promoted as soon as the results so far allow; nobody waits.</summary>
    /// <param name="trials">Trials to sample, 1 … 10 000 000. Left out: without limit; <see cref="TuningOptions.Stop"/> is then required.</param>
    /// <param name="reductionFactor">η, 2 … 1000.</param>
    public static Scheduler Asha(int? trials = null, int reductionFactor = ExperimentRules.DefaultReductionFactor) => new(SchedulerKind.Asha, trials, reductionFactor);

    /// <summary>Classic: rung by rung, waiting for the last trial of each.</summary>
    /// <param name="trials">Trials of a bracket, 1 … 10 000 000. Left out: as many as it takes for one to reach the top, η to the number of promotions that this takes.</param>
    /// <param name="reductionFactor">η, 2 … 1000.</param>
    /// <param name="repeat">Whether further brackets follow; then <paramref name="mostTrials"/> or <see cref="TuningOptions.Stop"/> is required.</param>
    /// <param name="mostTrials">Trials to sample in all brackets, 1 … 10 000 000; only with <paramref name="repeat"/>.</param>
    public static Scheduler Sha(int? trials = null, int reductionFactor = ExperimentRules.DefaultReductionFactor, RepeatedBrackets repeat = RepeatedBrackets.None, int? mostTrials = null)
        => new(SchedulerKind.Sha, trials, reductionFactor) { Repeat = repeat, MostTrials = mostTrials };

    /// <summary>
    /// For trials that cannot be resumed (the rule of Ray's and Optuna's ASHA): a trial is started once, with the whole resource as its <see cref="Trial.Target"/>, and reports on its way. With its result in a rung it goes on if that is among
    /// the best 1/η of the rung so far, at least the best one; else its cancellation is requested.
    /// </summary>
    /// <param name="trials">Trials to sample, 1 … 10 000 000. Left out: without limit; <see cref="TuningOptions.Stop"/> is then required.</param>
    /// <param name="reductionFactor">η, 2 … 1000.</param>
    public static Scheduler Stopping(int? trials = null, int reductionFactor = ExperimentRules.DefaultReductionFactor) => new(SchedulerKind.Stopping, trials, reductionFactor);
}
