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

    [Fact]
    public void One_whose_coordinator_is_gone_ends_what_runs_for_it_and_joins_the_next()
    {
        var node = Node(2, new ScriptedRunner(Launches, stubborn: true));
        Supervisor.ExpectMsg<JoinNode>();
        var (attempt, next, resumed) = (Start(node, Job(1, 3)), CreateTestProbe("next"), CreateTestProbe("resumed"));
        attempt.Report(1, 0.9);
        Heard(Experiment); // And is never acknowledged.
        node.Tell(new JoinNext(next));
        Assert.Equal(new JoinNode("node", 2, 2), next.ExpectMsg<JoinNode>());
        node.Tell(new NodeJoined(2), next);
        // The job that was given up there may come back here while the old one ends, and waits for it: the slot is one trial's at a time.
        node.Tell(Job(1, 3) with { Attempt = 2 }, resumed);
        Flush(node);
        Assert.False(Launches.HasMessages);
        attempt.Report(2, 0.8);
        attempt.End(EndingCause.Stopped);
        Assert.Equal(2, Launches.ExpectMsg<Launched>().Launch.Attempt);
        // Nobody is told of the old one, and nothing is said again to those who are gone.
        Clock.MoveBy(TimeSpan.FromMinutes(1));
        Flush(node);
        Assert.False(Experiment.HasMessages || Supervisor.HasMessages || next.HasMessages || resumed.HasMessages);
    }

    [Fact]
    public void A_trial_that_reaches_its_level_after_its_coordinator_is_gone_waits_for_nobodys_word()
    {
        var node = Node(1, new ScriptedRunner(Launches, stubborn: true));
        var attempt = Start(node, Job(0, 3) with { Target = 2, Goal = 8 });
        var next = CreateTestProbe("next");
        node.Tell(new JoinNext(next));
        attempt.Report(2, 0.9); // In the moment in which it is told to end.
        attempt.End(EndingCause.Stopped);
        Start(node, Job(0, 4), CreateTestProbe("resumed"));
        Assert.False(Experiment.HasMessages);
    }
}
