using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors.Tests;

/// <summary>Supervisors and experiments follow each other; those that are over may speak on, and a node takes nothing from them that its slots are not theirs to give any more.</summary>
public sealed class NodeFencingTests : NodeTest
{
    private static long Grant(int epoch, int counter) => ((long)epoch << 32) + counter;

    private static StartJob By(long grant, int trial, long number, string run = "run", int writer = 1) => Job(0, trial) with { Number = number, Joining = 1, Grant = grant, Run = run, Writer = writer };

    [Fact]
    public void One_that_is_told_of_another_supervisor_announces_itself_with_its_numbers_and_what_runs()
    {
        var (node, next) = (Node(1), CreateTestProbe("next"));
        Supervisor.ExpectMsg<JoinNode>();
        node.Tell(new NodeJoined(1, 4, 40), Supervisor);
        Start(node, By(Grant(4, 1), 3, 1));
        node.Tell(new AnnounceNode(5), next);
        Assert.True(next.ExpectMsg<JoinNode>() is { Joining: 1, Epoch: 5, FirstSlot: 40, Running: [{ Run: "run", Trial: 3, Attempt: 1, Slot: 0 }] });
        node.Tell(new AnnounceNode(4), Supervisor); // It is over, and does not know.
        Flush(node);
        Assert.False(Supervisor.HasMessages);
        Clock.MoveBy(Interval);
        Assert.Equal(5, next.ExpectMsg<JoinNode>().Epoch); // Until it is answered.
        node.Tell(new NodeJoined(1, 5, 40), next);
        Flush(node);
        Clock.MoveBy(Interval);
        Flush(node);
        Assert.False(next.HasMessages);
    }

    [Fact]
    public void A_start_by_a_grant_of_a_supervisor_that_is_over_does_not_run_until_the_grant_is_renewed()
    {
        var node = Node(1);
        node.Tell(new NodeJoined(1, 4, 40), Supervisor);
        node.Tell(new AnnounceNode(5), Supervisor);
        node.Tell(By(Grant(4, 9), 3, 1), Experiment);
        Flush(node);
        Assert.False(Launches.HasMessages || Experiment.HasMessages);
        Assert.Equal(3, Start(node, By(Grant(5, 1), 3, 1)).Launch.Trial);
    }

    [Fact]
    public void Nor_does_one_by_an_older_grant_than_the_slot_has_seen()
    {
        var (node, other) = (Node(1), CreateTestProbe("other"));
        Start(node, By(Grant(4, 7), 3, 1)).Complete(0.5);
        node.Tell(By(Grant(4, 6), 5, 1, "other"), other);
        Flush(node);
        Assert.False(Launches.HasMessages);
        Assert.Equal(5, Start(node, By(Grant(4, 8), 5, 1, "other"), other).Launch.Trial);
    }

    [Fact]
    public void A_newer_start_ends_what_runs_there_whosever_it_is()
    {
        var (node, other) = (Node(1), CreateTestProbe("other"));
        var old = Start(node, By(Grant(4, 7), 3, 1));
        node.Tell(By(Grant(4, 8), 5, 1, "other"), other);
        Until(() => old.IsStopped, () => "not stopped");
        Assert.Equal(5, Launches.ExpectMsg<Launched>().Launch.Trial);
        Assert.Equal(EndingCause.Stopped, Heard(Experiment).Ending!.Cause);
    }

    [Fact]
    public void Whoever_goes_on_with_a_run_is_told_at_once_and_the_one_before_is_heard_no_more()
    {
        var (node, next) = (Node(1), CreateTestProbe("next"));
        var attempt = Start(node, By(Grant(4, 7), 3, 1));
        attempt.Report(1, 0.9);
        Assert.Equal(0, Heard(Experiment).Message);
        node.Tell(By(Grant(4, 8), 3, 1, writer: 2), next); // The start, once more.
        Assert.Equal(0, Heard(next).Message);
        Assert.Equal(new JobTaken(3, 1), next.ExpectMsg<JobTaken>());
        node.Tell(By(Grant(4, 9), 6, 2), Experiment);
        node.Tell(new EndJob(3, 1, 0, 1, 1, "run", 1), Experiment);
        node.Tell(new ReportStored(3, 1, 0), Experiment);
        Flush(node);
        Assert.False(attempt.IsStopped || Launches.HasMessages || Experiment.HasMessages);
        attempt.Complete(0.5);
        Assert.Equal(1, Heard(next).Message);
        Clock.MoveBy(Interval);
        Assert.Equal([0, 1], [Heard(next).Message, Heard(next).Message]);
        Assert.False(Experiment.HasMessages);
    }

    /// <summary>Begun anew under the same number, its messages would be taken for those that were heard.</summary>
    [Fact]
    public void An_attempt_that_was_heard_of_and_is_not_known_any_more_is_over_and_not_begun_anew()
    {
        var node = Node(1);
        node.Tell(By(Grant(4, 7), 3, 1) with { Heard = 2 }, Experiment);
        Assert.True(Heard(Experiment) is { Trial: 3, Attempt: 1, Message: 2, Reports: [], Ending.Cause: EndingCause.Stopped });
        Assert.False(Launches.HasMessages);
    }
}
