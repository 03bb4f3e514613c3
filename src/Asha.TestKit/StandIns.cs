using Akka.Actor;
using Akka.TestKit;
using Asha.Actors.Simulation;

namespace Asha.TestKit;

/// <summary>
/// Who plays which part of a run, where it is not Asha's own actor: a probe, most of all. What is left out is played by the actors of a live run. A part that is played does nothing but what the test makes it do, so that the run may come to a
/// halt before its end; step it with <see cref="ScenarioRun.RunUntil(double)"/>. The messages are those of <c>Asha.Actors.Messages</c>.
/// </summary>
public sealed record StandIns
{
    /// <summary>Gets <c>JoinNode</c> from the nodes (again every day of the run, unless it answers <c>NodeJoined</c>) and <c>OpenExperiment</c> from the experiment; nobody has a slot until it says <c>GrantSlots</c>.</summary>
    public IActorRef? Supervisor { get; init; }

    /// <summary>There is no other experiment then, and there are no events: it opens itself at the supervisor, starts jobs at the nodes, and gets their reports.</summary>
    public IActorRef? Experiment { get; init; }

    /// <summary>Gets what the experiment tells its watcher: <c>EventsCommitted</c>.</summary>
    public IActorRef? Watcher { get; init; }

    /// <summary>Plays a rung, by the numbers of its bracket and its own: gets <c>RankResult</c> and <c>PromoteHead</c>, and has to answer each with a <c>RungStanding</c>. <c>null</c>: that one is not played.</summary>
    public Func<int, int, IActorRef?>? Rung { get; init; }

    /// <summary>Who joins in the place of a node, by its number: gets <c>StartJob</c>. It says nothing by itself, like a machine that hangs.</summary>
    public IDictionary<int, IActorRef> Nodes { get; } = new Dictionary<int, IActorRef>();

    internal WorldParts Parts => new()
    {
        Supervisor = Plain(Supervisor),
        Experiment = Plain(Experiment),
        Watcher = Plain(Watcher),
        Node = Nodes.Count == 0 ? null : number => Plain(Nodes.TryGetValue(number, out var actor) ? actor : null),
        Rung = Rung is not { } rung ? null : (bracket, number) => rung(bracket, number) is { } actor ? Props.Create(() => new Relay(Plain(actor)!)) : null,
    };

    /// <summary>A probe passes for an actor, but is watched and compared by its own.</summary>
    private static IActorRef? Plain(IActorRef? actor) => actor is TestProbe probe ? probe.Ref : actor;

    /// <summary>The experiment's rungs are its children; this child passes all it gets on, with its sender.</summary>
    private sealed class Relay(IActorRef to) : UntypedActor
    {
        protected override void OnReceive(object message) => to.Forward(message);
    }
}
