using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors.Tests;

/// <summary>A node joins, leaves, and ends.</summary>
public sealed class NodeJoiningTests : NodeTest
{
    [Fact]
    public void It_joins_with_its_slots_and_runs_a_job_on_its_slots_devices()
    {
        var node = Node(2);
        Assert.Equal(new JoinNode("node", 2, 1), Supervisor.ExpectMsg<JoinNode>());
        var launch = Start(node, Job(1, 3)).Launch;
        Assert.Equal((3, 1, 77L, 0.0, 4.0, 1, "GPU-1"), (launch.Trial, launch.Attempt, launch.Seed, launch.Start, launch.Target, Assert.Single(launch.Cpus), Assert.Single(launch.Gpus)));
    }

    [Fact]
    public void One_that_was_given_up_joins_again_and_says_what_it_runs_and_what_is_over_and_not_stored()
    {
        Supervisor.IgnoreMessages(message => message is IsRunOver);
        var node = Node(2);
        Supervisor.ExpectMsg<JoinNode>();
        var (over, attempt) = (Start(node, Job(0, 2)), Start(node, Job(1, 3)));
        over.Complete(0.5);
        Assert.Equal(0.5, Assert.Single(Heard(Experiment).Reports).Metric);
        node.Tell(JoinAgain.Now);
        var join = Supervisor.ExpectMsg<JoinNode>();
        Assert.Equal((2, 2, null), (join.Slots, join.Joining, join.FirstSlot));
        Assert.Equal([new RunningJob("", 2, 1, 0), new RunningJob("", 3, 1, 1)], join.Running);
        Assert.False(attempt.IsStopped);
        node.Tell(new ReportStored(2, 1, 0), Experiment);
        node.Tell(JoinAgain.Now);
        Assert.Equal([new RunningJob("", 3, 1, 1)], Supervisor.ExpectMsg<JoinNode>().Running);
        node.Tell(DrainNode.Now);
        Supervisor.ExpectMsg<LeaveNode>();
        node.Tell(JoinAgain.Now); // It wants to leave all the same.
        Supervisor.ExpectMsg<JoinNode>();
        Supervisor.ExpectMsg<LeaveNode>();
    }

    [Fact]
    public void One_that_drains_says_so_finishes_its_jobs_and_stops_when_nobody_holds_its_slots()
    {
        var node = Watch(Node(2));
        Supervisor.ExpectMsg<JoinNode>();
        var attempt = Start(node, Job(0, 0));
        node.Tell(DrainNode.Now);
        Supervisor.ExpectMsg<LeaveNode>();
        Flush(node);
        Assert.False(attempt.IsStopped);
        attempt.Complete(0.5);
        Assert.Equal(EndingCause.Exited, Heard(Experiment).Ending!.Cause);
        Assert.False(EndedInOrder);
        node.Tell(new NodeReleased(), Supervisor);
        ExpectTerminated(node);
        Assert.True(EndedInOrder);
    }

    /// <summary>It was given up and came back while its experiment could not be told, which holds none of the new slots: seed 9408231 of the torture.</summary>
    [Fact]
    public void Released_it_ends_what_nobody_holds_a_slot_for_any_more()
    {
        var node = Watch(Node(1));
        Supervisor.ExpectMsg<JoinNode>();
        var attempt = Start(node, Job(0, 0));
        node.Tell(DrainNode.Now);
        node.Tell(new NodeReleased(), Supervisor);
        Until(() => attempt.IsStopped, () => "not stopped");
        attempt.End(EndingCause.Stopped);
        ExpectTerminated(node);
        Assert.True(EndedInOrder);
    }

    [Fact]
    public void Shutting_down_ends_every_job_starts_none_and_stops()
    {
        var node = Node(2, new ScriptedRunner(Launches, stubborn: true));
        Watch(node);
        var (one, other) = (Start(node, Job(0, 0)), Start(node, Job(1, 1)));
        node.Tell(ShutDownNode.Now);
        Flush(node);
        Until(() => one.IsStopped && other.IsStopped, () => "not stopped");
        one.End(EndingCause.Stopped);
        Assert.Equal(EndingCause.Stopped, Heard(Experiment).Ending!.Cause);
        // The experiment does not know yet, and tries the job again on the slot that fell idle.
        node.Tell(Job(0, 0, attempt: 2), Experiment);
        other.End(EndingCause.Stopped);
        ExpectTerminated(node);
        Assert.False(Launches.HasMessages);
    }

    [Fact]
    public void An_idle_node_shuts_down_at_once()
    {
        var node = Node(2);
        Watch(node);
        node.Tell(ShutDownNode.Now);
        ExpectTerminated(node);
    }

    [Fact]
    public void One_whose_coordinator_is_gone_joins_the_next_and_what_runs_there_runs_on()
    {
        var node = Node(2, new ScriptedRunner(Launches, stubborn: true));
        Supervisor.ExpectMsg<JoinNode>();
        var (attempt, next, resumed) = (Start(node, Job(1, 3) with { Number = 4, Joining = 1 }), CreateTestProbe("next"), CreateTestProbe("resumed"));
        attempt.Report(1, 0.9);
        Heard(Experiment); // And is never acknowledged.
        node.Tell(new JoinNext(next));
        Assert.Equal([new RunningJob("", 3, 1, 1)], next.ExpectMsg<JoinNode>().Running);
        node.Tell(new NodeJoined(2), next);
        // Whoever goes on gives the slot something else: it waits until what runs there has ended.
        node.Tell(Job(1, 3) with { Attempt = 2, Number = 5, Joining = 2 }, resumed);
        Assert.Equal(0, Heard(resumed).Message); // The unstored report goes to where the experiment is now.
        Until(() => attempt.IsStopped, () => "not stopped");
        Assert.False(Launches.HasMessages);
        attempt.End(EndingCause.Stopped);
        Assert.Equal(2, Launches.ExpectMsg<Launched>().Launch.Attempt);
        Assert.Equal((1, EndingCause.Stopped), Heard(resumed) is var ended ? (ended.Attempt, ended.Ending!.Cause) : default);
        Assert.False(Experiment.HasMessages);
    }
}
