namespace Asha.Tuning;

/// <summary>Tries of a job by the kind of fault that they end with, each 1 … 1000; one that is left out is bounded by <see cref="TuningOptions.MaxAttempts"/> alone, which bounds the sum of all kinds.</summary>
public sealed record FaultAttempts
{
    /// <summary>An <see cref="System.OutOfMemoryException"/>.</summary>
    public int? OutOfMemory { get; init; }

    /// <summary>Any other exception.</summary>
    public int? Crash { get; init; }

    /// <summary><see cref="TuningOptions.TimeLimit"/> or <see cref="TuningOptions.SilenceLimit"/> was passed.</summary>
    public int? TimeOut { get; init; }

    /// <summary>The method returned without a result.</summary>
    public int? BadReport { get; init; }
}

/// <summary>How long a failed job waits before it is tried again.</summary>
public sealed record BackOff
{
    /// <summary>No waiting: a failed job is tried again as soon as a slot is idle.</summary>
    public static BackOff None { get; } = new() { First = TimeSpan.Zero };

    /// <summary>After the first failure of the job.</summary>
    public TimeSpan First { get; init; } = ExperimentRules.DefaultBackOff.First;

    /// <summary>After each further failure so many times as long, 1 … 1000.</summary>
    public double Factor { get; init; } = ExperimentRules.DefaultBackOff.Factor;

    /// <summary>But not longer than this, jitter aside; at least <see cref="First"/>.</summary>
    public TimeSpan Most { get; init; } = ExperimentRules.DefaultBackOff.Most;

    /// <summary>Each wait is longer or shorter by up to this share of it, 0 … 1, drawn from the seed: what failed together is not tried again together.</summary>
    public double Jitter { get; init; } = ExperimentRules.DefaultBackOff.Jitter;
}
