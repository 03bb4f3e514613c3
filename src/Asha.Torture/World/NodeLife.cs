using Akka.Actor;
using Asha.Torture.Network;
using Asha.Torture.Trials;

namespace Asha.Torture.World;

/// <summary>A node from one start to its end.</summary>
internal sealed class NodeLife(Machine machine, int number, IActorRef actor, Connection connection, IReadOnlyList<VirtualRunner> runners)
{
    public Machine Machine => machine;

    /// <summary>The node's starts are counted from 1.</summary>
    public int Number => number;

    public IActorRef Actor => actor;

    public Connection Connection => connection;

    public IReadOnlyList<VirtualRunner> Runners => runners;

    /// <summary>The supervisor was told that it does not answer.</summary>
    public bool IsDoubted { get; set; }

    /// <summary>Its coordinator is gone, and it has not been told of the next one.</summary>
    public bool IsOrphan { get; set; }

    /// <summary>It was told to take no more jobs.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>Its actor has ended, or is about to.</summary>
    public bool IsGone { get; set; }

    /// <summary>Slots that are retired.</summary>
    public HashSet<int> Retired { get; } = [];
}

/// <summary>A machine, on which one node after the other may run.</summary>
internal sealed class Machine(int number, int slots)
{
    /// <summary>Counted from 0.</summary>
    public int Number => number;

    public int Slots => slots;

    public string Name { get; } = $"node-{number}";

    public int Lives { get; set; }

    /// <summary>It fails all that it is given.</summary>
    public bool IsBroken { get; set; }

    /// <summary>What runs on it now; <c>null</c>: nothing.</summary>
    public NodeLife? Now { get; set; }
}
