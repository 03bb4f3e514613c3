using Asha.Core.Randomness;

namespace Asha.Core.Experiments;

/// <summary>Tries of a job that may fail by each kind of fault, each ≥ 1; <c>null</c>: as many as there are in all.</summary>
public sealed record FaultLimits(int? OutOfMemory = null, int? Crash = null, int? TimeOut = null, int? BadReport = null)
{
    /// <summary>The limit of a kind.</summary>
    public int? Of(FaultKind kind) => kind switch
    {
        FaultKind.OutOfMemory => OutOfMemory,
        FaultKind.TimeOut => TimeOut,
        FaultKind.BadReport => BadReport,
        _ => Crash,
    };
}

/// <summary>How long a failed job waits before it is tried again: longer with every failure, and not all that failed together for the same time.</summary>
/// <param name="First">After the first failure, &gt; 0.</param>
/// <param name="Factor">After each further failure so many times as long, ≥ 1.</param>
/// <param name="Most">But not longer than this, jitter aside; ≥ <paramref name="First"/>.</param>
/// <param name="Jitter">Each wait is longer or shorter by up to this share of it, 0 … 1, all shares alike.</param>
public sealed record BackOffSpec(TimeSpan First, double Factor, TimeSpan Most, double Jitter)
{
    /// <summary>The wait after so many failures of the job, with a draw from [0, 1); whole ticks.</summary>
    public TimeSpan After(int failures, double draw)
    {
        // Multiplied and not raised to a power: the same on every machine, to the last bit.
        var ticks = Math.Min((double)First.Ticks, Most.Ticks);
        for (var failure = 1; failure < failures && ticks < Most.Ticks; failure++)
            ticks = Math.Min(ticks * Factor, Most.Ticks);
        return TimeSpan.FromTicks((long)Math.Round(ticks * (1 + Jitter * (2 * draw - 1))));
    }
}

/// <summary>How often a job is tried, and when again: what follows from an experiment's specification, and from its seed.</summary>
public static class RetryRules
{
    extension(ExperimentSpec spec)
    {
        /// <summary>Whether the trial's job has failed for good if it fails once more, and so.</summary>
        public bool IsLastFailure(TrialState trial, FaultKind kind)
            => trial.Failures + 1 >= spec.Trial.MaxAttempts || trial.FailuresOf(kind) + 1 >= spec.Trial.MaxAttemptsByFault?.Of(kind);

        /// <summary>How long the trial's job waits after the attempt under way, if that fails; <c>null</c>: not at all. It is drawn by trial, rung and attempt, so that timing has no part in it.</summary>
        public TimeSpan? BackOffOf(TrialState trial)
        {
            if (spec.Trial.RetryBackOff is not { } backOff)
                return null;
            var draw = KeyedRandom.Of(spec.Seed).Stream("retry").Stream(trial.Trial).Stream(trial.Rung).Stream(trial.Attempt).Unit();
            return backOff.After(trial.Failures + 1, draw) is var wait && wait > TimeSpan.Zero ? wait : null;
        }
    }
}
