namespace Asha.Core.Experiments;

/// <summary>Why an attempt did not count, as the trial protocol, the journal and the reports name it.</summary>
public static class FaultNames
{
    public const string NoResult = "no-result";
    public const string BadReport = "bad-report";
    public const string NodeLost = "node-lost";
    public const string CheckpointMissing = "checkpoint-missing";
    public const string SlotRetired = "slot-retired";

    /// <summary>The name of an ending that is a fault of the trial.</summary>
    public static string Of(EndingCause cause) => cause switch
    {
        EndingCause.Exit => "exit",
        EndingCause.Crash => "crash",
        EndingCause.TimeLimit => "time-limit",
        EndingCause.Silence => "silence",
        EndingCause.StartFailed => "start-failed",
        EndingCause.Stopped => "stopped",
        EndingCause.CheckpointMissing => CheckpointMissing,
        EndingCause.Exception => "exception",
        EndingCause.SlotRetired => SlotRetired,
        EndingCause.Dropped => "drop",
        _ => NoResult,
    };
}
