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
internal sealed class SimulatedNodes(VirtualSystem system, IActorRef supervisor, IReadOnlyList<WorldNode> nodes, long seed)
{
    private readonly Dictionary<string, Life> _now = [];
    private readonly Dictionary<int, Life> _ofSlot = [];
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
                if (life.Runner.UnderWay > 0)
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

    /// <summary>Which node a slot is on.</summary>
    public void Joined(SlotJoined joined) => _ofSlot[joined.Slot] = _now[joined.Node];

    public Life Of(int slot) => _ofSlot[slot];

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
        system.Clock.At(time, EventClass.NodeChanges, ((long)kind << 32) + number, () =>
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
            case NodeChangeKind.Leaves:
                life.Actor.Tell(DrainNode.Now);
                break;
            case NodeChangeKind.Dies:
                life.Runner.Die();
                supervisor.Tell(new NodeUnreachable(life.Actor));
                break;
            default:
                system.Actors.Stop(life.Actor);
                break;
        }
    }

    private void Join(int number)
    {
        var (name, runner) = (Name(number), new SimulatedRunner());
        var lives = _now.TryGetValue(name, out var before) ? before.Number + 1 : 1;
        var setup = new NodeSetup(name, [.. Enumerable.Range(0, nodes[number].Slots).Select(_ => new SlotResources([], []))], () => TrialActor.Props(runner), _ => Task.CompletedTask, TimeSpan.FromDays(1));
        var actor = system.Actors.ActorOf(NodeActor.Props(setup, supervisor), lives == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-again-{lives - 1}"));
        _now[name] = new Life(nodes[number], lives, actor, runner);
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"node-{number}");

    /// <summary>A node from one joining to its end; <paramref name="Number"/> counts them from 1.</summary>
    public sealed record Life(WorldNode Node, int Number, IActorRef Actor, SimulatedRunner Runner);
}
