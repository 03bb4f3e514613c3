using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Actors.Metrics;
using Asha.Core.Scheduling;

namespace Asha.Actors;

/// <summary>
/// Takes idle slots to experiments that have work, and recycles a slot from an experiment that has nothing for it to one that has. It never ranks trials. The rules are <see cref="SlotPool"/>'s, what becomes of nodes is <see cref="NodeDesk"/>'s, what of
/// experiments <see cref="ExperimentDesk"/>'s; an experiment holds a slot for job after job, so that no message passes through here between a job's end and the next start (docs/decisions/003).
/// </summary>
public sealed class SupervisorActor : UntypedActor, IWithTimers
{
    private sealed class ShowSlots : INoSerializationVerificationNeeded
    {
        public static readonly ShowSlots Now = new();
    }

    /// <summary>Of slots that are granted over the wire, so many in a message at most: it must fit into a frame (4 MiB), and a slot with long names and many labels may take 2 KiB.</summary>
    private const int GrantsInMessage = 1_000;

    private static readonly TimeSpan _shows = TimeSpan.FromSeconds(1);

    private readonly SlotPool _pool;
    private readonly ExperimentDesk _experiments;
    private readonly NodeDesk _nodes;
    private readonly NodeShuns _shuns;
    private readonly EngineMetrics? _metrics;

    public SupervisorActor(SupervisorSetup setup)
    {
        _metrics = setup.Metrics;
        _pool = new SlotPool(setup.Epoch, setup.NextNumber);
        var registry = setup.Registry ?? Context.Parent;
        _experiments = new ExperimentDesk(setup, _pool, registry, Context, () => Timers);
        _nodes = new NodeDesk(setup, _pool, _experiments, registry, Context, () => Timers);
        _shuns = new NodeShuns(_pool, () => _nodes.Joined, () => _experiments.Runs);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(SupervisorSetup? setup = null)
    {
        // Akka compiles, each time, what is more than a variable in there.
        setup ??= SupervisorSetup.Alone;
        return Akka.Actor.Props.Create(() => new SupervisorActor(setup));
    }

    protected override void PreStart()
    {
        if (_metrics is not null)
            Timers.StartPeriodicTimer(ShowSlots.Now, ShowSlots.Now, _shows);
    }

    protected override void PostStop() => _metrics?.ShowSlots(null);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ShowSlots:
                _metrics!.ShowSlots(SlotStates.Of(_pool.Rows, row => _shuns.IsShut(_nodes.NodeOf(row.Slot))));
                return;
            case JoinNode join:
                _nodes.Join(Sender, join);
                break;
            case RetireSlot retire:
                _nodes.Retire(Sender, retire);
                break;
            case LeaveNode:
                _nodes.Leave(Sender);
                break;
            case NodeUnreachable unreachable:
                _nodes.Doubt(unreachable.Node);
                break;
            case MeetNode meet:
                _nodes.Meet(meet.Node);
                break;
            case NodeDesk.AnnounceAgain:
                _nodes.SayAgain();
                break;
            case MoreNumbers more:
                _nodes.Allow(more.Limit);
                break;
            case OpenExperiment open:
                _experiments.Open(Sender, open);
                break;
            case IsRunOver asked:
                _experiments.AskIfOver(asked.Run, Sender);
                break;
            case CloseExperiment close:
                _experiments.Close(close.Experiment, Sender);
                if (!_experiments.Knows(close.Experiment))
                    _shuns.Forget(close.Experiment);
                break;
            case ExperimentDesk.GraceIsOver over:
                _pool.GiveUp(over.Run);
                break;
            case HoldSlots hold:
                _experiments.Compare(Sender, hold, _shuns);
                break;
            case ShunNodes shun when _experiments.Hears(shun.Experiment, Sender):
                _shuns.Say(shun.Experiment, shun.Shuns);
                break;
            case ParkSlot park when _experiments.Hears(park.Experiment, Sender):
                _pool.Park(park.Experiment, park.Slot);
                break;
            case UseSlot use when _experiments.Hears(use.Experiment, Sender):
                _pool.Use(use.Experiment, use.Slot);
                break;
            case WantSlots want when _experiments.Hears(want.Experiment, Sender):
                _pool.Want(want.Experiment);
                break;
            case ReturnSlot returned when _experiments.Hears(returned.Experiment, Sender):
                _pool.Return(returned.Experiment, returned.Slot, returned.InsteadOf, returned.Grant);
                break;
            case ShunNodes or ParkSlot or UseSlot or WantSlots or ReturnSlot:
                break; // Another speaks for the run by now.
            case Terminated gone:
                if (!_nodes.Lose(gone.ActorRef))
                    _experiments.Gone(gone.ActorRef);
                foreach (var over in _shuns.Runs.Except(_experiments.Runs).ToArray())
                    _shuns.Forget(over);
                break;
            default:
                Unhandled(message);
                return;
        }
        _shuns.Look(); // Before anything is dealt: what a run has just refused is not to be granted to it again, nor a node that is shut to one that has just opened.
        Carry(_pool.Balance());
        _nodes.ReleaseLeaving();
        _nodes.AskForNumbers();
    }

    private void Carry(IReadOnlyList<PoolDecision> decisions)
    {
        // All that an experiment gets at a time comes in one message, as far as it fits into one: it starts with all its slots at once.
        foreach (var granted in decisions.Where(decision => decision.Action == PoolAction.Grant).GroupBy(decision => decision.Experiment))
        {
            GrantSlot[] slots = [.. granted.Select(grant => _nodes.Grant(grant, _shuns))];
            // What runs already is said before any slot is free for another try of it.
            foreach (var part in _experiments.IsClustered && slots.Length > GrantsInMessage ? slots.OrderByDescending(slot => slot.Running is not null).Chunk(GrantsInMessage) : [slots])
                _experiments.Tell(granted.Key, new GrantSlots(part));
        }
        foreach (var lost in decisions.Where(decision => decision.Action == PoolAction.Lost).GroupBy(decision => decision.Experiment))
            _experiments.Tell(lost.Key, new SlotsLost([.. lost.Select(decision => decision.Slot)]));
        foreach (var decision in decisions)
        {
            if (decision.Action == PoolAction.Recall)
                _experiments.Tell(decision.Experiment, new RecallSlot(decision.Slot, _experiments.IsClustered ? decision.For : null));
            else if (decision.Action == PoolAction.Keep)
                _experiments.Tell(decision.Experiment, new KeepSlot(decision.Slot));
        }
    }
}
