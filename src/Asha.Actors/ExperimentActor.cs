using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>
/// One experiment: takes commands from a plain queue, one at a time (<see cref="ExperimentCommands"/>), and none while a rung is asked. It is the only writer of the journal, and lets out a job or an acknowledgement only when what it rests on is
/// written. All decisions are Core's; this is their order.
/// </summary>
public sealed partial class ExperimentActor : UntypedActor, IWithTimers
{
    /// <summary>Of commands that wait already, so many share a commit at most: enough that a saturated engine writes few batches, few enough that none waits for long.</summary>
    private const int CommandsInCommit = 32;

    private readonly ExperimentSetup _setup;
    private readonly Queue<(object Message, IActorRef Sender, TimeSpan Arrived)> _commands = new();
    private Experiment? _experiment;
    private ExperimentCommands _handler = null!;
    private ExperimentClock _clock = null!;
    private Outbox _outbox = null!;
    private JournalLink _journal = null!;
    private readonly ToldInOrder _told = new();

    /// <summary>Begun, or taken over from another coordinator, as soon as that is in the journal: until then that one may still be writing.</summary>
    private (Experiment Experiment, IReadOnlyList<ExperimentEvent> Events)? _taking;
    private bool _isAskedToEnd;
    private int _uncommitted;

    public ExperimentActor(ExperimentSetup setup) => _setup = setup;

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>What it decides with; <c>null</c> while its journal is being read.</summary>
    internal Experiment? Experiment => _experiment;

    /// <summary>Whether all that it has decided is in its journal.</summary>
    internal bool IsWritten => _outbox.IsEmpty;

    private ExperimentState State => _experiment!.State;

    public static Props Props(ExperimentSetup setup) => Akka.Actor.Props.Create(() => new ExperimentActor(setup));

    /// <summary>A rung or the journal that fails has lost what it knew: nobody may go on as if it had not, so the experiment fails with it.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(maxNrOfRetries: 0, withinTimeMilliseconds: -1, error =>
    {
        _setup.Watcher.Tell(new EngineFailed(error.GetBaseException().Message));
        return Directive.Escalate;
    });

    protected override void PreStart()
    {
        _clock = new ExperimentClock(Timers, Context.System.Scheduler);
        _outbox = new Outbox(_setup.Journal is not null, _setup.Watcher, Self, _setup.Metrics, Elapsed);
        _journal = new JournalLink(_setup, Context, Timers, _outbox, Recover, () => _isAskedToEnd, TakesAgain);
        _journal.Open(new JournalOpening(Tells: _setup.Resumes));
        if (!_setup.Resumes)
            Begin(new Experiment(_setup.Spec, _setup.Origin));
    }

    protected override void OnReceive(object message)
    {
        if (message is RungStanding standing)
            _handler.Take(standing);
        else if (!_journal.Take(message))
            Hear(message);
        if (_taking is var (experiment, events) && _outbox.IsEmpty)
            TakeOver(experiment, events);
        if (_experiment is null)
            return; // The journal is being read, or there is nothing to go on with.
        while (!_handler.IsWaiting && _commands.TryDequeue(out var command))
        {
            if (++_uncommitted > CommandsInCommit)
                Commit();
            _outbox.Arrived = command.Arrived > _clock.WentOn ? command.Arrived : _clock.WentOn;
            if (!_handler.Handle(command.Message, command.Sender, command.Arrived))
                Unhandled(command.Message);
        }
        if (!_handler.IsWaiting)
            Commit();
    }

    /// <summary>What the supervisor says is taken in its order.</summary>
    private void Hear(object message)
    {
        if (message is ReopenExperiment reopen && reopen.Epoch < _told.Epoch)
            return;
        if (message is HoldAgain)
            _handler.ReportSlots(TakenUpTo());
        else if (message is IToldMessage told)
            Enqueue(_told.Take(told));
        else if (message is ToldSoFar sofar)
            Enqueue(_told.Take(sofar));
        else
            Enqueue(message);
    }

    /// <summary>The number of what the supervisor has told up to which all is taken: a grant that waits in the queue is heard, but its slot is not held yet, and whoever said both would have given the slot up.</summary>
    private long TakenUpTo()
    {
        foreach (var (message, _, _) in _commands)
        {
            if (message is IToldMessage { Told: > 0 } waits)
                return waits.Told - 1;
        }
        return _told.Heard;
    }

    private void Enqueue(IReadOnlyList<IToldMessage> told)
    {
        for (var index = 0; index < told.Count; index++)
            Enqueue(told[index]);
    }

    private void Enqueue(object message)
    {
        _isAskedToEnd |= message is StopExperiment;
        if (_clock.Elapsed is null && _experiment is not null && message is GrantSlots)
            _clock.GoOn(State.Time, State.Spec.Stop.After);
        _commands.Enqueue((message, Sender, Elapsed()));
    }

    private void Commit()
    {
        _uncommitted = 0;
        _outbox.Commit(_experiment!.TakeDecided());
    }

    private TimeSpan Elapsed() => _clock.Elapsed ?? _experiment?.State.Time ?? TimeSpan.Zero;
}
