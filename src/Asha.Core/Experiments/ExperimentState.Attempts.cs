namespace Asha.Core.Experiments;

/// <summary>What attempts leave behind: their starts, reports and checkpoints, and how each ended.</summary>
public sealed partial class ExperimentState
{
    private void StartJob(JobStarted started)
    {
        var trial = _trials[started.Trial];
        var bracket = _brackets[trial.Bracket];
        if (trial.RetryReason.Length > 0)
            Retries.Dequeue();
        else
            bracket.Pending.Dequeue();
        if (bracket.Pending.Count == 0)
            _waiting.Remove(bracket.Bracket);
        if (trial.RetryReason.Length == 0)
        {
            bracket.Rungs[started.Rung].Started++;
            Jobs++;
            RestartsByBudget += trial.IsCheckpointDropped ? 1 : 0;
        }
        (trial.Phase, trial.Attempt, trial.Slot, trial.Start) = (TrialPhase.Running, started.Attempt, started.Slot, started.Start);
        (trial.Target, trial.Resource, trial.RejectedInAttempt, trial.HasResult) = (started.Target, started.Start, 0, false);
        (trial.NextMessage, trial.Since, trial.HadEnded, trial.HasEnded) = (0, started.Time, trial.HasEnded, false);
        if (!started.GoesOn)
            trial.Process = started.Attempt;
        trial.Moves = Nodes.MovesWith(started, trial.Moves);
        bracket.Rungs[started.Rung].Running++;
        Slots.Run(started.Slot, started.Trial);
        Attempts++;
    }

    private void Accept(ReportAccepted accepted)
    {
        var trial = _trials[accepted.Trial];
        Nodes.Begin(trial.Slot);
        ResourceSpent += accepted.Resource - trial.Resource;
        trial.NextMessage = accepted.Message + 1;
        trial.Resource = accepted.Resource;
        if (accepted.Checkpoint is { } path)
            Publish(trial, new CheckpointRef(trial.Process, path, accepted.Resource, accepted.CheckpointBytes));
        if (!trial.HasResult && accepted.Resource >= trial.Target)
            (trial.HasResult, trial.ResultMetric) = (true, accepted.Metric);
    }

    /// <summary>One that was written over is none any more.</summary>
    private static void Publish(TrialState trial, CheckpointRef newest)
    {
        if (trial.Checkpoint is { } last && (last.Attempt, last.Path) != (newest.Attempt, newest.Path))
            trial.CheckpointBefore = last;
        trial.Checkpoint = newest;
        trial.HasOlderCheckpoints |= trial.CheckpointBefore is not null;
        trial.IsCheckpointDropped = false;
    }

    private void Reject(TrialState trial, int message)
    {
        trial.NextMessage = message + 1;
        trial.RejectedReports++;
        trial.RejectedInAttempt++;
        RejectedReports++;
    }

    private void Complete(JobCompleted completed)
    {
        Nodes.Succeed(completed.Slot);
        var trial = EndAttempt(_trials[completed.Trial], completed.Slot);
        trial.HasEnded = true;
        trial.Phase = completed.Rung == _brackets[trial.Bracket].Rungs.Count - 1 ? TrialPhase.Completed
            : Spec.Scheduler.Type == SchedulerType.Stopping ? TrialPhase.Stopped : TrialPhase.Paused;
        if (double.IsFinite(completed.Metric))
            trial.ResultCheckpoint = trial.Checkpoint;
        trial.CheckpointBefore = null;
        AddResult(trial, completed.Resource, completed.Metric);
    }

    private void Fail(AttemptFailed failed)
    {
        Nodes.Fail(failed.Slot, new FailedThere(failed.Trial, failed.Rung, failed.Attempt, failed.Cause));
        var trial = EndAttempt(_trials[failed.Trial], failed.Slot);
        trial.CountFailure(FaultNames.KindOf(failed.Cause));
        trial.HasEnded = true;
        trial.LastFailure = failed.Cause;
        _lastFailures[failed.Cause] = failed;
        _failures[failed.Cause] = _failures.GetValueOrDefault(failed.Cause) + 1;
        if (failed.Last)
        {
            trial.Phase = TrialPhase.Failed;
            RungOf(trial).Failed++;
            FirstFailures += trial.Rung == 0 ? 1 : 0;
            AddResult(trial, trial.Resource, double.NaN);
        }
        else
        {
            Retry(trial, failed.Cause, failed.Time + failed.BackOff);
        }
    }

    private void Lose(AttemptLost lost)
    {
        if (lost.Fault is not null)
            Nodes.Fail(lost.Slot, lost.Trial);
        var trial = EndAttempt(_trials[lost.Trial], lost.Slot);
        _losses[lost.Cause] = _losses.GetValueOrDefault(lost.Cause) + 1;
        trial.HasEnded = lost.Cause is not (FaultNames.NodeLost or FaultNames.EngineLost);
        if (FaultNames.IsOfCheckpoint(lost.Cause) && trial.Checkpoint is { } unusable)
            LoseCheckpoint(trial, unusable, lost);
        Retry(trial, lost.Cause, lost.Time + lost.BackOff);
    }

    /// <summary>It goes on where it was: what it had reported stands.</summary>
    private void Regain(AttemptRegained regained)
    {
        var trial = _trials[regained.Trial];
        Retries.Remove(trial.Trial);
        (trial.Phase, trial.Slot, trial.Since) = (TrialPhase.Running, regained.Slot, regained.Time);
        RungOf(trial).Running++;
        Slots.Run(regained.Slot, regained.Trial);
        Regained++;
    }

    private void LoseCheckpoint(TrialState trial, CheckpointRef unusable, AttemptLost lost)
    {
        (trial.Checkpoint, trial.CheckpointBefore) = (lost.Detail is null ? null : trial.CheckpointBefore, null);
        if (trial.ResultCheckpoint == unusable)
            trial.ResultCheckpoint = null;
        _checkpointLosses.Add(new CheckpointLoss(lost, unusable, trial.Checkpoint));
    }

    private void Drop(TrialState trial)
    {
        (trial.Checkpoint, trial.CheckpointBefore, trial.ResultCheckpoint, trial.IsCheckpointDropped) = (null, null, null, true);
        DroppedCheckpoints++;
    }

    private void Cut(JobCut cut)
    {
        EndAttempt(_trials[cut.Trial], cut.Slot).Phase = TrialPhase.Cancelled;
        _cut.Add(cut.Trial);
    }

    private void Retry(TrialState trial, string reason, TimeSpan? from = null)
    {
        (trial.Phase, trial.RetryReason, trial.RetryAt) = (TrialPhase.Pending, reason, from);
        Retries.Add(trial.Trial, from);
    }

    private void Release(TrialState trial)
    {
        trial.RetryAt = null;
        Retries.Release(trial.Trial);
    }

    private TrialState EndAttempt(TrialState trial, int slot)
    {
        RungOf(trial).Running--;
        Slots.Set(slot, SlotPhase.Undecided);
        return trial;
    }

    private void AddResult(TrialState trial, double resource, double metric)
    {
        trial.Results = trial.Results.Add((resource, metric));
        var rung = RungOf(trial);
        rung.Completed++;
        rung.Underway--;
        FirstResults += trial.Rung == 0 ? 1 : 0;
        FormerBest = Best;
        if (double.IsFinite(metric))
            _best.Take(trial, metric, Spec.Metric);
    }

    private RungTally RungOf(TrialState trial) => _brackets[trial.Bracket].Rungs[trial.Rung];
}
