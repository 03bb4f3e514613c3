namespace Asha.Tuning;

/// <summary>What a run found, and how it went. The commands <c>asha show</c>, <c>best</c>, <c>trials</c> and <c>plot</c> read the same from its folder.</summary>
public sealed record TuningResult
{
    /// <summary>The run's name, which is also that of its folder.</summary>
    public required string Run { get; init; }

    /// <summary>Full path of the run's folder.</summary>
    public required string Folder { get; init; }

    /// <summary>How it ended.</summary>
    public required TuningOutcome Outcome { get; init; }

    /// <summary>Which rule stopped it, or at what it ended; empty where there is nothing to say.</summary>
    public required string Reason { get; init; }

    /// <summary>From the start to the last event.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The trial with the best finite result of the highest rung that has one; <c>null</c>: no trial has any.</summary>
    public required TrialResult? Best { get; init; }

    /// <summary>Every trial, by number.</summary>
    public required IReadOnlyList<TrialResult> Trials { get; init; }

    /// <summary>The rungs, the lowest first.</summary>
    public required IReadOnlyList<RungResult> Rungs { get; init; }

    /// <summary>Trials going to a rung, each counted once.</summary>
    public required int Jobs { get; init; }

    /// <summary>Calls of the method: a job that failed is tried again.</summary>
    public required int Attempts { get; init; }

    /// <summary>Busy slot-time ÷ slot-time present, 0 … 1.</summary>
    public required double Utilization { get; init; }

    /// <summary>Idle slot-time by cause, those causes that occurred: <c>waiting-for-decision</c>, <c>rung-barrier</c>, <c>no-promotable</c>, <c>no-work</c> (docs/semantics.md).</summary>
    public required IReadOnlyDictionary<string, TimeSpan> Idle { get; init; }

    /// <summary>Failed attempts by cause: <c>exception</c>, <c>time-limit</c>, <c>silence</c>, <c>no-result</c>, <c>bad-report</c>.</summary>
    public required IReadOnlyDictionary<string, int> Failures { get; init; }

    /// <summary>Reports that did not count.</summary>
    public required int RejectedReports { get; init; }

    /// <summary>The slots that were given up during the run.</summary>
    public required IReadOnlyList<RetiredSlot> RetiredSlots { get; init; }

    /// <summary>The trials that had ignored their cancellation, and whose code was still running when the run was over. It may still use your data and a core of the machine.</summary>
    public required IReadOnlyList<int> StillRunning { get; init; }
}
