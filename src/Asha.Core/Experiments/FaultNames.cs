namespace Asha.Core.Experiments;

/// <summary>What kind of fault a failed attempt had; how often a job is tried may differ by it.</summary>
public enum FaultKind
{
    /// <summary>There was not enough memory, of the machine or of a GPU: <c>out-of-memory</c>.</summary>
    OutOfMemory,
    /// <summary>A signal, an exit code, an exception, a program that could not be started, an attempt that a simulated world dropped.</summary>
    Crash,
    /// <summary><c>time-limit</c>, <c>silence</c>.</summary>
    TimeOut,
    /// <summary><c>bad-report</c>, <c>no-result</c>.</summary>
    BadReport,
}

/// <summary>How an attempt ended, most of all why it did not count, as the trial protocol, the journal, the logs and the reports name it.</summary>
public static class FaultNames
{
    public const string Completed = "completed";
    public const string NoResult = "no-result";
    public const string BadReport = "bad-report";
    public const string NodeLost = "node-lost";
    public const string EngineLost = "engine-lost";

    /// <summary>Asha ended it: the experiment, or its node, was told to end.</summary>
    public const string Stopped = "stopped";
    public const string CheckpointMissing = "checkpoint-missing";
    public const string CheckpointCorrupt = "checkpoint-corrupt";
    public const string SlotRetired = "slot-retired";
    public const string OutOfMemory = "out-of-memory";

    /// <summary>Its node could not be prepared for the experiment, or lacks something that its trials need, or fails all that it is given.</summary>
    public const string NodeUnfit = "node-unfit";

    /// <summary>Whether the checkpoint to resume from was at fault.</summary>
    public static bool IsOfCheckpoint(string cause) => cause is CheckpointMissing or CheckpointCorrupt;

    /// <summary>Whether an attempt that was lost so ended by nothing that has to do with it: it would have lasted longer.</summary>
    public static bool IsFromOutside(string cause) => cause is NodeLost or EngineLost or Stopped or NodeUnfit;

    /// <summary>The name of an ending, a good one included.</summary>
    /// <param name="cause">What ended the attempt.</param>
    /// <param name="hasResult">Whether it brought its result: that stands above all else.</param>
    /// <param name="hasRejections">Whether a report of it did not count.</param>
    public static string Of(EndingCause cause, bool hasResult, bool hasRejections)
        => hasResult ? Completed : cause == EndingCause.Exited && hasRejections ? BadReport : Of(cause);

    /// <summary>The name of an ending without a result.</summary>
    public static string Of(EndingCause cause) => cause switch
    {
        EndingCause.Exit => "exit",
        EndingCause.Crash => "crash",
        EndingCause.TimeLimit => "time-limit",
        EndingCause.Silence => "silence",
        EndingCause.StartFailed => "start-failed",
        EndingCause.Stopped => Stopped,
        EndingCause.CheckpointMissing => CheckpointMissing,
        EndingCause.CheckpointCorrupt => CheckpointCorrupt,
        EndingCause.Exception => "exception",
        EndingCause.SlotRetired => SlotRetired,
        EndingCause.Dropped => "drop",
        EndingCause.OutOfMemory => OutOfMemory,
        EndingCause.NodeUnfit => NodeUnfit,
        _ => NoResult,
    };

    /// <summary>What Asha itself says of an ending, in a line; those after it in the detail are the trial's.</summary>
    public static string Summary(string? detail) => detail is null or "" ? "no more is known" : detail.Split('\n', 2)[0];

    /// <summary>The kind of a failure of this name. One that nobody knows counts as a crash.</summary>
    public static FaultKind KindOf(string name) => name switch
    {
        OutOfMemory => FaultKind.OutOfMemory,
        "time-limit" or "silence" => FaultKind.TimeOut,
        BadReport or NoResult => FaultKind.BadReport,
        _ => FaultKind.Crash,
    };

    /// <summary>The ending that has this name where it brought no result; <c>null</c>: none has. A bad report is an ending in good order.</summary>
    public static EndingCause? CauseOf(string name)
        => name == BadReport ? EndingCause.Exited : Enum.GetValues<EndingCause>().Where(cause => Of(cause) == name).Select(cause => (EndingCause?)cause).FirstOrDefault();
}
