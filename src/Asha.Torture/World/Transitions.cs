using Asha.Core.Experiments;

namespace Asha.Torture.World;

/// <summary>The transitions of an experiment's state by name: what happened, and to something in which phase. All that can happen are listed, so that it is seen which never did.</summary>
public static class Transitions
{
    /// <summary>Those that a world like this one can bring about, and should.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "ExperimentStarted", "TrialsLimited", "SlotJoined", "BracketOpened", "TrialSampled", "RetryDue", "CheckpointDropped", "ExperimentTakenOver", "AttemptRegained", "SlotParked", "ReportRejected", "JobCut", "ExperimentStopping",
        .. Of("ExperimentResumed", "nothing ran", "jobs ran", "interrupted, nothing ran", "paused, nothing ran"),
        .. Of("SlotLost", "Undecided", "Parked"),
        .. Of("SlotLeft", "Undecided", "Parked", "Lost", "retired Undecided", "retired Parked"),
        .. Of("JobStarted", "first try, Undecided", "first try, Parked", "retry, Undecided", "retry, Parked", "goes on"),
        .. Of("ReportAccepted", "on the way", "result"),
        .. Of("JobCompleted", "Sha finite", "Sha diverged", "Asha finite", "Asha diverged", "Stopping finite", "Stopping diverged"),
        .. Of("TrialPromoted", "Sha", "Asha", "Stopping"),
        .. Enum.GetValues<FaultKind>().SelectMany(kind => Of("AttemptFailed", $"{kind}, last", $"{kind}, again", $"{kind}, after a back-off")),
        .. Of("AttemptLost", FaultNames.NodeLost, FaultNames.EngineLost, FaultNames.CheckpointMissing, FaultNames.CheckpointCorrupt, FaultNames.SlotRetired, "stopped", "node-unfit, doubted", "node-unfit, found", "node-unfit, in quarantine"),
        .. Of("NodeUnfit", "in quarantine", "in quarantine again"), "SlotJoined: anew",
        .. Of("ReportsIgnored", "duplicate", "late", "stale"),
        .. Of("ExperimentEnded", "completed", "stopped", "failed", "interrupted", "paused", "cancelled"),
    ];

    /// <param name="state">As it was before.</param>
    internal static string NameOf(ExperimentEvent happened, ExperimentState state) => happened switch
    {
        ExperimentResumed => $"ExperimentResumed: {(state.Ended is { } ended ? ended.Outcome + ", " : "")}{(state.Running.Any() ? "jobs ran" : "nothing ran")}",
        SlotLost lost => $"SlotLost: {state.Slots.PhaseOf(lost.Slot)}",
        SlotLeft left => $"SlotLeft: {(left.Reason is null ? "" : "retired ")}{state.Slots.PhaseOf(left.Slot)}",
        JobStarted { GoesOn: true } => "JobStarted: goes on",
        JobStarted started => $"JobStarted: {(state.Trials[started.Trial].RetryReason.Length > 0 ? "retry" : "first try")}, {state.Slots.PhaseOf(started.Slot)}",
        ReportAccepted accepted => $"ReportAccepted: {(state.Trials[accepted.Trial].Result is not null ? "after the result" : accepted.Resource >= state.Trials[accepted.Trial].Target ? "result" : "on the way")}",
        JobCompleted completed => $"JobCompleted: {state.Spec.Scheduler.Type} {(double.IsFinite(completed.Metric) ? "finite" : "diverged")}",
        TrialPromoted => $"TrialPromoted: {state.Spec.Scheduler.Type}",
        AttemptFailed failed => $"AttemptFailed: {FaultNames.KindOf(failed.Cause)}, {(failed.Last ? "last" : failed.BackOff is null ? "again" : "after a back-off")}",
        SlotJoined { Anew: true } => "SlotJoined: anew",
        NodeUnfit { Forgives: not null } unfit => $"NodeUnfit: in quarantine{(state.Nodes.Unfit.ContainsKey(unfit.Node) ? " again" : "")}",
        AttemptLost { Fault: not null } lost => $"AttemptLost: {lost.Cause}, {(IsOfUnfit(lost, state) ? "in quarantine" : lost.BackOff is null ? "found" : "doubted")}",
        AttemptLost lost => $"AttemptLost: {lost.Cause}",
        ReportsIgnored ignored => $"ReportsIgnored: {(ignored.Duplicate > 0 ? "duplicate" : ignored.Late > 0 ? "late" : ignored.Stale > 0 ? "stale" : "unknown")}",
        ExperimentEnded ended => $"ExperimentEnded: {ended.Outcome}",
        _ => happened.GetType().Name,
    };

    /// <summary>Whether it was lost on a node that was known to be unfit.</summary>
    internal static bool IsOfUnfit(AttemptLost lost, ExperimentState state) => state.Nodes.Of(lost.Slot) is { } node && state.Nodes.Unfit.ContainsKey(node);

    private static IEnumerable<string> Of(string what, params string[] was) => was.Select(one => $"{what}: {one}");
}
