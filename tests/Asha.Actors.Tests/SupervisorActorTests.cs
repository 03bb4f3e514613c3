using Akka.Actor;
using Akka.TestKit;
using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Core.Tests;

namespace Asha.Actors.Tests;

/// <summary>Slots between experiments.</summary>
public sealed class SupervisorActorTests : ActorTest
{
    private readonly IActorRef _supervisor;
    private readonly TestProbe _launches;

    public SupervisorActorTests() => (_supervisor, _launches) = (Sys.ActorOf(SupervisorActor.Props(), "supervisor"), CreateTestProbe("launches"));

    private TestProbe Open(string name, int weight)
    {
        var experiment = CreateTestProbe(name);
        _supervisor.Tell(new OpenExperiment(name, weight), experiment);
        return experiment;
    }

    private IActorRef Node(int slots, ITrialRunner? runner = null) => Sys.ActorOf(NodeActor.Props(
        new NodeSetup("node", [.. Enumerable.Range(0, slots).Select(slot => new SlotResources([slot], []))], TrialSlot.Running(runner ?? new ScriptedRunner(_launches)), _ => Task.CompletedTask, TimeSpan.FromSeconds(5)),
        _supervisor));

    /// <summary>A whole experiment, with its watcher.</summary>
    private (IActorRef Experiment, TestProbe Watcher) Run(string name, ExperimentSpec spec, int weight = 1)
    {
        var watcher = CreateTestProbe($"{name}-watcher");
        return (Sys.ActorOf(ExperimentActor.Props(new ExperimentSetup(spec, Origins.Run(name), weight, _supervisor, _ => ProbeJournal.Props(ActorRefs.Nobody), watcher)), name), watcher);
    }

    private static RunRecord ToTheEnd(TestProbe watcher)
    {
        var record = new RunRecord();
        while (record.State.Ended is null)
        {
            foreach (var happened in watcher.ExpectMsg<EventsCommitted>().Events)
                record.Apply(happened);
        }
        return record;
    }

    private static IReadOnlyList<GrantSlot> Granted(TestProbe experiment) => experiment.ExpectMsg<GrantSlots>().Slots;

    /// <summary>Whoever is told of it waits for the attempt's own ending, which may be lost with the node: a slot was held for ever.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_slot_that_was_retired_is_lost_with_its_node_all_the_same(bool isDoubted)
    {
        var experiment = Open("one", 1);
        var node = CreateTestProbe();
        _supervisor.Tell(new JoinNode("node", 2), node);
        Assert.Equal([0, 1], Granted(experiment).Select(slot => slot.Slot));
        _supervisor.Tell(new RetireSlot(1, "its trial cannot be ended"), node);
        Assert.Equal(new SlotRetired(1, "its trial cannot be ended"), experiment.ExpectMsg<SlotRetired>());
        if (isDoubted)
        {
            _supervisor.Tell(new NodeUnreachable(node.Ref));
            Assert.Equal([0, 1], experiment.ExpectMsg<SlotsUnreachable>().Slots);
        }
        Sys.Stop(node.Ref);
        Assert.Equal([0, 1], experiment.ExpectMsg<SlotsLost>().Slots);
    }

    [Fact]
    public void A_nodes_slots_are_granted_with_the_nodes_own_numbers()
    {
        var experiment = Open("one", 1);
        var (first, second) = (CreateTestProbe(), CreateTestProbe());
        _supervisor.Tell(new JoinNode("first", 2), first);
        _supervisor.Tell(new JoinNode("second", 1), second);
        Assert.Equal(
            [new GrantSlot(0, "first", first.Ref, 0), new GrantSlot(1, "first", first.Ref, 1), new GrantSlot(2, "second", second.Ref, 0)],
            Granted(experiment).Concat(Granted(experiment)));
    }

    [Fact]
    public void Two_experiments_share_by_weight()
    {
        var light = Open("light", 1);
        _supervisor.Tell(new JoinNode("node", 6), CreateTestProbe());
        Assert.Equal([0, 1, 2, 3, 4, 5], Granted(light).Select(grant => grant.Slot));
        var heavy = Open("heavy", 2);
        // Two thirds are asked back, as they fall idle.
        var recalled = Enumerable.Range(0, 4).Select(_ => light.ExpectMsg<RecallSlot>().Slot).ToArray();
        Flush(_supervisor);
        Assert.False(light.HasMessages || heavy.HasMessages);
        foreach (var slot in recalled)
            _supervisor.Tell(new ReturnSlot("light", slot), light);
        Assert.Equal(recalled, Enumerable.Range(0, 4).Select(_ => Assert.Single(Granted(heavy)).Slot));
    }

    [Fact]
    public void A_node_that_dies_is_told_to_those_who_held_its_slots_and_only_to_them()
    {
        var node = CreateTestProbe();
        var (one, other) = (Open("one", 1), Open("other", 1));
        _supervisor.Tell(new JoinNode("dies", 2), node);
        Assert.Single(Granted(one));
        Assert.Single(Granted(other));
        _supervisor.Tell(new JoinNode("lives", 2), CreateTestProbe());
        Assert.Single(Granted(one));
        Assert.Single(Granted(other));
        Sys.Stop(node);
        Assert.Equal([0], one.ExpectMsg<SlotsLost>().Slots);
        Assert.Equal([1], other.ExpectMsg<SlotsLost>().Slots);
    }

    [Fact]
    public void A_node_that_does_not_answer_is_told_first_and_its_end_later()
    {
        var (node, other) = (CreateTestProbe(), CreateTestProbe());
        _supervisor.Tell(new JoinNode("silent", 2), node);
        var (one, two) = (Open("one", 1), Open("two", 1));
        Assert.Equal(2, Granted(one).Count);
        one.ExpectMsg<RecallSlot>();
        _supervisor.Tell(new ReturnSlot("one", 1), one);
        Assert.Equal(1, Assert.Single(Granted(two)).Slot);
        _supervisor.Tell(new NodeUnreachable(node));
        Assert.Equal([0], one.ExpectMsg<SlotsUnreachable>().Slots);
        Assert.Equal([1], two.ExpectMsg<SlotsUnreachable>().Slots);
        // It is not told twice, and nobody gets its slots.
        _supervisor.Tell(new NodeUnreachable(node));
        _supervisor.Tell(new CloseExperiment("two"), two);
        _supervisor.Tell(new JoinNode("new", 1), other);
        Assert.Equal(2, Assert.Single(Granted(one)).Slot);
        Sys.Stop(node);
        Assert.Equal([0], one.ExpectMsg<SlotsLost>().Slots);
        Flush(_supervisor);
        Assert.False(one.HasMessages || two.HasMessages);
    }

    [Fact]
    public void A_node_that_answers_again_joins_with_new_slots()
    {
        var node = CreateTestProbe();
        _supervisor.Tell(new JoinNode("back", 2), node);
        var one = Open("one", 1);
        Assert.Equal(2, Granted(one).Count);
        _supervisor.Tell(new NodeUnreachable(node));
        Assert.Equal([0, 1], one.ExpectMsg<SlotsUnreachable>().Slots);
        _supervisor.Tell(new JoinNode("back", 2), node);
        Assert.Equal([0, 1], one.ExpectMsg<SlotsLost>().Slots);
        Assert.Equal([2, 3], Granted(one).Select(grant => grant.Slot));
    }

    [Fact]
    public void A_node_that_stops_answering_while_it_leaves_is_not_told_to_go()
    {
        var node = CreateTestProbe();
        _supervisor.Tell(new JoinNode("leaves", 1), node);
        var one = Open("one", 1);
        Granted(one);
        _supervisor.Tell(new LeaveNode(), node);
        one.ExpectMsg<RecallSlot>();
        _supervisor.Tell(new NodeUnreachable(node));
        one.ExpectMsg<SlotsUnreachable>();
        Flush(_supervisor);
        Assert.False(node.HasMessages);
    }

    [Fact]
    public void The_slots_of_a_node_that_leaves_are_recalled_and_given_to_nobody()
    {
        var node = CreateTestProbe();
        _supervisor.Tell(new JoinNode("leaves", 3), node);
        var one = Open("one", 1);
        Assert.Equal(3, Granted(one).Count);
        _supervisor.Tell(new LeaveNode(), node);
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(_ => one.ExpectMsg<RecallSlot>().Slot));
        var two = Open("two", 1);
        _supervisor.Tell(new ReturnSlot("one", 1), one);
        _supervisor.Tell(new ReturnSlot("one", 0), one);
        Flush(_supervisor);
        Assert.False(node.HasMessages || two.HasMessages);
        _supervisor.Tell(new CloseExperiment("one"), one);
        node.ExpectMsg<NodeReleased>();
        Flush(_supervisor);
        Assert.False(node.HasMessages || two.HasMessages);
    }

    [Fact]
    public void An_experiment_that_ends_or_dies_leaves_its_slots_to_the_others()
    {
        _supervisor.Tell(new JoinNode("node", 2), CreateTestProbe());
        var closes = Open("closes", 1);
        Assert.Equal(2, Granted(closes).Count);
        var dies = Open("dies", 1);
        closes.ExpectMsg<RecallSlot>();
        _supervisor.Tell(new CloseExperiment("closes"), closes);
        Assert.Equal(2, Granted(dies).Count);
        var last = Open("last", 1);
        Sys.Stop(dies);
        Assert.Equal(2, Granted(last).Count);
    }

    [Fact]
    public void Two_whole_experiments_on_one_node_end_each_with_its_own_results()
    {
        // Trials of both have the same numbers; the metrics tell whose is whose.
        var spec = TableWorld.Spec(SchedulerType.Asha, 3, 1, 9, 27);
        var (_, one) = Run("one", spec with { Seed = 1 });
        var (_, two) = Run("two", spec with { Seed = 2 });
        Node(4, new InstantRunner(launch => launch.Configuration.Values[0].Value.AsNumber()));
        foreach (var record in new[] { ToTheEnd(one), ToTheEnd(two) })
        {
            Assert.Equal(27, record.State.Rungs[0].Completed);
            Assert.All(record.State.Trials, trial => Assert.All(trial.Results, result => Assert.Equal(trial.Parameters.Values[0].Value.AsNumber(), result.Metric)));
        }
    }

    [Fact]
    public void The_slots_of_an_experiment_that_stops_go_on_with_another()
    {
        var (one, _) = Run("one", TableWorld.Spec(SchedulerType.Asha, 3, 1, 9, null));
        Node(2);
        var first = new[] { _launches.ExpectMsg<Launched>(), _launches.ExpectMsg<Launched>() };
        var (_, watcher) = Run("two", TableWorld.Spec(SchedulerType.Sha, 3, 1, 1, 2));
        one.Tell(new StopExperiment("stopped", ""));
        for (var trial = 0; trial < 2; trial++)
            _launches.ExpectMsg<Launched>().Complete(0.5);
        Assert.Equal(2, ToTheEnd(watcher).State.Rungs[0].Completed);
        Assert.All(first, launched => Assert.True(launched.IsStopped));
    }
}
