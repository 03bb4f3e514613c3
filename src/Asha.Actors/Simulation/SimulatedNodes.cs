using System.Globalization;
using Akka.Actor;
using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Core.Worlds;

namespace Asha.Actors.Simulation;

/// <summary>
/// Starts and ends the NodeActors of a world when it says so. A death is told as a cluster would: the supervisor hears that the node does not answer, and later its actor is gone. What becomes of the jobs is up to the actors.
/// </summary>
/// <param name="parts">Who plays a node in place of a NodeActor.</param>
/// <param name="begun">Told of each attempt that begins; <c>null</c>: the experiment's events say it.</param>
internal sealed class SimulatedNodes(
    VirtualSystem system, IActorRef supervisor, IReadOnlyList<WorldNode> nodes, long seed, WorldParts parts, Action<SimulatedSlot, SimulatedNodes.Life>? begun)
{
    private readonly TimeSpan _zero = system.Clock.Now;
    private readonly Dictionary<string, Life> _now = [];
    private readonly List<(SimulatedSlot? Slot, Life Life)> _slots = [];
    private int _due;
    private bool _isOver;

    /// <summary>Whether anything is still to happen to a node.</summary>
    public bool MayChange => _due > 0;

    /// <summary>Whether any attempt is under way on a node that lives.</summary>
    public bool Work
    {
        get
        {
            foreach (var life in _now.Values)
            {
                if (life.Shared.UnderWay > 0)
                    return true;
            }
            return false;
        }
    }

    /// <summary>Those that are there from the beginning join, one after the other, before anything else happens.</summary>
    public void Begin()
    {
        for (var number = 0; number < nodes.Count; number++)
        {
            var changes = nodes[number].Changes(seed, number).GetEnumerator();
            changes.MoveNext();
            if (changes.Current.Time > TimeSpan.Zero)
            {
                Plan(number, changes);
                continue;
            }
            Join(number);
            system.Clock.Drain();
            Next(number, changes);
        }
    }

    /// <summary>The run is over: what would happen later does not.</summary>
    public void End() => _isOver = true;

    /// <summary>All nodes are gone, and nothing of them is heard any more.</summary>
    public void Leave()
    {
        foreach (var life in _now.Values)
        {
            life.Shared.Die();
            if (!life.IsPlayed)
                system.Actors.Stop(life.Actor);
        }
    }

    public IActorRef ActorOf(int number) => _now.TryGetValue(Name(number), out var life) ? life.Actor : ActorRefs.Nobody;

    /// <summary>Notes which slot of which node has the number. A node's slots have numbers one after the other, and join lowest first.</summary>
    public void Joined(SlotJoined joined)
    {
        var life = _now[joined.Node];
        life.FirstSlot ??= joined.Slot;
        while (_slots.Count <= joined.Slot)
            _slots.Add(default);
        // One that a test plays has no slots of ours.
        _slots[joined.Slot] = (life.IsPlayed ? null : life.Slots[joined.Slot - life.FirstSlot.Value], life);
    }

    public (SimulatedSlot? Slot, Life Life) Of(int slot) => _slots[slot];

    private void Next(int number, IEnumerator<NodeChange> changes)
    {
        if (changes.MoveNext())
            Plan(number, changes);
        else
            changes.Dispose();
    }

    private void Plan(int number, IEnumerator<NodeChange> changes)
    {
        _due++;
        var (time, kind) = changes.Current;
        system.Clock.At(_zero + time, EventClass.NodeChanges, ((long)kind << 32) + number, () =>
        {
            _due--;
            if (_isOver)
                return;
            Change(number, kind);
            Next(number, changes);
        });
    }

    private void Change(int number, NodeChangeKind kind)
    {
        if (kind == NodeChangeKind.Joins)
        {
            Join(number);
            return;
        }
        var life = _now[Name(number)];
        switch (kind)
        {
            case NodeChangeKind.Leaves when life.IsPlayed:
                supervisor.Tell(new LeaveNode(), life.Actor);
                break;
            case NodeChangeKind.Leaves:
                life.Actor.Tell(DrainNode.Now);
                break;
            case NodeChangeKind.Dies:
                life.Shared.Die();
                supervisor.Tell(new NodeUnreachable(life.Actor));
                break;
            default:
                system.Actors.Stop(life.Actor);
                break;
        }
    }

    private void Join(int number)
    {
        var name = Name(number);
        var life = new Life(nodes[number], _now.TryGetValue(name, out var before) ? before.Number + 1 : 1, begun);
        _now[name] = life;
        if (parts.Node?.Invoke(number) is { } player)
        {
            (life.Actor, life.IsPlayed) = (player, true);
            supervisor.Tell(new JoinNode(name, nodes[number].Slots), player);
            return;
        }
        var setup = new NodeSetup(name, [.. Enumerable.Repeat(new SlotResources([], []), nodes[number].Slots)], (node, _, _) => life.Add(node.Self), _ => Task.CompletedTask, TimeSpan.FromDays(1));
        life.Actor = system.Actors.ActorOf(NodeActor.Props(setup, supervisor), life.Number == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-again-{life.Number - 1}"));
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"node-{number}");

    /// <summary>A node from one joining to its end.</summary>
    public sealed class Life
    {
        private readonly List<SimulatedSlot> _slots = [];

        public Life(WorldNode node, int number, Action<SimulatedSlot, Life>? begun)
        {
            (Node, Number) = (node, number);
            Shared = new SimulatedLife { Begun = begun is null ? null : slot => begun(slot, this) };
        }

        public WorldNode Node { get; }

        /// <summary>Its joinings are counted from 1.</summary>
        public int Number { get; }

        public IActorRef Actor { get; set; } = ActorRefs.Nobody;

        /// <summary>Its actor is not a NodeActor, but somebody in its place.</summary>
        public bool IsPlayed { get; set; }

        public SimulatedLife Shared { get; }

        public IReadOnlyList<SimulatedSlot> Slots => _slots;

        /// <summary>The number of its first slot, once the experiment has any of them.</summary>
        public int? FirstSlot { get; set; }

        public ISlot Add(IActorRef self)
        {
            _slots.Add(new SimulatedSlot(Shared, self));
            return _slots[^1];
        }
    }
}
