using Akka.Actor;
using Asha.Actors.Messages;

namespace Asha.Actors.Tests;

/// <summary>A supervisor that follows another knows nothing before nodes and experiments tell; and messages between it and experiments get lost.</summary>
public sealed class SupervisorFailoverTests : SupervisorTest
{
    [Fact]
    public void A_node_is_told_until_it_joins_and_keeps_its_numbers()
    {
        Supervisor.Tell(new MeetNode(Node.Ref));
        for (var time = 0; time < 3; time++)
        {
            Assert.Equal(new AnnounceNode(5), Node.ExpectMsg<AnnounceNode>());
            Flush(Supervisor);
            Clock.MoveBy(TimeSpan.FromSeconds(5));
        }
        Node.ExpectMsg<AnnounceNode>();
        Announce();
        Assert.Equal(new NodeJoined(3, 5, 40), Node.ExpectMsg<NodeJoined>());
        Flush(Supervisor);
        Clock.MoveBy(TimeSpan.FromSeconds(5));
        Flush(Supervisor);
        Assert.False(Node.HasMessages);
    }

    /// <summary>Until it takes no starts of the supervisor before, what it says of itself may be over.</summary>
    [Fact]
    public void One_that_has_not_heard_of_this_supervisor_is_given_nothing_before_it_has()
    {
        Open(One);
        Announce(epoch: 4);
        Assert.Equal(new AnnounceNode(5), Node.ExpectMsg<AnnounceNode>());
        Flush(Supervisor);
        Assert.False(One.HasMessages);
        Announce();
        Assert.Equal([40, 41], One.ExpectMsg<GrantSlots>().Slots.Select(slot => slot.Slot));
    }

    [Fact]
    public void A_claim_waits_for_its_node_and_grants_have_the_epoch_and_say_what_runs()
    {
        var other = CreateTestProbe("other");
        Open(other, "other");
        Open(One, held: 41);
        Flush(Supervisor);
        Assert.False(One.HasMessages);
        var job = new RunningJob("one", 7, 2, 1);
        Announce(5, 2, 40, job);
        var grant = Assert.Single(One.ExpectMsg<GrantSlots>().Slots);
        Assert.Equal((41, 1, 3, 5L, job), (grant.Slot, grant.Index, grant.Joining, grant.Grant >> 32, grant.Running));
        Assert.Equal(40, Assert.Single(other.ExpectMsg<GrantSlots>().Slots).Slot);
    }

    [Fact]
    public void A_claim_whose_node_does_not_come_is_lost_after_a_grace()
    {
        Open(One, held: [41, 150]);
        Assert.Equal([150], One.ExpectMsg<SlotsLost>().Slots); // No supervisor has ever given that number.
        Clock.MoveBy(Grace);
        Assert.Equal([41], One.ExpectMsg<SlotsLost>().Slots);
    }

    [Fact]
    public void A_claim_that_is_made_since_something_was_lost_waits_for_its_node_no_longer_than_any_other()
    {
        // The torture, seeds 131, 180 and 260: the node had joined anew, and the old slots were held for ever.
        Open(One);
        Announce();
        One.ExpectMsg<GrantSlots>(); // It gets lost.
        Supervisor.Tell(Holding(5L << 32, 60), One);
        Supervisor.Tell(Holding(5L << 32, 60), One);
        One.ExpectMsg<ToldSoFar>();
        One.ExpectMsg<GrantSlots>();
        Flush(Supervisor);
        Clock.MoveBy(Grace);
        Assert.Equal([60], One.ExpectMsg<SlotsLost>().Slots);
    }

    [Fact]
    public void What_runs_for_a_run_that_is_not_open_keeps_its_slot_for_it()
    {
        var other = CreateTestProbe("other");
        Open(other, "other");
        Announce(5, 2, 40, new RunningJob("one", 7, 2, 1));
        Assert.Equal("one", Registry.ExpectMsg<ExperimentAway>().Run);
        Assert.Equal(40, Assert.Single(other.ExpectMsg<GrantSlots>().Slots).Slot);
        Supervisor.Tell(new CloseExperiment("one"), Registry); // It is over.
        Assert.Equal(41, Assert.Single(other.ExpectMsg<GrantSlots>().Slots).Slot);
    }

    [Fact]
    public void An_experiment_that_is_away_keeps_its_slots_and_gets_them_where_it_is_then()
    {
        Announce();
        Open(One);
        var before = One.ExpectMsg<GrantSlots>().Slots[0].Grant;
        var (other, next) = (CreateTestProbe("other"), CreateTestProbe("next"));
        Sys.Stop(One.Ref);
        Assert.Equal("one", Registry.ExpectMsg<ExperimentAway>().Run);
        Open(next, "one", 2, 40, 41);
        var renewed = next.ExpectMsg<GrantSlots>().Slots;
        Assert.Equal([40, 41], renewed.Select(slot => slot.Slot));
        Assert.All(renewed, slot => Assert.True(slot.Grant > before));
    }

    [Fact]
    public void Whoever_was_before_is_heard_no_more()
    {
        Announce();
        Open(One);
        One.ExpectMsg<GrantSlots>();
        var (other, next) = (CreateTestProbe("other"), CreateTestProbe("next"));
        Open(next, "one", 2, 40, 41);
        next.ExpectMsg<GrantSlots>();
        Supervisor.Tell(new ReturnSlot("one", 40), One);
        Supervisor.Tell(new CloseExperiment("one"), One);
        Supervisor.Tell(new OpenExperiment("one", 1, null, 1), One);
        Supervisor.Tell(Holding(0), One);
        Open(other, "other");
        Assert.Equal(41, next.ExpectMsg<RecallSlot>().Slot); // It still has them.
        Flush(Supervisor);
        Assert.False(One.HasMessages || other.HasMessages);
    }

    [Fact]
    public void An_experiment_that_this_supervisor_does_not_know_is_told_to_open_again()
    {
        Supervisor.Tell(Holding(0, 40), One);
        Assert.Equal(new ReopenExperiment(5), One.ExpectMsg<ReopenExperiment>());
    }

    [Fact]
    public void A_grant_that_was_lost_is_made_good_and_so_is_a_return()
    {
        Open(One);
        Announce();
        var told = One.ExpectMsg<GrantSlots>(); // It gets lost.
        Supervisor.Tell(Holding(5L << 32), One); // It may still be on its way.
        Flush(Supervisor);
        Assert.False(One.HasMessages);
        Supervisor.Tell(Holding(5L << 32), One);
        Assert.Equal(told.Told, One.ExpectMsg<ToldSoFar>().Told);
        var again = One.ExpectMsg<GrantSlots>();
        Assert.Equal([40, 41], again.Slots.Select(slot => slot.Slot));
        Assert.Equal(told.Told + 1, again.Told);
        var other = CreateTestProbe("other");
        Open(other, "other");
        var recall = One.ExpectMsg<RecallSlot>();
        Supervisor.Tell(Holding(recall.Told, 40), One); // It has returned 41, and that was lost.
        Assert.Equal(41, Assert.Single(other.ExpectMsg<GrantSlots>().Slots).Slot);
    }

    [Fact]
    public void Whether_a_run_is_over_is_the_registrys_to_say_unless_it_is_open_or_away()
    {
        Open(One);
        Supervisor.Tell(new IsRunOver("one"), Node);
        Supervisor.Tell(new IsRunOver("other"), Node);
        Assert.Equal(new RunNotOpen("other", Node), Registry.ExpectMsg<RunNotOpen>());
        Sys.Stop(One.Ref);
        Assert.Equal("one", Registry.ExpectMsg<ExperimentAway>().Run);
        Supervisor.Tell(new IsRunOver("one"), Node);
        Flush(Supervisor);
        Assert.False(Registry.HasMessages || Node.HasMessages);
    }

    [Fact]
    public void Where_there_is_no_registry_a_run_that_is_not_open_is_over()
    {
        var supervisor = Sys.ActorOf(SupervisorActor.Props());
        supervisor.Tell(new OpenExperiment("one", 1), One);
        supervisor.Tell(new IsRunOver("one"), Node);
        supervisor.Tell(new IsRunOver("other"), Node);
        Assert.Equal("other", Node.ExpectMsg<RunIsOver>().Run);
        supervisor.Tell(new CloseExperiment("one"), One);
        supervisor.Tell(new IsRunOver("one"), Node);
        Assert.Equal("one", Node.ExpectMsg<RunIsOver>().Run);
    }

    [Fact]
    public void Numbers_are_not_given_before_they_are_on_record()
    {
        Open(One);
        Announce(5, 150, null);
        Assert.Equal(new NumbersUsedUp(100, 150), Registry.ExpectMsg<NumbersUsedUp>());
        Flush(Supervisor);
        Assert.False(One.HasMessages);
        Supervisor.Tell(new MoreNumbers(1000), Registry);
        Announce(5, 150, null);
        Assert.Equal(100, One.ExpectMsg<GrantSlots>().Slots[0].Slot);
    }
}
