using System.Collections.Immutable;
using Asha.Core.Spaces;

namespace Asha.Core.Experiments;

/// <summary>Where a trial stands.</summary>
public enum TrialPhase
{
    /// <summary>It has a job that waits for a slot.</summary>
    Pending,
    Running,
    /// <summary>It has a result in its rung, and may still be promoted as far as the trial itself goes.</summary>
    Paused,
    /// <summary>It has a result in its rung, and was not promoted from there: the experiment has ended, or trials cannot be resumed.</summary>
    Stopped,
    /// <summary>It was trained up to the last rung.</summary>
    Completed,
    /// <summary>It failed for good.</summary>
    Failed,
    /// <summary>The experiment stopped while it was pending or running.</summary>
    Cancelled,
}

/// <summary>One trial, as folded from the events.</summary>
public sealed class TrialState(int trial, int bracket, Configuration parameters)
{
    public int Trial { get; } = trial;

    public int Bracket { get; } = bracket;

    public Configuration Parameters { get; } = parameters;

    public TrialPhase Phase { get; internal set; } = TrialPhase.Pending;

    /// <summary>The rung of its last result, or, pending and running, the one that it is going to.</summary>
    public int Rung { get; internal set; }

    /// <summary>Starts so far; the number of the attempt under way.</summary>
    public int Attempt { get; internal set; }

    /// <summary>The attempt whose process runs: an earlier one than <see cref="Attempt"/> where it went on without a new one.</summary>
    public int Process { get; internal set; }

    /// <summary>The nodes that it has been on, each with its first attempt there; few trials ever move.</summary>
    public ImmutableArray<(int Attempt, string Node)> Moves { get; internal set; } = [];

    /// <summary>The node of its last attempt; <c>null</c>: there was none.</summary>
    public string? Node => Moves is [.., var (_, node)] ? node : null;

    /// <summary>The node of an attempt, on which the checkpoints are that it has left; <c>null</c>: it is not known.</summary>
    public string? NodeOf(int attempt)
    {
        var at = Moves.Length - 1;
        while (at >= 0 && Moves[at].Attempt > attempt)
            at--;
        return at < 0 ? null : Moves[at].Node;
    }

    /// <summary>Failures of the job under way.</summary>
    public int Failures { get; private set; }

    private int[]? _failuresByKind;

    /// <summary>Those of one kind.</summary>
    public int FailuresOf(FaultKind kind) => _failuresByKind?[(int)kind] ?? 0;

    internal void CountFailure(FaultKind kind)
    {
        Failures++;
        (_failuresByKind ??= new int[Enum.GetValues<FaultKind>().Length])[(int)kind]++;
    }

    /// <summary>One of them is taken back: it was its node's.</summary>
    internal void Forgive(FaultKind kind)
    {
        Failures--;
        _failuresByKind![(int)kind]--;
    }

    internal void ForgetFailures() => (Failures, _failuresByKind) = (0, null);

    /// <summary>The cause of its last failure in any rung, by <see cref="FaultNames"/>, whatever came of it since; <c>null</c>: none of its attempts failed.</summary>
    public string? LastFailure { get; internal set; }

    /// <summary>Why the last attempt of this job did not count; empty on a first try.</summary>
    public string RetryReason { get; internal set; } = "";

    /// <summary>Its job waits until then before it may be tried again; <c>null</c>: it does not.</summary>
    public TimeSpan? RetryAt { get; internal set; }

    /// <summary>The slot of the attempt under way.</summary>
    public int Slot { get; internal set; }

    /// <summary>When the attempt under way started.</summary>
    public TimeSpan Since { get; internal set; }

    /// <summary>The resource that the attempt under way started from.</summary>
    public double Start { get; internal set; }

    /// <summary>The level that the attempt under way is to reach.</summary>
    public double Target { get; internal set; }

    /// <summary>The resource of the last accepted report of this attempt; at its start, what it started from.</summary>
    public double Resource { get; internal set; }

    /// <summary>The next message of the attempt that is expected: an earlier one was counted already.</summary>
    public int NextMessage { get; internal set; }

    /// <summary>The last attempt's ending was told by its node, and was the last message of it: whatever comes of it again was counted.</summary>
    internal bool HasEnded { get; set; }

    /// <summary>Its attempt was lost with its node, and the job has been given to nobody else: if the node is back, the attempt may go on.</summary>
    public bool IsAstray => Phase == TrialPhase.Pending && RetryReason == FaultNames.NodeLost && !HasEnded;

    /// <summary>The same of the attempt before the last one.</summary>
    internal bool HadEnded { get; set; }

    /// <summary>Reports of all attempts that did not count.</summary>
    public int RejectedReports { get; internal set; }

    /// <summary>Reports of the attempt under way that did not count.</summary>
    public int RejectedInAttempt { get; internal set; }

    /// <summary>The result of the job under way, once reported: nothing is accepted after it.</summary>
    public (double Resource, double Metric)? Result => HasResult ? (Resource, ResultMetric) : null;

    internal bool HasResult { get; set; }

    internal double ResultMetric { get; set; }

    /// <summary>Its metric, as reported, in each rung that it has a result in; NaN where it failed.</summary>
    public ImmutableArray<(double Resource, double Metric)> Results { get; internal set; } = [];

    /// <summary>The highest rung in which it has a finite result; −1 where there is none.</summary>
    public int LastFinite
    {
        get
        {
            var rung = Results.Length - 1;
            while (rung >= 0 && !double.IsFinite(Results[rung].Metric))
                rung--;
            return rung;
        }
    }

    /// <summary>The newest checkpoint when it got its last finite result: what that result can be repeated from.</summary>
    public CheckpointRef? ResultCheckpoint { get; internal set; }

    /// <summary>The newest checkpoint.</summary>
    public CheckpointRef? Checkpoint { get; internal set; }

    /// <summary>The one before, for the case that the newest is corrupt; once the job has its result only the newest is kept.</summary>
    public CheckpointRef? CheckpointBefore { get; internal set; }

    /// <summary>It has published others before; whether they are still there nobody here knows.</summary>
    public bool HasOlderCheckpoints { get; internal set; }

    /// <summary>Its checkpoint went to keep within the disk budget, and there is no newer one.</summary>
    public bool IsCheckpointDropped { get; internal set; }

    /// <summary>Whether its slot runs it now.</summary>
    public bool IsRunning => Phase == TrialPhase.Running;
}
