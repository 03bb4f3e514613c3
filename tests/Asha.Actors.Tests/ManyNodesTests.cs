using Asha.Actors.Messages;
using Asha.Core.Scheduling;

namespace Asha.Actors.Tests;

/// <summary>Many nodes that come at once, and a run that gets all their slots.</summary>
public sealed class ManyNodesTests : SupervisorTest
{
    [Fact]
    public void All_nodes_that_wait_for_numbers_ask_with_one_question_and_again_only_for_those_who_are_left()
    {
        Open(One);
        var nodes = Enumerable.Range(0, 30).Select(number => CreateTestProbe($"node-{number}")).ToArray();
        Supervisor.Tell(new JoinNode("node-0", 100, 1, 5, null, null), nodes[0]);
        foreach (var node in nodes[1..])
            Supervisor.Tell(new JoinNode(node.Ref.Path.Name, 10, 1, 5, null, null), node);
        Flush(Supervisor);
        Assert.Equal(new NumbersUsedUp(200, 10), Registry.ExpectMsg<NumbersUsedUp>());
        Supervisor.Tell(new MoreNumbers(300), Registry);
        Flush(Supervisor);
        Assert.Equal(new NumbersUsedUp(300, 190), Registry.ExpectMsg<NumbersUsedUp>());
        Supervisor.Tell(new MoreNumbers(490), Registry);
        foreach (var node in nodes)
            node.ExpectMsg<NodeJoined>();
        Flush(Supervisor);
        Assert.False(Registry.HasMessages);
        Assert.Equal(Enumerable.Range(100, 390), Granted(390).Order());
    }

    [Fact]
    public void A_node_that_is_gone_while_it_waits_is_not_waited_for_and_gets_no_numbers()
    {
        Open(One);
        var (gone, away) = (CreateTestProbe("gone"), CreateTestProbe("away"));
        foreach (var node in new[] { gone, away, Node })
            Supervisor.Tell(new JoinNode(node.Ref.Path.Name, 150, 1, 5, null, null), node);
        Assert.Equal(new NumbersUsedUp(100, 150), Registry.ExpectMsg<NumbersUsedUp>());
        Sys.Stop(gone);
        Supervisor.Tell(new NodeUnreachable(away.Ref), Registry);
        // One who comes while the question is open waits with the others.
        var late = CreateTestProbe("late");
        Supervisor.Tell(new JoinNode("late", 150, 1, 5, null, null), late);
        Flush(Supervisor);
        Supervisor.Tell(new MoreNumbers(400), Registry);
        Node.ExpectMsg<NodeJoined>();
        late.ExpectMsg<NodeJoined>();
        Assert.Equal(Enumerable.Range(100, 300), Granted(300).Order());
        Flush(Supervisor);
        Assert.False(Registry.HasMessages || One.HasMessages || away.HasMessages);
    }

    [Fact]
    public void Slots_by_the_thousand_are_granted_in_messages_that_fit_into_a_frame()
    {
        var labels = Enumerable.Range(0, 40).Select(number => $"a-label-of-some-length-that-goes-on-{number}").ToArray();
        Supervisor.Tell(new MoreNumbers(10_000), Registry);
        Supervisor.Tell(new JoinNode(new string('n', 200), 2_500, 1, 5, null, null)
        {
            Resources = [.. Enumerable.Repeat(new SlotCapacity(16, 1L << 40, 8, labels), 2_500)],
            Files = $"https://{new string('h', 200)}:12345",
        }, Node);
        Open(One);
        var frame = (int)AshaActors.Configuration().GetByteSize("asha.cluster.over.akka.remote.dot-netty.tcp.maximum-frame-size")!;
        var parts = One.ReceiveN(3).Cast<GrantSlots>().ToArray();
        Assert.Equal([1_000, 1_000, 500], parts.Select(part => part.Slots.Count));
        Assert.Equal(Enumerable.Range(100, 2_500), parts.SelectMany(part => part.Slots).Select(slot => slot.Slot));
        Assert.Equal(parts.Select((_, part) => Told(part + 1)), parts.Select(part => part.Told));
        Assert.All(parts, part => Assert.InRange(Sys.Serialization.Serialize(part).Length, part.Slots.Count * 2_000, frame));
    }

    [Fact]
    public void What_runs_already_is_said_before_slots_that_are_free()
    {
        var other = CreateTestProbe("other");
        Supervisor.Tell(new MoreNumbers(10_000), Registry);
        Supervisor.Tell(new JoinNode("other", 1_500, 1, 5, null, null), other);
        Supervisor.Tell(new JoinNode("node", 2, 1, 5, null, [new RunningJob("one", 7, 1, 1)]), Node);
        Open(One);
        var slots = One.ReceiveN(2).Cast<GrantSlots>().SelectMany(part => part.Slots).ToArray();
        Assert.Equal(1_502, slots.Length);
        Assert.Equal((1_601, 7), (slots[0].Slot, slots[0].Running!.Trial));
    }

    /// <summary>The slots that are granted next, so many.</summary>
    private List<int> Granted(int count)
    {
        var granted = new List<int>();
        while (granted.Count < count)
            granted.AddRange(One.ExpectMsg<GrantSlots>().Slots.Select(slot => slot.Slot));
        return granted;
    }
}
