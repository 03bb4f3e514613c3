namespace Asha.Core.Experiments;

/// <summary>A checkpoint of a trial: which attempt wrote it, and its path relative to that attempt's checkpoint folder.</summary>
/// <param name="Bytes">What it takes on the disk, as its node measured it; <c>null</c>: nobody did.</param>
public sealed record CheckpointRef(int Attempt, string Path, double Resource, long? Bytes = null);

/// <summary>One report line of a trial.</summary>
/// <param name="Resource">What was trained in all.</param>
/// <param name="Metric">Untouched, as reported; NaN and infinities say that training diverged.</param>
/// <param name="Checkpoint">Path of a checkpoint at this resource, relative to the attempt's folder.</param>
/// <param name="Problem">Why the line was not understood; the rest is then empty.</param>
/// <param name="CheckpointBytes">What the checkpoint takes on the disk; <c>null</c>: there is none, or nobody measured it.</param>
public readonly record struct TrialReport(double Resource, double Metric, string? Checkpoint = null, string? Problem = null, long? CheckpointBytes = null)
{
    public static TrialReport Rejected(string problem) => new(0, double.NaN, null, problem);
}

/// <summary>How an attempt ended, as far as its process tells; whether it brought a result is the experiment's to say.</summary>
public enum EndingCause
{
    /// <summary>Exit code 0, or any ending after the result.</summary>
    Exited,
    /// <summary>Another exit code.</summary>
    Exit,
    /// <summary>Ended by a signal that Asha did not send.</summary>
    Crash,
    /// <summary>Longer than the time limit.</summary>
    TimeLimit,
    /// <summary>Nothing printed for the silence limit.</summary>
    Silence,
    /// <summary>The program could not be started.</summary>
    StartFailed,
    /// <summary>The checkpoint to resume from is gone; nothing was started.</summary>
    CheckpointMissing,
    /// <summary>The checkpoint to resume from is not what was published; nothing was started.</summary>
    CheckpointCorrupt,
    /// <summary>Asha was asked to end it.</summary>
    Stopped,
    /// <summary>A trial in Asha's own process threw an exception.</summary>
    Exception,
    /// <summary>Nothing was started: the slot had been retired.</summary>
    SlotRetired,
    /// <summary>Lost by a simulated world.</summary>
    Dropped,
    /// <summary>The level was reached, and the process runs on: it is told whether to, and the slot is its own until then.</summary>
    LevelReached,
    /// <summary>Killed for lack of memory, or ended by itself since it got none.</summary>
    OutOfMemory,
    /// <summary>Nothing was started: the node cannot run the experiment's trials, whichever it is given.</summary>
    NodeUnfit,
}

/// <summary>The ending of an attempt.</summary>
/// <param name="Cause">What ended it.</param>
/// <param name="Detail">For people: exit code, signal, the last lines of output; empty where there is nothing to say.</param>
/// <param name="Retires">It takes its slot along, for this reason: something of it still runs there and cannot be ended. <c>null</c>: the slot is idle again.</param>
public sealed record TrialEnding(EndingCause Cause, string Detail = "", string? Retires = null);
