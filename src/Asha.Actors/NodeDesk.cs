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
internal sealed class NodeDesk(SupervisorSetup setup, SlotPool pool, ExperimentDesk experiments, IActorRef registry, IActorContext supervisor, Func<ITimerScheduler> timers)
{
    /// <summary>The supervisor's own alarm: nodes that have not joined are told again.</summary>
    internal sealed class AnnounceAgain : INoSerializationVerificationNeeded
    {
        public static readonly AnnounceAgain Now = new();
    }

    private readonly Dictionary<IActorRef, JoinedNode> _nodes = [];
    private readonly Dictionary<int, JoinedNode> _nodeOfSlot = [];

    /// <summary>Nodes that have yet to hear that this is the supervisor.</summary>
    private readonly HashSet<IActorRef> _met = [];

    /// <summary>Nodes that are told to go as soon as nobody holds a slot of theirs, in the order in which they asked.</summary>
    private readonly List<JoinedNode> _leaving = [];
    private int _limit = setup.NumberLimit;

    /// <summary>One that joins again, after it did not answer, has new slots: those that it had were given up. The same joining may come twice.</summary>
    public void Join(IActorRef address, JoinNode join)
    {
        if (setup.IsClustered && join.Epoch != setup.Epoch && (join.FirstSlot is not null || join.Running is not null || join.Epoch > setup.Epoch))
        {
            // What it says of others it must not say to this one before it takes no starts of theirs any more.
            if (join.Epoch < setup.Epoch)
                address.Tell(new AnnounceNode(setup.Epoch));
            return;
        }
        if (join.Joining > 0 && _nodes.TryGetValue(address, out var known) && join.Joining <= known.Joining)
        {
            Answer(known, join.Joining);
            return;
        }
        var keeps = join.FirstSlot is { } first && first >= 0 && first + join.Slots <= pool.NextNumber && !pool.HasAny(first, join.Slots);
        if (!keeps && pool.NextNumber + join.Slots > _limit)
        {
            registry.Tell(new NumbersUsedUp(pool.NextNumber));
            return; // It will ask again.
        }
        Lose(address);
        var numbered = pool.Join(join.Resources is { } capacities && capacities.Count == join.Slots ? capacities : [.. Enumerable.Repeat(SlotCapacity.None, join.Slots)], keeps ? join.FirstSlot : null);
        var node = new JoinedNode(join.Node, supervisor.Watch(address), numbered, join.Slots, join.Joining);
        _nodes[address] = node;
        _met.Remove(address);
        for (var slot = node.FirstSlot; slot < node.FirstSlot + join.Slots; slot++)
            _nodeOfSlot[slot] = node;
        foreach (var job in join.Running ?? [])
            Keep(node, job);
        if (join.Joining > 0)
            Answer(node, join.Joining);
    }

    /// <summary>More numbers may be given.</summary>
    public void Allow(int limit) => _limit = Math.Max(_limit, limit);

    /// <summary>A node is there that does not know this supervisor.</summary>
    public void Meet(IActorRef address)
    {
        if (_nodes.ContainsKey(address) || !_met.Add(supervisor.Watch(address)))
            return;
        address.Tell(new AnnounceNode(setup.Epoch));
        timers().StartSingleTimer(AnnounceAgain.Now, AnnounceAgain.Now, setup.ResendInterval);
    }

    /// <summary>Tells those again that have not joined.</summary>
    public void SayAgain()
    {
        foreach (var address in _met)
            address.Tell(new AnnounceNode(setup.Epoch));
        if (_met.Count > 0)
            timers().StartSingleTimer(AnnounceAgain.Now, AnnounceAgain.Now, setup.ResendInterval);
    }

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
        if (!_nodes.Remove(address, out var node))
            return _met.Remove(address);
        _leaving.Remove(node);
        for (var slot = node.FirstSlot; slot < node.FirstSlot + node.Slots; slot++)
            _nodeOfSlot.Remove(slot);
        foreach (var (holder, slots) in Held(pool.Lose(node.FirstSlot, node.Slots), node.Unreachable, node.Retired))
            experiments.Tell(holder, new SlotsLost(slots));
        return true;
    }

    /// <summary>A slot as whoever is granted it has to know it. What ran there when the node joined is said with each renewal, as one may be lost; when it is over, its experiment knows.</summary>
    public GrantSlot Grant(PoolDecision granted)
    {
        var node = _nodeOfSlot[granted.Slot];
        if (node.Running.TryGetValue(granted.Slot, out var running) && running.Run != granted.Experiment)
            node.Running.Remove(granted.Slot, out running);
        running = running?.Run == granted.Experiment ? running : null;
        var capacity = pool.CapacityOf(granted.Slot);
        return new GrantSlot(
            granted.Slot, node.Name, node.Address, granted.Slot - node.FirstSlot, node.Joining, setup.IsClustered ? granted.Grant : 0, running, capacity == SlotCapacity.None ? null : capacity);
    }

    /// <summary>A job runs there: the slot is kept for its experiment, wherever that is.</summary>
    private void Keep(JoinedNode node, RunningJob job)
    {
        var slot = node.FirstSlot + job.Slot;
        if (!setup.IsClustered || job.Slot < 0 || job.Slot >= node.Slots || !pool.Hold(slot, job.Run))
            return;
        node.Running[slot] = job;
        if (!experiments.Knows(job.Run))
            registry.Tell(new ExperimentAway(job.Run));
    }

    private void Answer(JoinedNode node, int joining)
        => node.Address.Tell(setup.IsClustered ? new NodeJoined(joining, setup.Epoch, node.FirstSlot) : new NodeJoined(joining));

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
