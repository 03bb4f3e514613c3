using Akka.Actor;
using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Actors.Metrics;
using Asha.Core.Scheduling;

namespace Asha.Actors;

/// <summary>What a node brings.</summary>
/// <param name="Name">For people.</param>
/// <param name="Slots">The resources of each.</param>
/// <param name="Slot">Makes what runs attempts on a slot.</param>
/// <param name="Release">Deletes checkpoints.</param>
/// <param name="ResendInterval">What was not answered is said again after this time.</param>
public sealed record NodeSetup(string Name, IReadOnlyList<SlotResources> Slots, SlotMaker Slot, Func<ReleaseCheckpoints, Task> Release, TimeSpan ResendInterval)
{
    /// <summary>Carries what the node says, as <see cref="Outward"/>, where its actor system has no way out itself; <c>null</c>: it has.</summary>
    public IActorRef? Uplink { get; init; }

    /// <summary>Where others fetch the checkpoints that it has, host and port; <c>null</c>: nowhere.</summary>
    public string? Files { get; init; }

    /// <summary>Names the process, among all that this node was or will be; <c>null</c>: nobody needs to know.</summary>
    public string? Process { get; init; }

    /// <summary>Full path of the file in which reports are kept that no journal has yet, for the next process; <c>null</c>: in memory alone.</summary>
    public string? Reports { get; init; }

    /// <summary>Takes how long slots wait for their next jobs, and how many reports wait; <c>null</c>: nobody wants to know.</summary>
    public EngineMetrics? Metrics { get; init; }

    /// <summary>Called when the node ends because it was let go or told to, and all of it is over; without it, it has failed. From an actor's thread.</summary>
    public Action? EndsInOrder { get; init; }

    /// <summary>What each slot has, for experiments that demand something; <c>null</c>: it is not said.</summary>
    public IReadOnlyList<SlotCapacity>? Capacities { get; init; }
}
