namespace Asha.Core.Experiments;

/// <summary>How an attempt's ending is judged: as a result, as the trial's failure, as its node's, or as nobody's.</summary>
public sealed partial class Experiment
{
    /// <summary>An ending that takes its slot along: both are one step, so that no job can be given to the slot in between.</summary>
    private TrialState? End(TimeSpan now, TrialState trial, TrialEnding ending)
    {
        var ranked = EndAttempt(now, trial, ending);
        if (ending.Retires is { } reason)
            Leave(now, trial.Slot, reason);
        else if (State.Nodes.Of(trial.Slot) is { } node && (State.Nodes.IsShut(node, now) || (State.Nodes.IsTried(node, now) && State.Nodes.ConductOf(node) is { Slots: > 1 })))
            LeaveIdle(now, node);
        return ranked;
    }

    private TrialState? EndAttempt(TimeSpan now, TrialState trial, TrialEnding ending)
    {
        if (trial.Result is { } result)
        {
            Decide(new JobCompleted(now, trial.Trial, trial.Bracket, trial.Rung, trial.Attempt, trial.Slot, result.Resource, result.Metric));
            return trial;
        }
        if (ending.Cause is EndingCause.CheckpointMissing or EndingCause.CheckpointCorrupt or EndingCause.Stopped or EndingCause.SlotRetired or EndingCause.NodeUnfit)
        {
            var lack = ending.Cause is EndingCause.CheckpointMissing or EndingCause.CheckpointCorrupt or EndingCause.NodeUnfit && ending.Detail.Length > 0 ? ending.Detail : null;
            Decide(new AttemptLost(now, trial.Trial, trial.Bracket, trial.Rung, trial.Attempt, trial.Slot, FaultNames.Of(ending.Cause), lack));
            if (ending.Cause == EndingCause.NodeUnfit && State.Nodes.Of(trial.Slot) is { } node)
                Shun(now, node, ending.Detail);
            return null;
        }
        var cause = FaultNames.Of(ending.Cause, hasResult: false, trial.RejectedInAttempt > 0);
        var detail = ending.Detail.Length == 0 && ending.Cause == EndingCause.Exited ? Shortfall(trial) : ending.Detail;
        if (ending.Retires is null && IsOfItsNode(now, trial, cause, detail))
            return null;
        // A trial that cost its slot would most likely cost the next one, too.
        var last = State.Spec.IsLastFailure(trial, FaultNames.KindOf(cause)) || ending.Retires is not null;
        Decide(new AttemptFailed(now, trial.Trial, trial.Bracket, trial.Rung, trial.Attempt, trial.Slot, cause, detail, last, last ? null : State.Spec.BackOffOf(trial)));
        return last ? trial : null;
    }

    /// <summary>Whether the attempt, which failed by itself, is taken for one that its node failed; then it is lost, and uses up no retry.</summary>
    private bool IsOfItsNode(TimeSpan now, TrialState trial, string cause, string detail)
    {
        if (State.Nodes.Of(trial.Slot) is not { } node || State.BlameOf(trial, node, FaultNames.KindOf(cause), now) is var blame && blame == Blame.Trial)
            return false;
        // The trial's own failures there are looked at while its job is under way.
        var forgiven = State.ForgivenWith(node);
        // One that is only in doubt keeps its slot: others are to be tried there meanwhile, so that it comes out.
        var wait = blame == Blame.Doubtful && !State.Nodes.IsShut(node, now) ? State.Spec.BackOffOf(trial) ?? QuarantineRules.LeastWait : (TimeSpan?)null;
        Decide(new AttemptLost(now, trial.Trial, trial.Bracket, trial.Rung, trial.Attempt, trial.Slot, FaultNames.NodeUnfit, detail.Length > 0 ? detail : null, cause, wait));
        if (blame == Blame.Node)
        {
            var times = State.Nodes.Unfit.TryGetValue(node, out var unfit) && unfit.IsQuarantined ? unfit.Failures + 1 : 1;
            var row = State.Nodes.ConductOf(node)!;
            var what = detail.Length > 0 ? $"{cause}, {detail}" : cause;
            Decide(new NodeUnfit(now, node, QuarantineRules.PauseAfter(times), times > 1 ? $"tried again: {what}" : $"{row.Failures} attempts of {row.Trials.Count} trials failed in a row, the last by {what}", forgiven));
        }
        return true;
    }

    /// <summary>The node is left alone for a while. Attempts that had it fail with it are one failure.</summary>
    private void Shun(TimeSpan now, string node, string why)
    {
        if (!State.Nodes.IsShunned(node, now))
            Decide(new NodeUnfit(now, node, NodeRules.PauseAfter((State.Nodes.Unfit.GetValueOrDefault(node)?.Failures ?? 0) + 1), why));
        LeaveIdle(now, node);
    }

    private void LeaveIdle(TimeSpan now, string node)
    {
        foreach (var (slot, _) in State.Slots.All.Where(slot => State.Slots.IsIdle(slot.Key) && State.Nodes.Of(slot.Key) == node).ToArray())
            Leave(now, slot);
    }

    /// <summary>What an attempt that ended in good order lacked.</summary>
    private static string Shortfall(TrialState trial) => trial.Resource > trial.Start
        ? $"it ended at {trial.Resource:R}, before the {trial.Target:R} that it was to reach"
        : $"it ended without a report that counts; a report is a line that begins with '@asha '";
}
