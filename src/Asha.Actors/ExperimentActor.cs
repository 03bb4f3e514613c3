using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>Who an experiment talks to.</summary>
/// <param name="Weight">Its share of the slots, in proportion to other experiments'; ≥ 1.</param>
/// <param name="Supervisor">Where its slots come from.</param>
/// <param name="Journal">Makes its journal; <c>null</c>: nothing is kept.</param>
/// <param name="Watcher">Is told of every committed event.</param>
/// <param name="TimeZero">Its time 0 on the scheduler's clock; <c>null</c>: when it gets its first slots, so that no time is counted in which it had none.</param>
public sealed record ExperimentSetup(ExperimentSpec Spec, RunOrigin Origin, int Weight, IActorRef Supervisor, Props? Journal, IActorRef Watcher, TimeSpan? TimeZero = null)
{
    /// <summary>Makes the rung of a bracket, both numbered from 0, where it is not to be a <see cref="RungActor"/>: a test plays it then. <c>null</c>, or what it answers: it is one.</summary>
    public Func<int, int, Props?>? Rung { get; init; }
}

/// <summary>
/// One experiment: takes commands from a plain queue, one at a time, asks its rungs, and gives each slot its next job. It is the only writer of the journal, and lets
/// out a job or an acknowledgement only when what it rests on is written. All decisions are Core's; this is their order.
/// </summary>
public sealed class ExperimentActor : UntypedActor, IWithTimers
{
    private sealed class TimeIsUp : INoSerializationVerificationNeeded
    {
        public static readonly TimeIsUp Now = new();
    }

    /// <summary>Of commands that wait already, so many share a commit at most: enough that a saturated engine writes few batches, few enough that none waits for long.</summary>
    private const int CommandsInCommit = 32;

    private readonly ExperimentSetup _setup;
    private readonly Experiment _experiment;
    private readonly Queue<(object Message, IActorRef Sender, TimeSpan Arrived)> _commands = new();
    private RungDesk _rungs = null!;
    private Outbox _outbox = null!;
    private CheckpointKeeper _checkpoints = null!;
    private JobDesk _jobs = null!;
    private TimeSpan? _timeZero;
    private int _uncommitted;
    private TimeSpan _command;

    public ExperimentActor(ExperimentSetup setup)
    {
        _setup = setup;
        _experiment = new Experiment(setup.Spec, setup.Origin);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private ExperimentState State => _experiment.State;

    public static Props Props(ExperimentSetup setup) => Akka.Actor.Props.Create(() => new ExperimentActor(setup));

    /// <summary>A rung or the journal that fails has lost what it knew: nobody may go on as if it had not, so the experiment fails with it.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(maxNrOfRetries: 0, withinTimeMilliseconds: -1, error =>
    {
        _setup.Watcher.Tell(new EngineFailed(error.GetBaseException().Message));
        return Directive.Escalate;
    });

    protected override void PreStart()
    {
        _rungs = new RungDesk(_setup.Spec.Scheduler, Context, _setup.Rung);
        _rungs.Open(State.Brackets[0], 0);
        _outbox = new Outbox(_setup.Journal is { } journal ? Context.ActorOf(journal, "journal") : null, _setup.Watcher, Self);
        _checkpoints = new CheckpointKeeper(State, _outbox);
        _jobs = new JobDesk(_setup, _experiment, _rungs, _outbox, _checkpoints, Decided);
        if (_setup.TimeZero is { } zero)
            Begin(zero);
        _setup.Supervisor.Tell(new OpenExperiment(_setup.Origin.Run, _setup.Weight));
        Commit();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case EventsWritten written:
                _outbox.Release(written.Batch);
                break;
            case RungStanding standing:
                Continue(standing);
                break;
            default:
                if (_timeZero is null && message is GrantSlots)
                    Begin(Clock);
                _commands.Enqueue((message, Sender, Elapsed()));
                break;
        }
        while (!_rungs.IsAsked && _commands.TryDequeue(out var command))
        {
            if (++_uncommitted > CommandsInCommit)
                Commit();
            Handle(command.Message, command.Sender, command.Arrived > State.Time ? command.Arrived : State.Time);
        }
        if (!_rungs.IsAsked)
            Commit();
    }

    private void Handle(object message, IActorRef sender, TimeSpan now)
    {
        _command = now;
        switch (message)
        {
            case NodeReport report:
                Take(report.Report, sender, now);
                break;
            case GrantSlots granted when State.Ended is null:
                _jobs.Take(now, granted.Slots);
                break;
            case AttemptOver over when State.Ended is null:
                _experiment.Await(now, over.Trial, over.Attempt);
                break;
            case SlotsUnreachable unreachable when State.Ended is null:
                _experiment.Lose(now, unreachable.Slots);
                break;
            case SlotsLost lost when State.Ended is null:
                _jobs.Lose(now, lost.Slots);
                break;
            case SlotRetired retired when State.Ended is null:
                _jobs.Retire(now, retired);
                break;
            case RecallSlot recall:
                _jobs.Recall(recall.Slot);
                break;
            case StopExperiment stop when State.Ended is null:
                _jobs.End(now, stop.Outcome, stop.Reason);
                break;
            case TimeIsUp:
                break; // The stop rule below sees the time.
            case GrantSlots or AttemptOver or SlotsUnreachable or SlotsLost or SlotRetired or StopExperiment:
                return; // The experiment has ended.
            default:
                Unhandled(message);
                return;
        }
        if (State.Ended is null && StopRule.Check(State, now, alarm: message is TimeIsUp) is { } reason)
            _jobs.End(now, "stopped", reason);
        _jobs.Serve();
    }

    private void Take(JobReport report, IActorRef node, TimeSpan now)
    {
        if (_experiment.IsEarly(report))
            return; // One before it is still on its way; unacknowledged, both will come again.
        var ranked = State.Ended is null ? _experiment.Receive(now, report) : null;
        _outbox.Send(node, new ReportStored(report.Trial, report.Attempt, report.Message));
        if (ranked is not null || report.Ending?.Retires is not null)
            _jobs.Ended(report, node);
        if (ranked is null)
        {
            _checkpoints.Reported(report, node);
            return;
        }
        _checkpoints.Ended(ranked, node);
        _rungs.Ask(ranked.Bracket, ranked.Rung, new RankResult(ranked.Trial, State.Spec.Metric.Turned(ranked.Results[^1].Metric), State.Population(ranked.Bracket, ranked.Rung)));
    }

    private void Continue(RungStanding standing)
    {
        _rungs.Answered(standing);
        _checkpoints.Release(standing.Released);
        if (State.Ended is null)
            _checkpoints.Release(_experiment.KeepBudget(Decided()));
        if (standing.Promoted is { } promoted)
            _experiment.Promoted(Decided(), standing.Rung, promoted);
        else if (standing.Head is null)
            _jobs.EndUndecided();
        _jobs.Serve();
    }

    private void Commit()
    {
        _uncommitted = 0;
        _outbox.Commit(_experiment.TakeDecided());
    }

    private void Begin(TimeSpan timeZero)
    {
        _timeZero = timeZero;
        if (State.Spec.Stop.After is { } after)
            Timers.StartSingleTimer(TimeIsUp.Now, TimeIsUp.Now, timeZero + after - Clock);
    }

    /// <summary>The time of a decision: now; but what follows from a message before the time to stop is decided before it, however long that takes. Otherwise what is decided would depend on how fast the machine is, and could not be decided again.</summary>
    private TimeSpan Decided() => Elapsed() is var now && now >= State.Spec.Stop.After && _command < State.Spec.Stop.After ? State.Spec.Stop.After.Value - TimeSpan.FromTicks(1) : now;

    private TimeSpan Elapsed() => _timeZero is { } zero ? Clock - zero : TimeSpan.Zero;

    private static TimeSpan Clock => Context.System.Scheduler.HighResMonotonicClock;
}
