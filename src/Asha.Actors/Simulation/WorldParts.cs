using Akka.Actor;

namespace Asha.Actors.Simulation;

/// <summary>Who plays which part in a virtual world, where it is not the engine's own actor: a test's probes. What is left out is played as in a live run.</summary>
internal sealed record WorldParts
{
    public static readonly WorldParts Own = new();

    /// <summary>Nodes join it, and the experiment asks it for slots.</summary>
    public IActorRef? Supervisor { get; init; }

    /// <summary>There is no experiment then: whoever this is opens one at the supervisor, starts jobs and hears of their ends.</summary>
    public IActorRef? Experiment { get; init; }

    /// <summary>Hears what the experiment tells its watcher.</summary>
    public IActorRef? Watcher { get; init; }

    /// <summary>Of a node's number from 0: who joins in its place.</summary>
    public Func<int, IActorRef?>? Node { get; init; }

    /// <summary>See <see cref="ExperimentSetup.Rung"/>.</summary>
    public Func<int, int, Props?>? Rung { get; init; }

    /// <summary>Whether all that happens follows from the world: else somebody may still act when nothing can happen any more.</summary>
    public bool AreOwn => Supervisor is null && Experiment is null && Node is null && Rung is null;

    /// <summary>Whether the experiment's events, or the numbers in them, say nothing of which slot of which node runs what.</summary>
    public bool HideSlots => Supervisor is not null || Experiment is not null;
}
