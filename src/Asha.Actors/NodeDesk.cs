using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Scheduling;

namespace Asha.Actors;

/// <summary>
/// The nodes that have joined, and their slots: those that are in doubt, are retired, leave or are lost are taken from the pool, and whoever held them is told.
/// </summary>
/// <param name="setup">Which supervisor this is.</param>
/// <param name="pool">Says who holds which slot.</param>
/// <param name="experiments">Are told.</param>
/// <param name="registry">Is asked for numbers, and hears of runs that are away.</param>
/// <param name="supervisor">Watches the nodes.</param>
/// <param name="timers">The supervisor's.</param>
internal sealed partial class NodeDesk(SupervisorSetup setup, SlotPool pool, ExperimentDesk experiments, IActorRef registry, IActorContext supervisor, Func<ITimerScheduler> timers)
{
    private readonly Dictionary<IActorRef, JoinedNode> _nodes = [];
    private readonly Dictionary<int, JoinedNode> _nodeOfSlot = [];

    /// <summary>Nodes that have yet to hear that this is the supervisor.</summary>
    private readonly HashSet<IActorRef> _met = [];

    /// <summary>Nodes that are told to go as soon as nobody holds a slot of theirs, in the order in which they asked.</summary>
    private readonly List<JoinedNode> _leaving = [];

    /// <summary>Nodes that wait for numbers.</summary>
    private readonly Dictionary<IActorRef, JoinNode> _waiting = [];
    private int _limit = setup.NumberLimit;
    private bool _isAsking;

    /// <summary>Those that have joined.</summary>
    public IReadOnlyCollection<JoinedNode> Joined => _nodes.Values;

    /// <summary>Whose slot it is.</summary>
    public JoinedNode NodeOf(int slot) => _nodeOfSlot[slot];

    /// <summary>One of its slots runs nothing any more.</summary>
    public void Retire(IActorRef address, RetireSlot retire)
    {
        if (!_nodes.TryGetValue(address, out var node))
            return; // The node is gone, and its slots with it.
        foreach (var (holder, slots) in pool.Lose(node.FirstSlot + retire.Slot, 1))
        {
            Add(node.Retired, holder, slots);
            experiments.Tell(holder, new SlotRetired(slots[0], retire.Reason));
        }
        if (node.Joining > 0)
            address.Tell(new SlotGivenUp(retire.Slot));
    }

    /// <summary>Nobody is given its slots any more; it goes when nobody holds one.</summary>
    public void Leave(IActorRef address)
    {
        if (!_nodes.TryGetValue(address, out var node))
            return;
        if (!_leaving.Contains(node))
            _leaving.Add(node);
        pool.Withdraw(node.FirstSlot, node.Slots);
    }

    /// <summary>Lets those go that leave and of which nobody holds a slot.</summary>
    public void ReleaseLeaving()
    {
        foreach (var left in _leaving.Where(node => !pool.HasAny(node.FirstSlot, node.Slots)).ToArray())
        {
            _leaving.Remove(left); // It is told once.
            left.Address.Tell(new NodeReleased());
        }
    }

    /// <summary>Nobody is given its slots any more; who held them keeps counting them, until it is known that the node is gone.</summary>
    public void Doubt(IActorRef address)
    {
        _waiting.Remove(address); // It joins again if it is back.
        if (!_nodes.TryGetValue(address, out var node))
            return;
        _leaving.Remove(node); // Nobody can tell it anything.
        foreach (var (holder, slots) in Held(pool.Lose(node.FirstSlot, node.Slots), node.Retired))
        {
            Add(node.Unreachable, holder, slots);
            experiments.Tell(holder, new SlotsUnreachable(slots));
        }
        node.Retired.Clear();
    }

    /// <summary>It is gone.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Lose(IActorRef address)
    {
        var hasWaited = _waiting.Remove(address);
        if (!_nodes.Remove(address, out var node))
            return _met.Remove(address) || hasWaited;
        _leaving.Remove(node);
        for (var slot = node.FirstSlot; slot < node.FirstSlot + node.Slots; slot++)
            _nodeOfSlot.Remove(slot);
        foreach (var (holder, slots) in Held(pool.Lose(node.FirstSlot, node.Slots), node.Unreachable, node.Retired))
            experiments.Tell(holder, new SlotsLost(slots));
        return true;
    }

    /// <summary>A slot as whoever is granted it has to know it. What ran there when the node joined is said with each renewal, as one may be lost; when it is over, its experiment knows.</summary>
    /// <param name="granted">To whom it is granted.</param>
    /// <param name="shuns">Knows whether the node was started again.</param>
    public GrantSlot Grant(PoolDecision granted, NodeShuns shuns)
    {
        var node = _nodeOfSlot[granted.Slot];
        if (node.Running.TryGetValue(granted.Slot, out var running) && running.Run != granted.Experiment)
            node.Running.Remove(granted.Slot, out running);
        running = running?.Run == granted.Experiment ? running : null;
        var capacity = pool.CapacityOf(granted.Slot);
        return new GrantSlot(
            granted.Slot, node.Name, node.Address, granted.Slot - node.FirstSlot, node.Joining, setup.IsClustered ? granted.Grant : 0, running, capacity == SlotCapacity.None ? null : capacity, node.Files,
            shuns.TakeAnew(granted.Experiment, node));
    }

    /// <summary>All that each experiment holds of these, of those that are still there.</summary>
    private Dictionary<string, List<int>> Held(params IReadOnlyDictionary<string, List<int>>[] lost)
    {
        var held = new Dictionary<string, List<int>>();
        foreach (var (holder, slots) in lost.SelectMany(some => some).Where(some => experiments.Knows(some.Key)))
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
}
