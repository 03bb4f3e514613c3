using Asha.Core.Scheduling;

namespace Asha.Core.Experiments;

/// <summary>The course of the run and its time: engines, slots, nodes and brackets come and go, trials are sampled and promoted, and it ends.</summary>
public sealed partial class ExperimentState
{
    /// <summary>A moment by the wall clock and in the experiment's own time, the last such; <c>null</c>: there is none, and its time does not go on while nobody is at work on it.</summary>
    private (DateTimeOffset At, TimeSpan Time)? _moment;

    /// <summary>Whether its time goes on by the wall clock while nobody is at work on it.</summary>
    public bool IsTimed => _moment is not null;

    /// <summary>The experiment's time at a time of the wall clock, not before that of the last event: clocks of two machines differ. Where no slot has joined yet, none has passed.</summary>
    public TimeSpan TimeAt(DateTimeOffset at) => _moment is var (known, time) && time + (at - known) is var now && now > Time ? now : Time;

    private void Start(ExperimentStarted started)
    {
        (Spec, Origin, TrialLimit) = (started.Experiment, started.Origin, started.Experiment.Scheduler.Total);
        Engine = (started.Origin, TimeSpan.Zero);
        // A trial that cannot be resumed runs, or is over: only the best's is kept of those that do not run.
        if (Spec.Trial.CheckpointBudget is { } budget && Spec.Scheduler.Type != SchedulerType.Stopping)
            CheckpointLedger = new CheckpointLedger(budget);
        Open();
    }

    private void Join(SlotJoined joined)
    {
        Slots.Set(joined.Slot, SlotPhase.Undecided);
        Nodes.Join(joined);
        if (joined.At is { } at)
            _moment = (at, joined.Time);
    }

    private void TakeOver(ExperimentTakenOver taken)
    {
        Engine = (taken.Origin, taken.Time);
        Takeovers++;
        if (_moment is not null)
            _moment = (taken.Origin.StartedAt, taken.Time);
        foreach (var trial in _trials)
        {
            // A process that waits for word is ended.
            trial.Slot = trial.IsRunning ? trial.Slot : -1;
        }
    }

    private void Resume(ExperimentResumed resumed)
    {
        (Stopping, Ended, Engine, _moment) = (null, null, (resumed.Origin, resumed.Time), null);
        Resumptions++;
        Nodes.Forgive();
        foreach (var trial in _trials)
        {
            // No process runs on anywhere.
            trial.Slot = trial.IsRunning ? trial.Slot : -1;
        }
    }

    private void Open()
    {
        while (FirstOpen < _brackets.Count && this.IsOver(_brackets[FirstOpen]))
            FirstOpen++;
        _brackets.Add(new BracketState(_brackets.Count, RungLadder.Levels(Spec.Resource, Spec.Scheduler.ReductionFactor), _trials.Count));
    }

    private void Leave(NodeUnfit failed)
    {
        Nodes.Fail(failed);
        foreach (var there in failed.Forgives ?? [])
            _trials[there.Trial].Forgive(FaultNames.KindOf(there.Cause));
    }

    private void Leave(SlotLeft left)
    {
        Slots.Remove(left.Slot);
        Nodes.Leave(left.Slot);
        if (left.Reason is not null)
            _retired.Add(left);
    }

    private void Sample(TrialSampled sampled)
    {
        _trials.Add(new TrialState(sampled.Trial, sampled.Bracket, sampled.Parameters));
        var bracket = _brackets[sampled.Bracket];
        Wait(bracket, sampled.Trial);
        bracket.Sampled++;
        bracket.Rungs[0].Underway++;
    }

    private void Promote(TrialPromoted promoted)
    {
        var trial = _trials[promoted.Trial];
        (trial.Phase, trial.Rung, trial.RetryReason) = (TrialPhase.Pending, promoted.Rung + 1, "");
        trial.ForgetFailures();
        var bracket = _brackets[trial.Bracket];
        bracket.Rungs[promoted.Rung].Promoted++;
        bracket.Rungs[promoted.Rung + 1].Underway++;
        Wait(bracket, promoted.Trial);
    }

    private void Wait(BracketState bracket, int trial)
    {
        bracket.Pending.Enqueue(trial);
        _waiting.Add(bracket.Bracket);
    }

    private void End(ExperimentEnded ended)
    {
        Ended = ended;
        if (FinalOutcome.IsFinal(ended))
            Close();
        else
            RetryCut();
        _cut.Clear();
    }

    /// <summary>Whoever goes on with the experiment tries these jobs again.</summary>
    private void RetryCut()
    {
        foreach (var cut in _cut)
            Retry(_trials[cut], FaultNames.EngineLost);
    }

    private void Close()
    {
        foreach (var waiting in _brackets.SelectMany(bracket => bracket.Pending).Concat(Retries.Due).Concat(Retries.BackingOff))
            _trials[waiting].Phase = TrialPhase.Cancelled;
        foreach (var trial in _trials.Where(trial => trial.Phase == TrialPhase.Paused))
            trial.Phase = TrialPhase.Stopped;
    }
}
