using Asha.Actors.Messages;
using Asha.Cluster.Tests.Harness;

namespace Asha.Cluster.Tests;

/// <summary>Who drained a node need not look after it: whoever has the registry next knows of it.</summary>
public sealed class DrainTests : RegistryKit
{
    [Theory]
    [InlineData("0123", null)]
    [InlineData(null, null)]
    [InlineData("0123", "4567")]
    public void A_drained_node_leaves_though_the_registry_is_gone_before_it_has_heard_and_a_new_process_of_its_name_does_not(string? process, string? other)
    {
        var (drained, later, beside) = (CreateTestProbe("drained"), CreateTestProbe("later"), CreateTestProbe("beside"));
        Join(drained, "node-a", process);
        Join(beside, "node-b", other);
        Ask<RegistryDone>(new DrainMember("node-a"));
        Follow();
        var again = Join(drained, "node-a", process, joining: 2);
        Assert.DoesNotContain(Join(beside, "node-b", other, joining: 2), said => said is LeaveWhenIdle);
        Assert.Contains(again, said => said is LeaveWhenIdle);
        Assert.Equal([("node-a", true), ("node-b", false)], Nodes);
        Sys.Stop(drained);
        AwaitAssert(() => Assert.Equal([("node-b", false)], Nodes));
        // The machine is there again, under the name that it had.
        Assert.DoesNotContain(Join(later, "node-a", process is null ? null : "89ab"), said => said is LeaveWhenIdle);
        Assert.Equal([("node-a", false), ("node-b", false)], Nodes);
    }

    /// <summary>Cut off while it was drained, a node comes back by another link.</summary>
    [Fact]
    public void A_drained_node_that_comes_back_by_another_link_is_told()
    {
        var (before, after) = (CreateTestProbe("before"), CreateTestProbe("after"));
        Join(before, "node-a", "0123");
        Ask<RegistryDone>(new DrainMember("node-a"));
        Ask<RegistryDone>(new DrainMember("node-a")); // Said twice, it is written once.
        Sys.Stop(before);
        AwaitAssert(() => Assert.Empty(Nodes));
        Assert.Contains(Join(after, "node-a", "0123"), said => said is LeaveWhenIdle);
        after.FishForMessage<LeaveWhenIdle>(_ => true); // And again, while it is there: a word may be lost.
    }

    private (string, bool)[] Nodes => [.. Ask<ExperimentList>(new ListExperiments(1)).Nodes!.Select(node => (node.Node, node.IsDraining))];

    /// <summary>It announces itself.</summary>
    /// <returns>What it was told until it had joined: who is to leave hears it before.</returns>
    private List<object> Join(Akka.TestKit.TestProbe node, string name, string? process, int joining = 1)
    {
        Registry.Tell(new JoinNode(name, 1, joining, Process: process), node);
        var told = new List<object>();
        for (object? message = null; message is not NodeJoined;)
            told.Add(message = node.ReceiveOne(TimeSpan.FromSeconds(20)) ?? throw new TimeoutException("it has not joined"));
        return told;
    }
}
