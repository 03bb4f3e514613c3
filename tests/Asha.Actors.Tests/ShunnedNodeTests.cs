using Akka.TestKit;
using Asha.Actors.Messages;

namespace Asha.Actors.Tests;

/// <summary>Nodes that an experiment leaves alone, as they cannot run its trials; and those in quarantine, which are given to nobody but whoever tries them.</summary>
public sealed class ShunnedNodeTests : SupervisorTest
{
    /// <summary>An experiment takes no slot of a node that cannot run its trials: others get them, and so does it when it takes them again.</summary>
    [Fact]
    public void A_node_that_is_shunned_gives_that_experiment_nothing()
    {
        var two = CreateTestProbe("two");
        Open(One);
        Announce();
        Assert.Equal([40, 41], One.ExpectMsg<GrantSlots>().Slots.Select(slot => slot.Slot));
        // It has returned them, or not taken them; either way it says so.
        var shuns = new[] { new ShunnedNode("node", "no compiler") };
        Supervisor.Tell(new ReturnSlot("one", 40), One);
        Assert.Equal(40, Assert.Single(One.ExpectMsg<GrantSlots>().Slots).Slot); // It has not heard yet.
        Supervisor.Tell(Holding(Told(2)) with { Shuns = shuns }, One);
        Open(two, "two");
        Assert.Equal([40, 41], two.ExpectMsg<GrantSlots>().Slots.Select(slot => slot.Slot));
        Supervisor.Tell(new CloseExperiment("two"), two);
        Supervisor.Tell(Holding(Told(2)) with { Shuns = shuns }, One);
        Flush(Supervisor);
        Assert.False(One.HasMessages);
        Supervisor.Tell(Holding(Told(2)), One);
        Assert.Equal([40, 41], One.ExpectMsg<GrantSlots>().Slots.Select(slot => slot.Slot));
    }

    /// <summary>Slots 40 and 41 of <c>node</c>, 42 of <c>sound</c>; all are the first experiment's, which says that <c>node</c> fails everything.</summary>
    private TestProbe Quarantine()
    {
        var sound = CreateTestProbe("sound");
        Open(One);
        Announce();
        One.ExpectMsg<GrantSlots>();
        Supervisor.Tell(new JoinNode("sound", 1, 3, 5, 42), sound);
        One.ExpectMsg<GrantSlots>();
        Supervisor.Tell(Holding(Told(2), 42) with { Shuns = [_failing] }, One);
        return sound;
    }

    private static readonly ShunnedNode _failing = new("node", "5 attempts of 3 trials failed in a row", IsQuarantined: true);

    [Fact]
    public void A_node_in_quarantine_is_given_to_nobody_but_one_slot_of_it_to_whoever_tries_it()
    {
        Quarantine();
        var two = CreateTestProbe("two");
        Open(two, "two");
        Flush(Supervisor);
        Assert.False(two.HasMessages); // The only other slot is the first one's only one.

        Supervisor.Tell(Holding(Told(2), 42) with { Shuns = [_failing with { IsTried = true }] }, One);
        Assert.Equal([(40, false)], One.ExpectMsg<GrantSlots>().Slots.Select(slot => (slot.Slot, slot.Anew)));
        Flush(Supervisor);
        Assert.False(two.HasMessages);

        // A job succeeded there.
        Supervisor.Tell(Holding(Told(3), 40, 42), One);
        Assert.Equal(41, Assert.Single(two.ExpectMsg<GrantSlots>().Slots).Slot);
    }

    [Fact]
    public void An_experiment_that_is_at_work_on_a_node_and_says_nothing_against_it_keeps_it()
    {
        var two = CreateTestProbe("two");
        Open(One);
        Open(two, "two");
        Announce();
        Assert.Equal([40], One.ExpectMsg<GrantSlots>().Slots.Select(slot => slot.Slot));
        Assert.Equal([41], two.ExpectMsg<GrantSlots>().Slots.Select(slot => slot.Slot));
        Supervisor.Tell(new JoinNode("sound", 1, 3, 5, 42), CreateTestProbe("sound"));
        Assert.Equal([42], One.ExpectMsg<GrantSlots>().Slots.Select(slot => slot.Slot));
        Supervisor.Tell(Holding(Told(2), 42) with { Shuns = [_failing] }, One);
        Assert.Equal([40], two.ExpectMsg<GrantSlots>().Slots.Select(slot => slot.Slot));
    }

    /// <summary>Of two nodes one may be shut, of one none.</summary>
    [Fact]
    public void When_the_other_node_is_gone_the_one_in_quarantine_is_there_for_others()
    {
        var sound = Quarantine();
        var two = CreateTestProbe("two");
        Open(two, "two");
        Supervisor.Tell(new NodeUnreachable(sound), sound);
        Flush(Supervisor);
        Assert.False(two.HasMessages);
        Sys.Stop(sound);
        Assert.Equal([40, 41], two.ExpectMsg<GrantSlots>().Slots.Select(slot => slot.Slot).Order());
    }

    /// <summary>Slots 40 to 42 of <c>node</c>, which the first experiment tries, and on two of which something of its runs: it is granted all three.</summary>
    private IReadOnlyList<GrantSlot> Tried()
    {
        var sound = CreateTestProbe("sound");
        Open(One);
        Supervisor.Tell(new JoinNode("sound", 1, 3, 5, 43), sound);
        One.ExpectMsg<GrantSlots>();
        Supervisor.Tell(new ShunNodes("one", [_failing with { IsTried = true }]), One);
        Announce(5, 3, 40, new RunningJob("one", 7, 1, 1), new RunningJob("one", 8, 1, 2));
        var granted = One.ExpectMsg<GrantSlots>().Slots;
        Assert.Equal([40, 41, 42], granted.Select(slot => slot.Slot).Order());
        return granted;
    }

    /// <summary>Each of its slots runs what the run had there; the run takes one to try the node, and returns the others (the torture, seed 10108751).</summary>
    [Fact]
    public void What_is_returned_of_a_node_that_is_tried_with_another_slot_is_not_granted_again()
    {
        var granted = Tried();
        foreach (var slot in granted.Where(slot => slot.Slot != 41))
            Supervisor.Tell(new ReturnSlot("one", slot.Slot, slot.Grant), One);
        Flush(Supervisor);
        Assert.False(One.HasMessages);
    }

    /// <summary>Likewise where a report says so, as the word that returned them was lost.</summary>
    [Fact]
    public void What_a_report_names_no_longer_of_a_node_that_is_tried_with_another_slot_is_not_granted_again()
    {
        Tried();
        Supervisor.Tell(Holding(Told(2), 41, 43) with { Shuns = [_failing with { IsTried = true }] }, One);
        Supervisor.Tell(Holding(Told(2), 41, 43) with { Shuns = [_failing with { IsTried = true }] }, One); // By the first one messages might still be under way.
        Flush(Supervisor);
        Assert.False(One.HasMessages);
    }

    /// <summary>It may have been mended.</summary>
    [Fact]
    public void A_node_that_was_started_again_is_tried_at_once()
    {
        Quarantine();
        var again = CreateTestProbe("again");
        Supervisor.Tell(new JoinNode("node", 2, 1, 5, 44), again);
        Assert.Equal([(44, true)], One.ExpectMsg<GrantSlots>().Slots.Select(slot => (slot.Slot, slot.Anew)));
        // It fails again, and is left alone.
        Supervisor.Tell(Holding(Told(3), 42) with { Shuns = [_failing] }, One);
        Flush(Supervisor);
        Assert.False(One.HasMessages);
    }
}
