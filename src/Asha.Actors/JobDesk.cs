using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Core.Scheduling;

namespace Asha.Actors;

/// <summary>
/// An experiment's slots and what they are given: job after job, as <see cref="NextStep"/> says, until there is nothing more or a rung has to be asked. Slots without a job are parked, those that the supervisor wants back are returned, and in the end
/// what runs is ended.
/// </summary>
/// <param name="setup">Whom the experiment talks to.</param>
/// <param name="experiment">Decides, and holds what was decided.</param>
/// <param name="rungs">The experiment's.</param>
/// <param name="outbox">What is said waits there for the journal.</param>
/// <param name="unanswered">What nodes are told is kept there until they answer.</param>
/// <param name="checkpoints">Told of the end.</param>
/// <param name="elapsed">The time since the experiment's start.</param>
internal sealed class JobDesk(ExperimentSetup setup, Experiment experiment, RungDesk rungs, Outbox outbox, Unanswered unanswered, CheckpointKeeper checkpoints, Func<TimeSpan> elapsed)
{
    private readonly HeldSlots _held = new();
    /// <summary>The attempt whose process runs on while it is decided whether it goes on.</summary>
    private (IActorRef Node, EndJob End)? _undecided;

    private ExperimentState State => experiment.State;

    public void Take(TimeSpan now, IReadOnlyList<GrantSlot> slots)
    {
        foreach (var grant in slots)
        {
            _held.Add(grant);
            experiment.Join(now, grant.Slot, grant.Node);
        }
    }

    /// <summary>Another engine goes on: the slots of the one before, and what ran on them, are gone.</summary>
    public void Resume(TimeSpan now, RunOrigin origin)
    {
        _undecided = null;
        experiment.Resume(now, origin);
        _held.KeepPresent(State.Slots);
        _held.Wants = true;
    }

    /// <summary>Their node does not answer.</summary>
    public void Doubt(TimeSpan now, IReadOnlyList<int> slots)
    {
        foreach (var slot in slots)
        {
            if (State.Slots.TrialOn(slot) is { } trial)
                unanswered.Over(trial, State.Trials[trial].Attempt);
        }
        experiment.Lose(now, slots);
    }

    /// <summary>Their node is gone.</summary>
    public void Lose(TimeSpan now, IReadOnlyList<int> slots)
    {
        Doubt(now, slots);
        foreach (var slot in slots.Where(State.Slots.Contains))
            Drop(now, slot);
    }

    /// <summary>An attempt that was given the slot tells so itself, in its own ending; this is for one that is idle.</summary>
    public void Retire(TimeSpan now, SlotRetired retired)
    {
        if (State.Slots.IsIdle(retired.Slot))
            Drop(now, retired.Slot, retired.Reason);
    }

    public void Recall(int slot) => _held.Recall(slot);

    /// <summary>An attempt has ended.</summary>
    public void Ended(JobReport report, IActorRef node)
    {
        if (report.Ending?.Retires is not null)
            _held.KeepPresent(State.Slots);
        if (report.Ending?.Cause != EndingCause.LevelReached)
            return;
        EndUndecided(); // It was to go on, but nothing may start any more.
        _undecided = (node, EndOf(State.Trials[report.Trial]));
    }

    /// <summary>The trial that had reached its level does not go on.</summary>
    public void EndUndecided()
    {
        if (_undecided is var (node, end))
            Tell(node, end, end.Trial, end.Attempt);
        _undecided = null;
    }

    /// <summary>Step after step, until the scheduler has nothing more or a rung has to be asked.</summary>
    public void Serve()
    {
        while (!rungs.IsAsked && State.Ended is null)
        {
            var step = NextStep.Choose(State, rungs.Heads);
            if (!step.IsAtOnce && ReturnRecalled())
                continue; // One idle slot less, perhaps the only one.
            switch (step.Kind)
            {
                case StepKind.Promote:
                    rungs.Ask(step.Bracket, step.Number, new PromoteHead(State.Population(step.Bracket, step.Number)));
                    break;
                case StepKind.Sample:
                    experiment.Sample(elapsed(), step.Bracket);
                    break;
                case StepKind.Start:
                    Start(step.Number);
                    break;
                case StepKind.Open:
                    rungs.Open(experiment.OpenBracket(elapsed()), State.FirstOpen);
                    checkpoints.ReleaseClosed();
                    break;
                default:
                    Rest();
                    return;
            }
        }
    }

    /// <summary>What runs is to end, and is awaited.</summary>
    public void Stop(TimeSpan now, string outcome, string reason)
    {
        EndRunning();
        experiment.Stop(now, outcome, reason);
    }

    /// <summary>What runs is cut.</summary>
    public void End(TimeSpan now, string outcome, string reason)
    {
        EndRunning();
        experiment.End(now, outcome, reason);
        outbox.Send(setup.Supervisor, new CloseExperiment(setup.Origin.Run));
        if (FinalOutcome.IsFinal(State.Ended!))
            checkpoints.ReleaseAll(); // Whoever goes on with it otherwise needs them.
    }

    private void EndRunning()
    {
        foreach (var trial in State.Running)
            Tell(_held[trial.Slot].Address, EndOf(trial), trial.Trial, trial.Attempt);
        EndUndecided();
    }

    private bool CanLose => setup.ResendInterval is not null;

    private EndJob EndOf(TrialState trial)
        => CanLose ? new EndJob(trial.Trial, trial.Attempt, _held[trial.Slot].Index, _held.NumberOf(trial.Slot)) : new EndJob(trial.Trial, trial.Attempt);

    private void Tell(IActorRef node, IWireMessage message, int trial, int attempt)
    {
        outbox.Send(node, message);
        unanswered.Add(node, message, trial, attempt);
    }

    private bool ReturnRecalled()
    {
        var returned = _held.ToReturn(State.Slots);
        foreach (var slot in returned)
        {
            Drop(elapsed(), slot);
            outbox.Send(setup.Supervisor, new ReturnSlot(setup.Origin.Run, slot));
        }
        return returned.Count > 0;
    }

    private void Start(int number)
    {
        var trial = State.Trials[number];
        var wasParked = State.Slots.PhaseOf(experiment.SlotFor(trial)) == SlotPhase.Parked;
        var job = experiment.Start(elapsed(), number);
        var slot = _held[job.Slot];
        double? goal = State.Spec.Scheduler.Type == SchedulerType.Stopping && job.Target < State.Spec.Resource.Max ? State.Spec.Resource.Max : null;
        if (job.GoesOn)
            _undecided = null;
        else
            EndUndecided(); // Its slot is gone: it starts again elsewhere.
        _held.Started(job.Slot, State.Attempts);
        var start = new StartJob(slot.Index, job.Trial, job.Attempt, trial.RetryReason, State.Spec.SeedOf(job.Trial), trial.Parameters, job.Start, job.Target, job.Checkpoint, goal, job.GoesOn);
        if (setup.IsClustered)
            start = start with { Run = setup.Origin.Run, Program = State.Spec.Trial };
        Tell(slot.Address, CanLose ? start with { Number = State.Attempts, Joining = slot.Joining } : start, job.Trial, job.Attempt);
        if (wasParked)
            outbox.Send(setup.Supervisor, new UseSlot(setup.Origin.Run, job.Slot));
    }

    /// <summary>There is nothing to do now: park the idle slots, ask for more where only these are missing, or end.</summary>
    private void Rest()
    {
        foreach (var slot in State.Slots.Undecided)
        {
            outbox.Send(setup.Supervisor, new ParkSlot(setup.Origin.Run, slot));
            _held.Wants = false;
        }
        experiment.Park(elapsed());
        if (State.Stopping is null && !_held.Wants && State.Slots.FirstIdle is null && NextStep.HasWork(State, rungs.Heads))
        {
            outbox.Send(setup.Supervisor, new WantSlots(setup.Origin.Run));
            _held.Wants = true;
        }
        if (NextStep.IsOver(State, rungs.Heads))
        {
            var (outcome, reason) = FinalOutcome.Of(State);
            End(State.Time, outcome, reason);
        }
        else if (State.Stopping is { } stopping && State.Slots.Engaged == 0)
        {
            End(State.Time, stopping.Outcome, stopping.Reason);
        }
    }

    private void Drop(TimeSpan now, int slot, string? retired = null)
    {
        _held.Remove(slot);
        experiment.Leave(now, slot, retired);
    }
}
