using Asha.Actors.Messages;
using Asha.Core.Scheduling;

namespace Asha.Actors.Tests;

/// <summary>Nodes that come by the hundred, and a run that gets all their slots.</summary>
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
        Assert.Equal(Enumerable.Range(100, 390), One.ReceiveWhile(Told, msgs: 1000).SelectMany(slots => slots).Order());

        static IReadOnlyList<int> Told(object message) => [.. ((GrantSlots)message).Slots.Select(slot => slot.Slot)];
    }

    [Fact]
    public void Slots_by_the_thousand_are_granted_in_messages_that_fit_into_a_frame()
    {
        var labels = Enumerable.Range(0, 20).Select(number => $"a-label-of-some-length-{number}").ToArray();
        Supervisor.Tell(new MoreNumbers(10_000), Registry);
        Supervisor.Tell(new JoinNode(new string('n', 200), 2_500, 1, 5, null, null)
        {
            Resources = [.. Enumerable.Repeat(new SlotCapacity(16, 1L << 40, 8, labels), 2_500)],
            Files = $"https://{new string('h', 200)}:12345",
        }, Node);
        Open(One);
        var parts = One.ReceiveN(3).Cast<GrantSlots>().ToArray();
        Assert.Equal([1_000, 1_000, 500], parts.Select(part => part.Slots.Count));
        Assert.Equal(Enumerable.Range(100, 2_500), parts.SelectMany(part => part.Slots).Select(slot => slot.Slot));
        Assert.Equal(parts.Select((_, part) => Told(part + 1)), parts.Select(part => part.Told));
        Assert.All(parts, part => Assert.InRange(Sys.Serialization.Serialize(part).Length, 1, 3 << 20));
    }
}
