using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Scheduling;

namespace Asha.Actors;

/// <summary>
/// Knows every node and slot, takes idle slots to experiments that have work, and recycles a slot from an experiment that has nothing for it to one
/// that has. It never ranks trials. The rules are <see cref="SlotPool"/>'s; an experiment holds a slot for job after job, so that no message passes
/// through here between a job's end and the next start (docs/decisions/003).
/// </summary>
public sealed class SupervisorActor : UntypedActor
{
    private sealed record Node(string Name, IActorRef Address, int FirstSlot, int Slots, int Joining)
    {
        /// <summary>Who held its slots when it stopped answering.</summary>
        public Dictionary<string, List<int>> Unreachable { get; } = [];

        /// <summary>Who held those that were retired: an attempt tells so itself, in its ending, but that may be lost with the node.</summary>
        public Dictionary<string, List<int>> Retired { get; } = [];
    }

    private readonly SlotPool _pool = new();
    private readonly Dictionary<IActorRef, Node> _nodes = [];
    private readonly Dictionary<int, Node> _nodeOfSlot = [];
    private readonly Dictionary<string, IActorRef> _experiments = [];

    /// <summary>Nodes that are told to go as soon as nobody holds a slot of theirs, in the order in which they asked.</summary>
    private readonly List<Node> _leaving = [];

    public static Props Props() => Akka.Actor.Props.Create(() => new SupervisorActor());

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case JoinNode join:
                Join(join);
                break;
            case RetireSlot retire when _nodes.TryGetValue(Sender, out var node):
                foreach (var (holder, slots) in _pool.Lose(node.FirstSlot + retire.Slot, 1))
                {
                    Add(node.Retired, holder, slots);
                    _experiments[holder].Tell(new SlotRetired(slots[0], retire.Reason));
                }
                if (node.Joining > 0)
                    Sender.Tell(new SlotGivenUp(retire.Slot));
                break;
            case RetireSlot:
                break; // The node is gone, and its slots with it.
            case LeaveNode when _nodes.TryGetValue(Sender, out var node):
                if (!_leaving.Contains(node))
                    _leaving.Add(node);
                _pool.Withdraw(node.FirstSlot, node.Slots);
                break;
            case LeaveNode:
                break;
            case NodeUnreachable unreachable:
                Doubt(unreachable.Node);
                break;
            case OpenExperiment open:
                _experiments[open.Experiment] = Context.Watch(Sender);
                _pool.Open(open.Experiment, open.Weight);
                break;
            case CloseExperiment close:
                Close(close.Experiment);
                break;
            case ParkSlot park:
                _pool.Park(park.Experiment, park.Slot);
                break;
            case UseSlot use:
                _pool.Use(use.Experiment, use.Slot);
                break;
            case WantSlots want:
                _pool.Want(want.Experiment);
                break;
            case ReturnSlot returned:
                _pool.Return(returned.Experiment, returned.Slot);
                break;
            case Terminated gone:
                Lose(gone.ActorRef);
                break;
            default:
                Unhandled(message);
                return;
        }
        Carry(_pool.Balance());
        foreach (var left in _leaving.Where(node => !_pool.HasAny(node.FirstSlot, node.Slots)).ToArray())
        {
            _leaving.Remove(left); // It is told once.
            left.Address.Tell(new NodeReleased());
        }
    }

    /// <summary>One that joins again, after it did not answer, has new slots: what it ran was lost. The same joining may come twice.</summary>
    private void Join(JoinNode join)
    {
        if (join.Joining > 0)
            Sender.Tell(new NodeJoined(join.Joining));
        if (join.Joining > 0 && _nodes.TryGetValue(Sender, out var known) && join.Joining <= known.Joining)
            return;
        Lose(Sender);
        var node = new Node(join.Node, Context.Watch(Sender), _pool.Join(join.Slots), join.Slots, join.Joining);
        _nodes[Sender] = node;
        for (var slot = node.FirstSlot; slot < node.FirstSlot + join.Slots; slot++)
            _nodeOfSlot[slot] = node;
    }

    private void Close(string experiment)
    {
        if (_experiments.Remove(experiment, out var address))
        {
            Context.Unwatch(address);
            _pool.Close(experiment);
        }
    }

    /// <summary>Nobody is given its slots any more; who held them keeps counting them, until it is known that the node is gone.</summary>
    private void Doubt(IActorRef address)
    {
        if (!_nodes.TryGetValue(address, out var node))
            return;
        _leaving.Remove(node); // Nobody can tell it anything.
        foreach (var (holder, slots) in Held(_pool.Lose(node.FirstSlot, node.Slots), node.Retired))
        {
            Add(node.Unreachable, holder, slots);
            _experiments[holder].Tell(new SlotsUnreachable(slots));
        }
        node.Retired.Clear();
    }

    private void Lose(IActorRef gone)
    {
        if (_nodes.Remove(gone, out var node))
        {
            _leaving.Remove(node);
            for (var slot = node.FirstSlot; slot < node.FirstSlot + node.Slots; slot++)
                _nodeOfSlot.Remove(slot);
            foreach (var (holder, slots) in Held(_pool.Lose(node.FirstSlot, node.Slots), node.Unreachable, node.Retired))
                _experiments[holder].Tell(new SlotsLost(slots));
        }
        else if (_experiments.FirstOrDefault(entry => entry.Value.Equals(gone)) is { Key: { } experiment })
        {
            Close(experiment);
        }
    }

    /// <summary>All that each experiment holds of these, of those that are still there.</summary>
    private Dictionary<string, List<int>> Held(params IReadOnlyDictionary<string, List<int>>[] lost)
    {
        var held = new Dictionary<string, List<int>>();
        foreach (var (holder, slots) in lost.SelectMany(some => some).Where(some => _experiments.ContainsKey(some.Key)))
            Add(held, holder, slots);
        return held;
    }

    private static void Add(Dictionary<string, List<int>> held, string holder, List<int> slots)
    {
        if (held.TryGetValue(holder, out var own))
            own.AddRange(slots);
        else
            held[holder] = [.. slots];
    }

    private void Carry(IReadOnlyList<PoolDecision> decisions)
    {
        // All that an experiment gets at a time comes in one message: it starts with all its slots at once.
        foreach (var granted in decisions.Where(decision => decision.Action == PoolAction.Grant).GroupBy(decision => decision.Experiment))
            _experiments[granted.Key].Tell(new GrantSlots([.. granted.Select(decision => Grant(decision.Slot))]));
        foreach (var recall in decisions.Where(decision => decision.Action == PoolAction.Recall))
            _experiments[recall.Experiment].Tell(new RecallSlot(recall.Slot));
    }

    private GrantSlot Grant(int slot)
    {
        var node = _nodeOfSlot[slot];
        return new GrantSlot(slot, node.Name, node.Address, slot - node.FirstSlot, node.Joining);
    }
}
