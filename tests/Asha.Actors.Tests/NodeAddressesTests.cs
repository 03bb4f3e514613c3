using Akka.Actor;
using Akka.TestKit;
using Asha.Actors.Messages;

namespace Asha.Actors.Tests;

/// <summary>Which nodes are told of a trial's checkpoints.</summary>
public sealed class NodeAddressesTests : ActorTest
{
    private readonly TestProbe _all;
    private readonly Outbox _outbox = new(isKept: false, ActorRefs.Nobody, ActorRefs.Nobody);

    public NodeAddressesTests() => _all = CreateTestProbe("all");

    /// <summary>A node whose name its messages carry to the one probe, so that their order is seen.</summary>
    private IActorRef Node(string name)
    {
        var node = Sys.ActorOf(Props.Create(() => new Teller(name, _all)).WithDispatcher(CallingThreadDispatcher.Id), name);
        Flush(node); // From now on it takes at once what it is told.
        return node;
    }

    private string[] Told(NodeAddresses nodes, params string[] moves)
    {
        nodes.Tell([.. moves.Select((node, at) => (at + 1, node))], new ReleaseCheckpoints(3));
        _outbox.Commit([]);
        var told = new List<string>();
        while (_all.HasMessages)
            told.Add(_all.ExpectMsg<Heard>().Name);
        return [.. told];
    }

    [Fact]
    public void Each_node_that_the_trial_was_on_is_told_once_the_last_one_first()
    {
        var nodes = new NodeAddresses(_outbox, isOneMachine: false);
        foreach (var name in new[] { "a", "b", "c" })
            nodes.Meet(name, Node(name));
        Assert.Equal(["b"], Told(nodes, "b"));
        Assert.Equal(["a", "b"], Told(nodes, "a", "b", "a"));
    }

    /// <summary>It was given up and is back, or two have one name.</summary>
    [Fact]
    public void All_addresses_of_a_name_are_told()
    {
        var nodes = new NodeAddresses(_outbox, isOneMachine: false);
        nodes.Meet("a", Node("before"));
        nodes.Meet("a", Node("now"));
        Assert.Equal(["now", "before"], Told(nodes, "a"));
        Assert.Equal(["now", "before"], Told(nodes, "a", "b", "a"));
    }

    /// <summary>Names of an engine before mean the node that is there, and that is told once.</summary>
    [Fact]
    public void On_one_machine_the_node_that_is_there_is_told_whatever_it_was_called()
    {
        var nodes = new NodeAddresses(_outbox, isOneMachine: true);
        nodes.Meet("a", Node("here"));
        Assert.Equal(["here"], Told(nodes, "old"));
        Assert.Equal(["here"], Told(nodes, "older", "old", "a"));
    }

    [Fact]
    public void A_node_that_is_not_known_yet_is_told_the_newest_word_on_each_trial_when_it_is()
    {
        var nodes = new NodeAddresses(_outbox, isOneMachine: false);
        Assert.Empty(Told(nodes, "a"));
        Assert.Empty(Told(nodes, "a"));
        nodes.Meet("a", Node("late"));
        _outbox.Commit([]);
        Assert.Equal("late", _all.ExpectMsg<Heard>().Name);
        Assert.False(_all.HasMessages);
    }

    private sealed record Heard(string Name) : INoSerializationVerificationNeeded;

    private sealed class Teller(string name, IActorRef all) : UntypedActor
    {
        protected override void OnReceive(object message) => all.Tell(new Heard(name));
    }
}
