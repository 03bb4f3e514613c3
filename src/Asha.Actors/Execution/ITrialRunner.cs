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

    public IReadOnlyList<int> Cpus { get; init; } = [];

    public IReadOnlyList<string> Gpus { get; init; } = [];
}

/// <summary>Runs attempts.</summary>
public interface ITrialRunner
{
    /// <summary>
    /// Runs one attempt and completes when it has ended and everything that it started is gone. Faults of the trial are endings, not exceptions.
    /// </summary>
    /// <param name="launch">The attempt.</param>
    /// <param name="report">Called for each report, accepted by the protocol or not, in order, from any thread; it never blocks.</param>
    /// <param name="stop">Ends the attempt: its ending is then <see cref="EndingCause.Stopped"/>.</param>
    Task<TrialEnding> RunAsync(TrialLaunch launch, Action<TrialReport> report, CancellationToken stop);
}
