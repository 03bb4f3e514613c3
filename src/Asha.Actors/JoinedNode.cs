using Akka.Actor;
using Asha.Actors.Messages;

namespace Asha.Actors;

/// <summary>A node, as the supervisor knows it.</summary>
/// <param name="Name">For people.</param>
/// <param name="Address">The NodeActor.</param>
/// <param name="FirstSlot">The number of its first slot; the others follow it.</param>
/// <param name="Slots">How many.</param>
/// <param name="Joining">Its own number of the joining by which they are there.</param>
/// <param name="Files">Where others fetch its checkpoints.</param>
internal sealed record JoinedNode(string Name, IActorRef Address, int FirstSlot, int Slots, int Joining, string? Files)
{
    /// <summary>Who held its slots when it stopped answering.</summary>
    public Dictionary<string, List<int>> Unreachable { get; } = [];

    /// <summary>Who held those that were retired: an attempt tells so itself, in its ending, but that may be lost with the node.</summary>
    public Dictionary<string, List<int>> Retired { get; } = [];

    /// <summary>What ran there when it joined, by slot, until the slot is given to another run.</summary>
    public Dictionary<int, RunningJob> Running { get; } = [];
}
