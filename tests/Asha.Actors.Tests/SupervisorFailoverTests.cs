using Akka.Actor;
using Akka.TestKit;
using Asha.Actors.Messages;

namespace Asha.Actors.Tests;

/// <summary>A supervisor that follows another knows nothing before nodes and experiments tell; and messages between it and experiments get lost.</summary>
public sealed class SupervisorFailoverTests : ActorTest
{
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(10);

    private readonly TestProbe _registry, _one, _node;
    private readonly IActorRef _supervisor;

    public SupervisorFailoverTests()
    {
        (_registry, _one, _node) = (CreateTestProbe("registry"), CreateTestProbe("one"), CreateTestProbe("node"));
        _supervisor = Sys.ActorOf(SupervisorActor.Props(new SupervisorSetup(5, 100) { Registry = _registry, NodeGrace = _grace, NumberLimit = 200 }), "supervisor");
    }

    private void Open(TestProbe experiment, string run = "one", int writer = 1, params int[] held)
    {
        _supervisor.Tell(new OpenExperiment(run, 1, held.Length == 0 ? null : held, writer), experiment);
        experiment.ExpectMsg<ToldSoFar>();
    }

    private void Announce(int epoch = 5, int slots = 2, int? first = 40, params RunningJob[] running)
        => _supervisor.Tell(new JoinNode("node", slots, 3, epoch, first, running.Length == 0 ? null : running), _node);

    private static HoldSlots Holding(long heard, params int[] held) => new("one", held, [], true, heard, 1);

    [Fact]
    public void A_node_is_told_until_it_joins_and_keeps_its_numbers()
    {
        _supervisor.Tell(new MeetNode(_node.Ref));
        for (var time = 0; time < 3; time++)
        {
            Assert.Equal(new AnnounceNode(5), _node.ExpectMsg<AnnounceNode>());
            Flush(_supervisor);
            Clock.MoveBy(TimeSpan.FromSeconds(5));
        }
        _node.ExpectMsg<AnnounceNode>();
        Announce();
        Assert.Equal(new NodeJoined(3, 5, 40), _node.ExpectMsg<NodeJoined>());
        Flush(_supervisor);
        Clock.MoveBy(TimeSpan.FromSeconds(5));
        Flush(_supervisor);
        Assert.False(_node.HasMessages);
    }

    /// <summary>An experiment takes no slot of a node that cannot run its trials: others get them, and so does it when it takes them again.</summary>
    [Fact]
    public void A_node_that_is_shunned_gives_that_experiment_nothing()
    {
        var two = CreateTestProbe("two");
        Open(_one);
        Announce();
        Assert.Equal([40, 41], _one.ExpectMsg<GrantSlots>().Slots.Select(slot => slot.Slot));
        // It has returned them, or not taken them; either way it says so.
        var shuns = new[] { new ShunnedNode("node", "no compiler") };
        _supervisor.Tell(new ReturnSlot("one", 40), _one);
        Assert.Equal(40, Assert.Single(_one.ExpectMsg<GrantSlots>().Slots).Slot); // It has not heard yet.
        _supervisor.Tell(Holding(Told(2)) with { Shuns = shuns }, _one);
        Open(two, "two");
        Assert.Equal([40, 41], two.ExpectMsg<GrantSlots>().Slots.Select(slot => slot.Slot));
        _supervisor.Tell(new CloseExperiment("two"), two);
        _supervisor.Tell(Holding(Told(2)) with { Shuns = shuns }, _one);
        Flush(_supervisor);
        Assert.False(_one.HasMessages);
        _supervisor.Tell(Holding(Told(2)), _one);
        Assert.Equal([40, 41], _one.ExpectMsg<GrantSlots>().Slots.Select(slot => slot.Slot));
    }

    /// <summary>Slots 40 and 41 of <c>node</c>, 42 of <c>sound</c>; all are the first experiment's, which says that <c>node</c> fails everything.</summary>
    private TestProbe Quarantine()
    {
        var sound = CreateTestProbe("sound");
        Open(_one);
        Announce();
        _one.ExpectMsg<GrantSlots>();
        _supervisor.Tell(new JoinNode("sound", 1, 3, 5, 42), sound);
        _one.ExpectMsg<GrantSlots>();
        _supervisor.Tell(Holding(Told(2), 42) with { Shuns = [_failing] }, _one);
        return sound;
    }

    private static readonly ShunnedNode _failing = new("node", "5 attempts of 3 trials failed in a row", IsQuarantined: true);

    [Fact]
    public void A_node_in_quarantine_is_given_to_nobody_but_one_slot_of_it_to_whoever_tries_it()
    {
        Quarantine();
        var two = CreateTestProbe("two");
        Open(two, "two");
        Flush(_supervisor);
        Assert.False(two.HasMessages); // The only other slot is the first one's only one.

        _supervisor.Tell(Holding(Told(2), 42) with { Shuns = [_failing with { IsTried = true }] }, _one);
        Assert.Equal([(40, false)], _one.ExpectMsg<GrantSlots>().Slots.Select(slot => (slot.Slot, slot.Anew)));
        Flush(_supervisor);
        Assert.False(two.HasMessages);

        // A job succeeded there.
        _supervisor.Tell(Holding(Told(3), 40, 42), _one);
        Assert.Equal(41, Assert.Single(two.ExpectMsg<GrantSlots>().Slots).Slot);
    }

    [Fact]
    public void An_experiment_that_is_at_work_on_a_node_and_says_nothing_against_it_keeps_it()
    {
        var two = CreateTestProbe("two");
        Open(_one);
        Open(two, "two");
        Announce();
        Assert.Equal([40], _one.ExpectMsg<GrantSlots>().Slots.Select(slot => slot.Slot));
        Assert.Equal([41], two.ExpectMsg<GrantSlots>().Slots.Select(slot => slot.Slot));
        _supervisor.Tell(new JoinNode("sound", 1, 3, 5, 42), CreateTestProbe("sound"));
        Assert.Equal([42], _one.ExpectMsg<GrantSlots>().Slots.Select(slot => slot.Slot));
        _supervisor.Tell(Holding(Told(2), 42) with { Shuns = [_failing] }, _one);
        Assert.Equal([40], two.ExpectMsg<GrantSlots>().Slots.Select(slot => slot.Slot));
    }

    /// <summary>It may have been mended.</summary>
    [Fact]
    public void A_node_that_was_started_again_is_tried_at_once()
    {
        Quarantine();
        var again = CreateTestProbe("again");
        _supervisor.Tell(new JoinNode("node", 2, 1, 5, 44), again);
        Assert.Equal([(44, true)], _one.ExpectMsg<GrantSlots>().Slots.Select(slot => (slot.Slot, slot.Anew)));
        // It fails again, and is left alone.
        _supervisor.Tell(Holding(Told(3), 42) with { Shuns = [_failing] }, _one);
        Flush(_supervisor);
        Assert.False(_one.HasMessages);
    }

    private static long Told(int counter) => (5L << 32) + counter;

    /// <summary>Until it takes no starts of the supervisor before, what it says of itself may be over.</summary>
    [Fact]
    public void One_that_has_not_heard_of_this_supervisor_is_given_nothing_before_it_has()
    {
        Open(_one);
        Announce(epoch: 4);
        Assert.Equal(new AnnounceNode(5), _node.ExpectMsg<AnnounceNode>());
        Flush(_supervisor);
        Assert.False(_one.HasMessages);
        Announce();
        Assert.Equal([40, 41], _one.ExpectMsg<GrantSlots>().Slots.Select(slot => slot.Slot));
    }

    [Fact]
    public void A_claim_waits_for_its_node_and_grants_have_the_epoch_and_say_what_runs()
    {
        var other = CreateTestProbe("other");
        Open(other, "other");
        Open(_one, held: 41);
        Flush(_supervisor);
        Assert.False(_one.HasMessages);
        var job = new RunningJob("one", 7, 2, 1);
        Announce(5, 2, 40, job);
        var grant = Assert.Single(_one.ExpectMsg<GrantSlots>().Slots);
        Assert.Equal((41, 1, 3, 5L, job), (grant.Slot, grant.Index, grant.Joining, grant.Grant >> 32, grant.Running));
        Assert.Equal(40, Assert.Single(other.ExpectMsg<GrantSlots>().Slots).Slot);
    }

    [Fact]
    public void A_claim_whose_node_does_not_come_is_lost_after_a_grace()
    {
        Open(_one, held: [41, 150]);
        Assert.Equal([150], _one.ExpectMsg<SlotsLost>().Slots); // No supervisor has ever given that number.
        Clock.MoveBy(_grace);
        Assert.Equal([41], _one.ExpectMsg<SlotsLost>().Slots);
    }

    [Fact]
    public void A_claim_that_is_made_since_something_was_lost_waits_for_its_node_no_longer_than_any_other()
    {
        // The torture, seeds 131, 180 and 260: the node had joined anew, and the old slots were held for ever.
        Open(_one);
        Announce();
        _one.ExpectMsg<GrantSlots>(); // It gets lost.
        _supervisor.Tell(Holding(5L << 32, 60), _one);
        _supervisor.Tell(Holding(5L << 32, 60), _one);
        _one.ExpectMsg<ToldSoFar>();
        _one.ExpectMsg<GrantSlots>();
        Flush(_supervisor);
        Clock.MoveBy(_grace);
        Assert.Equal([60], _one.ExpectMsg<SlotsLost>().Slots);
    }

    [Fact]
    public void What_runs_for_a_run_that_is_not_open_keeps_its_slot_for_it()
    {
        var other = CreateTestProbe("other");
        Open(other, "other");
        Announce(5, 2, 40, new RunningJob("one", 7, 2, 1));
        Assert.Equal("one", _registry.ExpectMsg<ExperimentAway>().Run);
        Assert.Equal(40, Assert.Single(other.ExpectMsg<GrantSlots>().Slots).Slot);
        _supervisor.Tell(new CloseExperiment("one"), _registry); // It is over.
        Assert.Equal(41, Assert.Single(other.ExpectMsg<GrantSlots>().Slots).Slot);
    }

    [Fact]
    public void An_experiment_that_is_away_keeps_its_slots_and_gets_them_where_it_is_then()
    {
        Announce();
        Open(_one);
        var before = _one.ExpectMsg<GrantSlots>().Slots[0].Grant;
        var (other, next) = (CreateTestProbe("other"), CreateTestProbe("next"));
        Sys.Stop(_one.Ref);
        Assert.Equal("one", _registry.ExpectMsg<ExperimentAway>().Run);
        Open(next, "one", 2, 40, 41);
        var renewed = next.ExpectMsg<GrantSlots>().Slots;
        Assert.Equal([40, 41], renewed.Select(slot => slot.Slot));
        Assert.All(renewed, slot => Assert.True(slot.Grant > before));
    }

    [Fact]
    public void Whoever_was_before_is_heard_no_more()
    {
        Announce();
        Open(_one);
        _one.ExpectMsg<GrantSlots>();
        var (other, next) = (CreateTestProbe("other"), CreateTestProbe("next"));
        Open(next, "one", 2, 40, 41);
        next.ExpectMsg<GrantSlots>();
        _supervisor.Tell(new ReturnSlot("one", 40), _one);
        _supervisor.Tell(new CloseExperiment("one"), _one);
        _supervisor.Tell(new OpenExperiment("one", 1, null, 1), _one);
        _supervisor.Tell(Holding(0), _one);
        Open(other, "other");
        Assert.Equal(41, next.ExpectMsg<RecallSlot>().Slot); // It still has them.
        Flush(_supervisor);
        Assert.False(_one.HasMessages || other.HasMessages);
    }

    [Fact]
    public void An_experiment_that_this_supervisor_does_not_know_is_told_to_open_again()
    {
        _supervisor.Tell(Holding(0, 40), _one);
        Assert.Equal(new ReopenExperiment(5), _one.ExpectMsg<ReopenExperiment>());
    }

    [Fact]
    public void A_grant_that_was_lost_is_made_good_and_so_is_a_return()
    {
        Open(_one);
        Announce();
        var told = _one.ExpectMsg<GrantSlots>(); // It gets lost.
        _supervisor.Tell(Holding(5L << 32), _one); // It may still be on its way.
        Flush(_supervisor);
        Assert.False(_one.HasMessages);
        _supervisor.Tell(Holding(5L << 32), _one);
        Assert.Equal(told.Told, _one.ExpectMsg<ToldSoFar>().Told);
        var again = _one.ExpectMsg<GrantSlots>();
        Assert.Equal([40, 41], again.Slots.Select(slot => slot.Slot));
        Assert.Equal(told.Told + 1, again.Told);
        var other = CreateTestProbe("other");
        Open(other, "other");
        var recall = _one.ExpectMsg<RecallSlot>();
        _supervisor.Tell(Holding(recall.Told, 40), _one); // It has returned 41, and that was lost.
        Assert.Equal(41, Assert.Single(other.ExpectMsg<GrantSlots>().Slots).Slot);
    }

    [Fact]
    public void Whether_a_run_is_over_is_the_registrys_to_say_unless_it_is_open_or_away()
    {
        Open(_one);
        _supervisor.Tell(new IsRunOver("one"), _node);
        _supervisor.Tell(new IsRunOver("other"), _node);
        Assert.Equal(new RunNotOpen("other", _node), _registry.ExpectMsg<RunNotOpen>());
        Sys.Stop(_one.Ref);
        Assert.Equal("one", _registry.ExpectMsg<ExperimentAway>().Run);
        _supervisor.Tell(new IsRunOver("one"), _node);
        Flush(_supervisor);
        Assert.False(_registry.HasMessages || _node.HasMessages);
    }

    [Fact]
    public void Where_there_is_no_registry_a_run_that_is_not_open_is_over()
    {
        var supervisor = Sys.ActorOf(SupervisorActor.Props());
        supervisor.Tell(new OpenExperiment("one", 1), _one);
        supervisor.Tell(new IsRunOver("one"), _node);
        supervisor.Tell(new IsRunOver("other"), _node);
        Assert.Equal("other", _node.ExpectMsg<RunIsOver>().Run);
        supervisor.Tell(new CloseExperiment("one"), _one);
        supervisor.Tell(new IsRunOver("one"), _node);
        Assert.Equal("one", _node.ExpectMsg<RunIsOver>().Run);
    }

    [Fact]
    public void Numbers_are_not_given_before_they_are_on_record()
    {
        Open(_one);
        Announce(5, 150, null);
        Assert.Equal(new NumbersUsedUp(100, 150), _registry.ExpectMsg<NumbersUsedUp>());
        Flush(_supervisor);
        Assert.False(_one.HasMessages);
        _supervisor.Tell(new MoreNumbers(1000), _registry);
        Announce(5, 150, null);
        Assert.Equal(100, _one.ExpectMsg<GrantSlots>().Slots[0].Slot);
    }
}
