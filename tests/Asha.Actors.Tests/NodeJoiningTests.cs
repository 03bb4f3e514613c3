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
    public void One_that_was_given_up_ends_what_it_runs_and_joins_again()
    {
        var node = Node(2);
        Supervisor.ExpectMsg<JoinNode>();
        var attempt = Start(node, Job(1, 3));
        node.Tell(JoinAgain.Now);
        attempt.End(EndingCause.Stopped);
        Assert.Equal(EndingCause.Stopped, Heard(Experiment).Ending?.Cause);
        Assert.Equal(new JoinNode("node", 2, 2), Supervisor.ExpectMsg<JoinNode>());
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
        node.Tell(new NodeReleased(), Supervisor);
        ExpectTerminated(node);
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
}
