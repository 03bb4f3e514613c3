using Akka.Actor;
using Akka.TestKit;
using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Core.Spaces;

namespace Asha.Actors.Tests;

/// <summary>A node with the test as supervisor, experiments and trials.</summary>
public abstract class NodeTest : ActorTest
{
    protected static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected NodeTest() => (Supervisor, Experiment, Launches) = (CreateTestProbe("supervisor"), CreateTestProbe("experiment"), CreateTestProbe("launches"));

    protected TestProbe Supervisor { get; }

    protected TestProbe Experiment { get; }

    /// <summary>Told of each attempt that a <see cref="ScriptedRunner"/> starts.</summary>
    protected TestProbe Launches { get; }

    /// <summary>The checkpoints that the node was to delete.</summary>
    protected List<ReleaseCheckpoints> Released { get; } = [];

    /// <summary>Whether the node has said so.</summary>
    protected bool EndedInOrder { get; private set; }

    private protected IActorRef Node(int slots, ITrialRunner? runner = null, Func<ReleaseCheckpoints, Task>? release = null)
    {
        runner ??= new ScriptedRunner(Launches);
        var resources = Enumerable.Range(0, slots).Select(slot => new SlotResources([slot], [$"GPU-{slot}"]));
        return Sys.ActorOf(NodeActor.Props(new NodeSetup("node", [.. resources], TrialSlot.Running(runner), release ?? Release, Interval) { EndsInOrder = () => EndedInOrder = true }, Supervisor));
    }

    protected Task Release(ReleaseCheckpoints release)
    {
        Released.Add(release);
        return Task.CompletedTask;
    }

    protected static StartJob Job(int slot, int trial, int attempt = 1, double target = 4)
        => new(slot, trial, attempt, "", 77, new Configuration([new("x", ParameterValue.Of(0.5))]), 0, target, null);

    private protected Launched Start(IActorRef node, StartJob job, IActorRef? experiment = null)
    {
        node.Tell(job, experiment ?? Experiment);
        return Launches.ExpectMsg<Launched>();
    }

    protected static JobReport Heard(TestProbe experiment) => experiment.ExpectMsg<NodeReport>().Report;
}
