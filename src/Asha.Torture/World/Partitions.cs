using Asha.Torture.Faults;
using Asha.Torture.Network;

namespace Asha.Torture.World;

/// <summary>The network falls into parts and grows together again. What is sent from one part to the other meanwhile is lost; a node that is cut off for long is given up, and joins anew when it is back.</summary>
internal sealed class Partitions(TortureWorld world, Machines machines)
{
    private enum Direction { Both, ToNodes, FromNodes }

    private readonly Dice _dice = new(world.Plan.Random.Stream("partitions"));

    /// <summary>Some nodes are cut off from their coordinator, or the supervisor from the experiment, where these are on two machines.</summary>
    public void Strike()
    {
        if (world.Coordinator is null)
            return;
        // A switch fails for all that are behind it, and in the same way.
        var direction = _dice.Pick(Direction.Both, Direction.Both, Direction.ToNodes, Direction.FromNodes);
        var times = _dice.Chance(.3) ? _dice.Between(2, 5) : 1;
        foreach (var life in machines.All.Select(machine => machine.Now).OfType<NodeLife>().Where(life => life is { IsDoubted: false, IsLeaving: false, IsOrphan: false, Connection: { IsFrozen: false, IsDead: false, IsCut: false } }).ToArray())
        {
            if (_dice.Chance(.5))
                Cut(life.Connection, life, direction, times);
        }
        if (world.Engines.IsClustered && !world.Network.Between.IsCut && _dice.Chance(.3))
            Cut(world.Network.Between, null, direction, times);
    }

    /// <summary>All is one again.</summary>
    public void Heal()
    {
        Mend(world.Network.Between, null);
        foreach (var life in machines.All.Select(machine => machine.Now).OfType<NodeLife>())
            Mend(life.Connection, life);
    }

    /// <param name="life">Of the node at its end; <c>null</c>: it is that between supervisor and experiment.</param>
    /// <param name="times">It comes and goes so often.</param>
    private void Cut(Connection connection, NodeLife? life, Direction direction, int times)
    {
        if (!world.IsFire || life is { IsGone: true })
            return;
        world.Counts.Inject(Fault.Partition);
        world.Trace.Note($"{life?.Machine.Name ?? "the experiment"} is cut off{direction switch { Direction.ToNodes => ": nothing gets there", Direction.FromNodes => ": nothing comes from there", _ => "" }}");
        (connection.IsCutToNode, connection.IsCutFromNode, connection.AwaitsEffectOfCut) = (direction != Direction.FromNodes, direction != Direction.ToNodes, true);
        if (life is not null)
        {
            machines.Harmed(life.Machine);
            world.After(Pause(), () => GiveUp(life));
        }
        world.After(Pause(), () =>
        {
            Mend(connection, life);
            if (times > 1)
                world.After(Pause() / 10, () => Cut(connection, life, direction, times - 1));
        });
    }

    /// <summary>Whoever does not answer for long is taken to be gone.</summary>
    private void GiveUp(NodeLife life)
    {
        if (!life.Connection.IsCut || !world.NodeFaults.Doubt(life))
            return;
        life.Connection.AwaitsEffectOfCut = false;
        world.Effects.Expect(Fault.Partition, life.Machine.Name);
    }

    private void Mend(Connection connection, NodeLife? life)
    {
        if (!connection.IsCut)
            return;
        (connection.IsCutToNode, connection.IsCutFromNode) = (false, false);
        world.Trace.Note($"{life?.Machine.Name ?? "the experiment"} is there again");
        if (life is { Connection.IsFrozen: false })
            world.NodeFaults.Return(life, joins: true);
    }

    private TimeSpan Pause() => _dice.Time(TimeSpan.FromMilliseconds(100), world.Plan.Faults.LongestBreak);
}
