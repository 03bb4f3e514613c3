namespace Asha.Tuning;

/// <summary>Who gets more resource: successive halving, asynchronous or classic (Li et al., A System for Massively Parallel Hyperparameter Tuning, arXiv 1810.05934).</summary>
public sealed record Scheduler
{
    private Scheduler(bool isAsynchronous, int? trials, int reductionFactor) => (IsAsynchronous, Trials, ReductionFactor) = (isAsynchronous, trials, reductionFactor);

    /// <summary>Whether it is ASHA.</summary>
    public bool IsAsynchronous { get; }

    /// <summary>Trials to sample; <c>null</c>: see <see cref="Asha"/> and <see cref="Sha"/>.</summary>
    public int? Trials { get; }

    /// <summary>η: one trial in η is promoted, to η times the resource.</summary>
    public int ReductionFactor { get; }

    /// <summary>Asynchronous: a trial is promoted as soon as the results so far allow; nobody waits.</summary>
    /// <param name="trials">Trials to sample, 1 … 10 000 000. Left out: without limit; <see cref="TuningOptions.Stop"/> is then required.</param>
    /// <param name="reductionFactor">η, 2 … 1000.</param>
    public static Scheduler Asha(int? trials = null, int reductionFactor = ExperimentRules.DefaultReductionFactor) => new(true, trials, reductionFactor);

    /// <summary>Classic: rung by rung, waiting for the last trial of each.</summary>
    /// <param name="trials">Trials to sample, 1 … 10 000 000. Left out: as many as it takes for one to reach the top, η to the number of promotions that this takes.</param>
    /// <param name="reductionFactor">η, 2 … 1000.</param>
    public static Scheduler Sha(int? trials = null, int reductionFactor = ExperimentRules.DefaultReductionFactor) => new(false, trials, reductionFactor);
}
