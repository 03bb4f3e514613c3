using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors.Tests;

/// <summary>Jobs that a node is told to end, and those that wait for that.</summary>
public sealed class NodeEndTests : NodeTest
{
    [Fact]
    public void A_job_that_is_ended_says_so()
    {
        var node = Node(1);
        var attempt = Start(node, Job(0, 0));
        node.Tell(new EndJob(0, 2), Experiment); // Not this attempt.
        Flush(node);
        Assert.False(attempt.IsStopped);
        node.Tell(new EndJob(0, 1), Experiment);
        Assert.Equal(EndingCause.Stopped, Heard(Experiment).Ending!.Cause);
        node.Tell(new EndJob(0, 1), Experiment); // It has ended by itself meanwhile.
        Start(node, Job(0, 1));
    }

    [Fact]
    public void A_job_waits_until_the_one_before_it_on_the_slot_has_really_ended()
    {
        // ray#14759: two trials on one GPU. The supervisor gives a slot on as soon as its experiment is over, though its trial still takes its five seconds.
        var other = CreateTestProbe("other");
        var node = Node(1, new ScriptedRunner(Launches, stubborn: true));
        var old = Start(node, Job(0, 0));
        node.Tell(new EndJob(0, 1), Experiment);
        node.Tell(Job(0, 5) with { Run = "other" }, other);
        Flush(node);
        Assert.True(old.IsStopped);
        Assert.False(Launches.HasMessages);
        old.End(EndingCause.Stopped);
        Assert.Equal(5, Launches.ExpectMsg<Launched>().Launch.Trial);
        Assert.Equal(EndingCause.Stopped, Heard(Experiment).Ending!.Cause);
    }

    [Fact]
    public void A_job_that_waits_can_be_ended_too()
    {
        var other = CreateTestProbe("other");
        var node = Node(1, new ScriptedRunner(Launches, stubborn: true));
        var old = Start(node, Job(0, 0));
        node.Tell(new EndJob(0, 1), Experiment);
        node.Tell(Job(0, 5) with { Run = "other" }, other);
        node.Tell(new EndJob(5, 1, Run: "other"), other);
        Assert.Equal((5, EndingCause.Stopped), Heard(other) is var heard ? (heard.Trial, heard.Ending!.Cause) : default);
        old.End(EndingCause.Stopped);
        Heard(Experiment);
        Assert.Equal(6, Start(node, Job(0, 6)).Launch.Trial);
    }
}
