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
internal sealed partial class JobDesk(
    ExperimentSetup setup, Experiment experiment, RungDesk rungs, HeldSlots held, SlotDesk slots, Outbox outbox, Unanswered unanswered, CheckpointKeeper checkpoints, Func<TimeSpan> elapsed)
{
    /// <summary>The attempt whose process runs on while it is decided whether it goes on.</summary>
    private (int Slot, GrantSlot? Last, EndJob End)? _undecided;

    private readonly JobOrders _orders = new(setup, experiment.State);

    private ExperimentState State => experiment.State;

    /// <summary>Another engine goes on: what ran is gone.</summary>
    public void Resume(TimeSpan now, RunOrigin origin)
    {
        _undecided = null;
        experiment.Resume(now, origin);
    }

    /// <summary>Ends an attempt that nobody wants any more, wherever its node has it.</summary>
    public EndJob EndOf(JobReport report) => _orders.EndOf(report);

    /// <summary>An attempt has reached its level, and runs on.</summary>
    public void Await(int trial)
    {
        EndUndecided(); // It was to go on, but nothing may start any more.
        _undecided = (State.Trials[trial].Slot, held.Find(State.Trials[trial].Slot), _orders.EndOf(State.Trials[trial]));
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
        unanswered.Tell(job.Slot, _orders.Start(job, trial, held.Find(job.Slot)), job.Trial, job.Attempt);
        if (wasParked)
            slots.Unpark(job.Slot);
    }

    private void EndRunning()
    {
        foreach (var trial in State.Running)
            unanswered.Tell(trial.Slot, _orders.EndOf(trial), trial.Trial, trial.Attempt);
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
