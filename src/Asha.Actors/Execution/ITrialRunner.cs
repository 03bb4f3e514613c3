using Asha.Core.Experiments;
using Asha.Core.Spaces;

namespace Asha.Actors.Execution;

/// <summary>One attempt of one job, with all that the trial is told (docs/trial-protocol.md).</summary>
public sealed record TrialLaunch
{
    public required int Trial { get; init; }

    public required int Attempt { get; init; }

    /// <summary>Why the previous attempt of this job did not count; empty on a first try.</summary>
    public string RetryReason { get; init; } = "";

    /// <summary>The trial's own seed, 0 … 2^63 − 1.</summary>
    public required long Seed { get; init; }

    public required Configuration Configuration { get; init; }

    /// <summary>The resource already trained.</summary>
    public required double Start { get; init; }

    /// <summary>The resource to reach.</summary>
    public required double Target { get; init; }

    /// <summary>The checkpoint to resume from.</summary>
    public CheckpointRef? Resume { get; init; }

    /// <summary>Where the checkpoint is to be had, host and port, if it is not here; <c>null</c>: nowhere.</summary>
    public string? Holder { get; init; }

    public IReadOnlyList<int> Cpus { get; init; } = [];

    /// <summary>Of which run it is; <c>null</c> where the runner has but one.</summary>
    public string? Run { get; init; }

    /// <summary>What is run; <c>null</c>: the runner knows.</summary>
    public TrialSpec? Program { get; init; }

    public IReadOnlyList<string> Gpus { get; init; } = [];
}

/// <summary>Runs attempts.</summary>
public interface ITrialRunner
{
    /// <summary>Starts an attempt, at once and without waiting for anything. Faults of the trial are endings, not exceptions.</summary>
    IAttempt Start(TrialLaunch launch, IAttemptListener listener);
}

/// <summary>An attempt under way.</summary>
public interface IAttempt
{
    /// <summary>Ends it, if it has not ended yet: its ending is then <see cref="EndingCause.Stopped"/>. It does not wait for that.</summary>
    void Stop();
}

/// <summary>Hears how an attempt goes, from any thread, one call at a time; it never blocks.</summary>
public interface IAttemptListener
{
    /// <summary>A report, accepted by the protocol or not, in order.</summary>
    void Reported(TrialReport report);

    /// <summary>The last call: the attempt has ended, and everything that it started is gone, but for what its ending retires a slot for.</summary>
    void Ended(TrialEnding ending);
}
