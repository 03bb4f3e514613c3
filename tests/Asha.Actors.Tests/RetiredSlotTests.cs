using Akka.Actor;
using Akka.TestKit;
using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Core.Tests;

namespace Asha.Actors.Tests;

/// <summary>A slot that is given up with its attempt, through node, supervisor and experiments.</summary>
public sealed class RetiredSlotTests : ActorTest
{
    private const string Reason = "trial 0 did not end within 5 s of being told to";

    private readonly TestProbe _launches;
    private readonly ScriptedRunner _runner;

    public RetiredSlotTests()
    {
        _launches = CreateTestProbe("launches");
        _runner = new ScriptedRunner(_launches, stubborn: true);
    }

    private IActorRef Node(IActorRef supervisor, int slots) => Sys.ActorOf(NodeActor.Props(
        new NodeSetup("node", [.. Enumerable.Range(0, slots).Select(slot => new SlotResources([slot], []))], TrialSlot.Running(_runner), _ => Task.CompletedTask, TimeSpan.FromSeconds(5)),
        supervisor));

    private (IActorRef Experiment, TestProbe Watcher) Run(string name, IActorRef supervisor, int trials)
    {
        var watcher = CreateTestProbe($"{name}-watcher");
        var spec = TableWorld.Spec(SchedulerType.Asha, 2, 1, 1, trials);
        return (Sys.ActorOf(ExperimentActor.Props(new ExperimentSetup(spec, Origins.Run(name), 1, supervisor, _ => ProbeJournal.Props(ActorRefs.Nobody), watcher)), name), watcher);
    }

    private static StartJob Job(int slot, int trial) => new(slot, trial, 1, "", 0, Core.Spaces.Configuration.Empty, 0, 1, null);

    private Launched Launch() => _launches.ExpectMsg<Launched>();

    private static List<ExperimentEvent> Until(TestProbe watcher, Func<ExperimentEvent, bool> last)
    {
        var events = new List<ExperimentEvent>();
        while (!events.Exists(happened => last(happened)))
            events.AddRange(watcher.ExpectMsg<EventsCommitted>().Events);
        return events;
    }

    [Fact]
    public void The_node_tells_the_supervisor_and_runs_nothing_on_the_slot_any_more()
    {
        var (supervisor, experiment) = (CreateTestProbe("supervisor"), CreateTestProbe("experiment"));
        var node = Node(supervisor, 2);
        supervisor.ExpectMsg<JoinNode>();
        node.Tell(Job(1, 0), experiment);
        var stubborn = Launch();
        node.Tell(Job(1, 7), experiment); // It waits behind the other.
        stubborn.End(EndingCause.TimeLimit, "ran longer", Reason);
        Assert.Equal(Reason, experiment.ExpectMsg<NodeReport>().Report.Ending!.Retires);
        Assert.Equal(new RetireSlot(1, Reason), supervisor.ExpectMsg<RetireSlot>());
        var refused = experiment.ExpectMsg<NodeReport>().Report;
        Assert.Equal((7, EndingCause.SlotRetired, Reason), (refused.Trial, refused.Ending!.Cause, refused.Ending.Retires));
        node.Tell(Job(1, 8), experiment); // It was on its way.
        Assert.Equal(EndingCause.SlotRetired, experiment.ExpectMsg<NodeReport>().Report.Ending!.Cause);
        // The other slot works on.
        node.Tell(Job(0, 9), experiment);
        Assert.Equal(9, Launch().Launch.Trial);
        Assert.Equal(2, _runner.Count);
    }

    /// <summary>Nobody gives back a slot that has retired: a supervisor that has not heard of it would wait for it, and never release the node.</summary>
    [Fact]
    public void Which_slots_have_retired_is_said_until_it_is_heard_and_again_by_a_node_that_joins_again()
    {
        var (supervisor, experiment) = (CreateTestProbe("supervisor"), CreateTestProbe("experiment"));
        supervisor.IgnoreMessages(message => message is IsRunOver);
        var node = Node(supervisor, 2);
        supervisor.ExpectMsg<JoinNode>();
        node.Tell(new NodeJoined(1), supervisor);
        node.Tell(Job(1, 0), experiment);
        Launch().End(EndingCause.TimeLimit, "ran longer", Reason);
        supervisor.ExpectMsg<RetireSlot>(); // It gets lost.
        node.Tell(JoinAgain.Now);
        supervisor.ExpectMsg<JoinNode>();
        Assert.Equal(new RetireSlot(1, Reason), supervisor.ExpectMsg<RetireSlot>());
        node.Tell(new NodeJoined(2), supervisor);
        node.Tell(DrainNode.Now);
        supervisor.ExpectMsg<LeaveNode>();
        Flush(node);
        Clock.MoveBy(TimeSpan.FromSeconds(5));
        Assert.Equal(new RetireSlot(1, Reason), supervisor.ExpectMsg<RetireSlot>());
        supervisor.ExpectMsg<LeaveNode>();
        node.Tell(new SlotGivenUp(1), supervisor);
        Flush(node);
        Clock.MoveBy(TimeSpan.FromSeconds(5));
        supervisor.ExpectMsg<LeaveNode>();
        Assert.False(supervisor.HasMessages);
    }

    [Fact]
    public void An_experiment_loses_the_slot_with_the_failure_and_ends_on_the_others()
    {
        var supervisor = Sys.ActorOf(SupervisorActor.Props());
        var (_, watcher) = Run("one", supervisor, trials: 4);
        Node(supervisor, 2);
        var first = Launch();
        var other = Launch();
        first.End(EndingCause.TimeLimit, "ran longer", Reason);
        var events = Until(watcher, happened => happened is SlotLeft);
        var failed = events.FindIndex(happened => happened is AttemptFailed);
        Assert.True(events[failed] is AttemptFailed { Last: true }, "tried again");
        Assert.Equal(new SlotLeft(events[failed].Time, ((AttemptFailed)events[failed]).Slot, Reason), events[failed + 1]);
        for (var trial = 2; trial < 4; trial++)
        {
            other.Complete(0.1);
            other = Launch();
        }
        other.Complete(0.1);
        events.AddRange(Until(watcher, happened => happened is ExperimentEnded));
        Assert.DoesNotContain(events.Skip(failed + 2), happened => happened is JobStarted started && started.Slot == ((AttemptFailed)events[failed]).Slot);
        Assert.Equal("completed", Assert.IsType<ExperimentEnded>(events[^1]).Outcome);
    }

    [Fact]
    public void Whoever_was_granted_the_slot_meanwhile_is_told()
    {
        // The first experiment ends while its trial ignores that; the slot goes on to the second, whose job waits for it; and is then given up.
        var supervisor = Sys.ActorOf(SupervisorActor.Props());
        var (first, _) = Run("first", supervisor, trials: 100);
        Node(supervisor, 2);
        var (stubborn, obedient) = (Launch(), Launch());
        var (_, watcher) = Run("second", supervisor, trials: 2);
        first.Tell(new StopExperiment("cancelled", ""));
        obedient.End(EndingCause.Stopped);
        var working = Launch();
        ActorTest.Until(() => stubborn.IsStopped, () => "not stopped");
        stubborn.End(EndingCause.Stopped, "", Reason);
        working.Complete(0.1);
        Launch().Complete(0.2);
        var events = Until(watcher, happened => happened is ExperimentEnded);
        Assert.Equal("slot-retired", Assert.Single(events.OfType<AttemptLost>()).Cause);
        Assert.Equal(Reason, Assert.Single(events.OfType<SlotLeft>()).Reason);
        Assert.Equal(2, events.OfType<JobCompleted>().Count());
        Assert.Empty(events.OfType<AttemptFailed>());
    }

    [Fact]
    public void An_idle_holder_of_the_slot_lets_it_go()
    {
        var (supervisor, journal, watcher, node) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        var experiment = Sys.ActorOf(ExperimentActor.Props(new ExperimentSetup(
            TableWorld.Spec(SchedulerType.Asha, 2, 1, 1, 1), Origins.Run("run"), 1, supervisor, _ => ProbeJournal.Props(journal), watcher)));
        experiment.Tell(new GrantSlots([new GrantSlot(0, "node", node, 0), new GrantSlot(1, "node", node, 1)]), supervisor);
        Assert.Equal(0, node.ExpectMsg<StartJob>().Slot);
        experiment.Tell(new SlotRetired(0, Reason), supervisor); // Busy: the attempt will tell itself.
        experiment.Tell(new SlotRetired(5, Reason), supervisor); // Gone already.
        experiment.Tell(new SlotRetired(1, Reason), supervisor);
        var left = Assert.Single(Until(watcher, happened => happened is SlotLeft).OfType<SlotLeft>());
        Assert.Equal((1, Reason), (left.Slot, left.Reason));
    }
}
