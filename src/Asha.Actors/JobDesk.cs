using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Core.Scheduling;

namespace Asha.Actors;

/// <summary>
/// What an experiment's slots are given: job after job, as <see cref="NextStep"/> says, until there is nothing more or a rung has to be asked; and in the end what runs is ended.
/// </summary>
/// <param name="setup">Whom the experiment talks to.</param>
/// <param name="experiment">Decides, and holds what was decided.</param>
/// <param name="rungs">The experiment's.</param>
/// <param name="held">Where the slots are.</param>
/// <param name="slots">How they come and go.</param>
/// <param name="outbox">What is said waits there for the journal.</param>
/// <param name="unanswered">Nodes are told through it, until they answer.</param>
/// <param name="checkpoints">Told of the end.</param>
/// <param name="elapsed">The time since the experiment's start.</param>
internal sealed class JobDesk(
    ExperimentSetup setup, Experiment experiment, RungDesk rungs, HeldSlots held, SlotDesk slots, Outbox outbox, Unanswered unanswered, CheckpointKeeper checkpoints, Func<TimeSpan> elapsed)
{
    /// <summary>The attempt whose process runs on while it is decided whether it goes on.</summary>
    private (int Slot, GrantSlot? Last, EndJob End)? _undecided;

    private readonly RunningStarts _starts = new();

    private ExperimentState State => experiment.State;

    /// <summary>Which writer of the run's journal this is.</summary>
    private int Writer => CanLose ? State.Writer : 0;

    private bool CanLose => setup.ResendInterval is not null;

    /// <summary>Another engine goes on: what ran is gone.</summary>
    public void Resume(TimeSpan now, RunOrigin origin)
    {
        _undecided = null;
        experiment.Resume(now, origin);
    }

    /// <summary>What engines before have started: it may run, or be back with its node.</summary>
    public void Remember(IReadOnlyList<ExperimentEvent> events)
    {
        if (CanLose)
            _starts.Take(events);
    }

    /// <summary>Another coordinator goes on, and the nodes run on. What is under way was told to them, or was to be; what has reached its level and waits for word is ended, as nobody knows any more that it waits.</summary>
    public void TakeOver()
    {
        foreach (var trial in State.Running)
            unanswered.WasTold(trial.Slot, Again(trial), trial.Trial, trial.Attempt);
        foreach (var (slot, job) in _starts.MayWait(State))
            unanswered.WasTold(slot, EndOf(State.Trials[job.Trial]), job.Trial, job.Attempt);
        if (State.Stopping is not null)
            EndRunning();
    }

    /// <summary>Slots were granted on which something runs already: it goes on if it is this run's and was given to nobody else, and is ended otherwise.</summary>
    public void TakeBack(TimeSpan now, IReadOnlyList<GrantSlot> slots)
    {
        foreach (var (slot, job) in slots.Where(grant => grant.Running is { } job && job.Run == setup.Origin.Run).Select(grant => (grant.Slot, grant.Running!)))
        {
            if (State.Slots.TrialOn(slot) == job.Trial && State.Trials[job.Trial] is { IsRunning: true } runs && runs.Attempt == job.Attempt)
                unanswered.Taken(job.Trial, job.Attempt);
            else if (_undecided is var (_, _, end) && (end.Trial, end.Attempt) == (job.Trial, job.Attempt))
                continue;
            else if (State.Slots.IsIdle(slot) && experiment.Regain(now, job.Trial, job.Attempt, slot))
                Regained(slot, job);
            else
                EndUnwanted(slot, job);
        }
    }

    /// <summary>An attempt has reached its level, and runs on.</summary>
    public void Await(int trial)
    {
        EndUndecided(); // It was to go on, but nothing may start any more.
        _undecided = (State.Trials[trial].Slot, held.Find(State.Trials[trial].Slot), EndOf(State.Trials[trial]));
    }

    /// <summary>The trial that had reached its level does not go on.</summary>
    public void EndUndecided()
    {
        if (_undecided is var (slot, last, end))
            unanswered.Tell(slot, end, end.Trial, end.Attempt, last);
        _undecided = null;
    }

    /// <summary>Step after step, until the scheduler has nothing more or a rung has to be asked.</summary>
    public void Serve()
    {
        while (!rungs.IsAsked && State.Ended is null)
        {
            var step = NextStep.Choose(State, rungs.Heads);
            if (!step.IsAtOnce && slots.ReturnRecalled(elapsed()))
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
                    slots.Rest(elapsed(), rungs.Heads);
                    EndIfOver();
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

    private void Start(int number)
    {
        var trial = State.Trials[number];
        var wasParked = State.Slots.PhaseOf(experiment.SlotFor(trial)) == SlotPhase.Parked;
        var job = experiment.Start(elapsed(), number);
        if (job.GoesOn)
            _undecided = null;
        else
            EndUndecided(); // Its slot is gone: it starts again elsewhere.
        if (CanLose)
            _starts.Started(job, State.Attempts);
        var start = StartOf(job, trial);
        unanswered.Tell(job.Slot, CanLose ? start with { Number = State.Attempts, Writer = Writer } : start, job.Trial, job.Attempt);
        if (wasParked)
            slots.Unpark(job.Slot);
    }

    /// <summary>Ends an attempt that nobody wants any more, wherever its node has it.</summary>
    public EndJob EndOf(JobReport report) => new(report.Trial, report.Attempt, Run: setup.Origin.Run, Writer: Writer);

    private StartJob StartOf(JobStarted job, TrialState trial)
    {
        double? goal = State.Spec.Scheduler.Type == SchedulerType.Stopping && job.Target < State.Spec.Resource.Max ? State.Spec.Resource.Max : null;
        return new StartJob(0, job.Trial, job.Attempt, trial.RetryReason, State.Spec.SeedOf(job.Trial), trial.Parameters, job.Start, job.Target, job.Checkpoint, goal, job.GoesOn, Run: setup.Origin.Run);
    }

    /// <summary>The trial's last start once more: a node that has it hears who goes on with the run.</summary>
    private StartJob Again(TrialState trial) => StartOf(_starts.Of(trial.Trial), trial) with { Number = _starts.NumberOf(trial.Trial), Writer = Writer, Heard = trial.NextMessage };

    /// <summary>One whose start is not known any more is ended by the next start there at the latest: said with a number, it might keep that from running.</summary>
    private void EndUnwanted(int slot, RunningJob job)
    {
        var end = new EndJob(job.Trial, job.Attempt, Number: _starts.NumberOf(job.Trial, job.Attempt), Run: setup.Origin.Run, Writer: Writer);
        if (end.Number > 0)
            unanswered.Tell(slot, end, job.Trial, job.Attempt);
        else
            outbox.Send(held.Find(slot)!.Address, end);
    }

    /// <summary>Its node hears who goes on with the run, and says again what is not stored.</summary>
    private void Regained(int slot, RunningJob job)
    {
        if (!CanLose)
            return;
        _starts.Regained(job.Trial, slot);
        var trial = State.Trials[job.Trial];
        unanswered.Tell(slot, State.Stopping is null ? Again(trial) : EndOf(trial), job.Trial, job.Attempt);
    }

    private EndJob EndOf(TrialState trial) => CanLose
        ? new EndJob(trial.Trial, trial.Attempt, Number: _starts.NumberOf(trial.Trial), Run: setup.Origin.Run, Writer: Writer)
        : new EndJob(trial.Trial, trial.Attempt, Run: setup.Origin.Run);

    private void EndRunning()
    {
        foreach (var trial in State.Running)
            unanswered.Tell(trial.Slot, EndOf(trial), trial.Trial, trial.Attempt);
        EndUndecided();
    }

    private void EndIfOver()
    {
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
}
