using Akka.Actor;
using Akka.TestKit;
using Asha.Actors.Messages;

namespace Asha.Actors.Tests;

/// <summary>A supervisor that follows another, with the test as its registry, an experiment and a node.</summary>
public abstract class SupervisorTest : ActorTest
{
    protected static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    protected TestProbe Registry { get; }
    protected TestProbe One { get; }
    protected TestProbe Node { get; }
    protected IActorRef Supervisor { get; }

    protected SupervisorTest()
    {
        (Registry, One, Node) = (CreateTestProbe("registry"), CreateTestProbe("one"), CreateTestProbe("node"));
        Supervisor = Sys.ActorOf(SupervisorActor.Props(new SupervisorSetup(5, 100) { Registry = Registry, NodeGrace = Grace, NumberLimit = 200 }), "supervisor");
    }

    protected void Open(TestProbe experiment, string run = "one", int writer = 1, params int[] held)
    {
        Supervisor.Tell(new OpenExperiment(run, 1, held.Length == 0 ? null : held, writer), experiment);
        experiment.ExpectMsg<ToldSoFar>();
    }

    protected void Announce(int epoch = 5, int slots = 2, int? first = 40, params RunningJob[] running)
        => Supervisor.Tell(new JoinNode("node", slots, 3, epoch, first, running.Length == 0 ? null : running), Node);

    protected static HoldSlots Holding(long heard, params int[] held) => new("one", held, [], true, heard, 1);

    protected static long Told(int counter) => (5L << 32) + counter;
}
