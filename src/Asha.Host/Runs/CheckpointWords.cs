using Asha.Core.Experiments;
using Asha.Host.ExperimentFiles;
using Asha.Host.View;

namespace Asha.Host.Runs;

/// <summary>What became of checkpoints that a trial was to go on from, in words. A trial's own paths are in them as they came: who shows them cleans them.</summary>
internal static class CheckpointWords
{
    /// <summary>One could not be used: which, why, and from where the trial starts again.</summary>
    public static string Of(CheckpointLoss loss)
    {
        var what = loss.Event.Cause == FaultNames.CheckpointMissing ? "is missing" : "is corrupt";
        var why = loss.Event.Detail is { } detail ? $" ({detail})" : "";
        return $"trial {loss.Event.Trial}: its checkpoint {Name(loss.Checkpoint)} {what}{why}: it starts again from {(loss.Next is { } next ? Name(next) : "the beginning")}";
    }

    /// <summary>The loss that an event, the state's last one, tells of; <c>null</c>: none.</summary>
    public static CheckpointLoss? LossIn(ExperimentState state, ExperimentEvent happened)
        => happened is AttemptLost lost && state.CheckpointLosses is [.., var loss] && ReferenceEquals(loss.Event, lost) ? loss : null;

    /// <summary>Whether the job, the state's last event, starts again from nothing since the trial's checkpoint had to go.</summary>
    public static bool IsRestart(ExperimentState state, JobStarted started) => started is { GoesOn: false, Checkpoint: null } && state.Trials[started.Trial].IsCheckpointDropped;

    public static string Restart(ExperimentState state, JobStarted started)
        => $"trial {started.Trial} starts again from the beginning: its checkpoint had gone to keep within the budget of {Sizes.Format(state.Spec.Trial.CheckpointBudget ?? 0)}";

    /// <summary>What the budget has cost so far; <c>null</c>: nothing.</summary>
    public static string? Budget(ExperimentState state) => state.DroppedCheckpoints == 0 ? null
        : $"{Words.Count(state.DroppedCheckpoints, "checkpoint")} went to keep within the budget of {Sizes.Format(state.Spec.Trial.CheckpointBudget ?? 0)}; {Words.Count(state.RestartsByBudget, "job")} started again from the beginning for that";

    private static string Name(CheckpointRef checkpoint) => $"{checkpoint.Path} of attempt {checkpoint.Attempt}";
}
