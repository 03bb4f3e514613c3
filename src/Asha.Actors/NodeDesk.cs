using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Scheduling;

namespace Asha.Actors;

/// <summary>
/// The nodes that have joined, and their slots: those that are in doubt, are retired, leave or are lost are taken from the pool, and whoever held them is told.
/// </summary>
/// <param name="pool">Says who holds which slot.</param>
/// <param name="experiments">Who is told, by name.</param>
/// <param name="supervisor">Watches the nodes.</param>
internal sealed class NodeDesk(SlotPool pool, IReadOnlyDictionary<string, IActorRef> experiments, IActorContext supervisor)
{
    private sealed record Node(string Name, IActorRef Address, int FirstSlot, int Slots, int Joining)
    {
        /// <summary>Who held its slots when it stopped answering.</summary>
        public Dictionary<string, List<int>> Unreachable { get; } = [];

        /// <summary>Who held those that were retired: an attempt tells so itself, in its ending, but that may be lost with the node.</summary>
        public Dictionary<string, List<int>> Retired { get; } = [];
    }

    private readonly Dictionary<IActorRef, Node> _nodes = [];
    private readonly Dictionary<int, Node> _nodeOfSlot = [];

    /// <summary>Nodes that are told to go as soon as nobody holds a slot of theirs, in the order in which they asked.</summary>
    private readonly List<Node> _leaving = [];

    /// <summary>One that joins again, after it did not answer, has new slots: what it ran was lost. The same joining may come twice.</summary>
    public void Join(IActorRef address, JoinNode join)
    {
        if (join.Joining > 0)
            address.Tell(new NodeJoined(join.Joining));
        if (join.Joining > 0 && _nodes.TryGetValue(address, out var known) && join.Joining <= known.Joining)
            return;
        Lose(address);
        var node = new Node(join.Node, supervisor.Watch(address), pool.Join(join.Slots), join.Slots, join.Joining);
        _nodes[address] = node;
        for (var slot = node.FirstSlot; slot < node.FirstSlot + join.Slots; slot++)
            _nodeOfSlot[slot] = node;
    }

    /// <summary>One of its slots runs nothing any more.</summary>
    public void Retire(IActorRef address, RetireSlot retire)
    {
        if (!_nodes.TryGetValue(address, out var node))
            return; // The node is gone, and its slots with it.
        foreach (var (holder, slots) in pool.Lose(node.FirstSlot + retire.Slot, 1))
        {
            Add(node.Retired, holder, slots);
            experiments[holder].Tell(new SlotRetired(slots[0], retire.Reason));
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
        if (!_nodes.TryGetValue(address, out var node))
            return;
        _leaving.Remove(node); // Nobody can tell it anything.
        foreach (var (holder, slots) in Held(pool.Lose(node.FirstSlot, node.Slots), node.Retired))
        {
            Add(node.Unreachable, holder, slots);
            experiments[holder].Tell(new SlotsUnreachable(slots));
        }
        node.Retired.Clear();
    }

    /// <summary>It is gone.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Lose(IActorRef address)
    {
        if (!_nodes.Remove(address, out var node))
            return false;
        _leaving.Remove(node);
        for (var slot = node.FirstSlot; slot < node.FirstSlot + node.Slots; slot++)
            _nodeOfSlot.Remove(slot);
        foreach (var (holder, slots) in Held(pool.Lose(node.FirstSlot, node.Slots), node.Unreachable, node.Retired))
            experiments[holder].Tell(new SlotsLost(slots));
        return true;
    }

    /// <summary>A slot as whoever is granted it has to know it.</summary>
    public GrantSlot Grant(int slot)
    {
        var node = _nodeOfSlot[slot];
        return new GrantSlot(slot, node.Name, node.Address, slot - node.FirstSlot, node.Joining);
    }

    /// <summary>All that each experiment holds of these, of those that are still there.</summary>
    private Dictionary<string, List<int>> Held(params IReadOnlyDictionary<string, List<int>>[] lost)
    {
        var held = new Dictionary<string, List<int>>();
        foreach (var (holder, slots) in lost.SelectMany(some => some).Where(some => experiments.ContainsKey(some.Key)))
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
