using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Event;
using Akka.TestKit;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors.Tests;

/// <summary>Experiments that are gone, or seem to be, and what a node keeps for them.</summary>
public sealed class NodeExperimentTests : NodeTest
{
    /// <summary>In intervals, and so in what nobody answers: long.</summary>
    private const int Day = 200;

    [Fact]
    public void An_experiment_that_is_gone_is_told_until_its_run_is_over_and_then_nothing_more_and_nothing_runs_for_it()
    {
        var dead = CreateTestProbe("dead-letters");
        Sys.EventStream.Subscribe(dead, typeof(DeadLetter));
        var node = Node(1);
        node.Tell(new NodeJoined(1), Supervisor);
        var gone = Sys.ActorOf(Forwarder.Props(Experiment), "gone");
        var attempt = Start(node, Job(0, 0), gone);
        attempt.Report(1, 0.9);
        Heard(Experiment);
        Sys.Stop(Watch(gone));
        ExpectTerminated(gone);
        for (var interval = 0; interval < Day; interval++)
        {
            Flush(node);
            Clock.MoveBy(Interval);
            Assert.Equal(1, Told(dead).Report.Reports[0].Resource);
        }
        Assert.False(attempt.IsStopped);
        node.Tell(new RunIsOver(""), Supervisor);
        Until(() => attempt.IsStopped, () => "not stopped");
        var next = Start(node, Job(0, 0)); // Another experiment has the slot.
        Wait(node, 10);
        Assert.False(dead.HasMessages);
        next.Complete(0.1);
        Heard(Experiment);
    }

    [Fact]
    public void An_experiment_that_seemed_to_be_gone_and_is_heard_of_again_loses_nothing()
    {
        var node = Node(1);
        node.Tell(new NodeJoined(1), Supervisor);
        var attempt = Start(node, Job(0, 0));
        attempt.Report(1, 0.9);
        Heard(Experiment);
        for (var time = 0; time < 3; time++)
        {
            Lose(node);
            for (var interval = 0; interval < Day; interval++)
            {
                Flush(node);
                Clock.MoveBy(Interval);
                Assert.Equal(0, Heard(Experiment).Message);
            }
            node.Tell(new EndJob(7, 1), Experiment);
        }
        Wait(node, 2);
        Assert.False(attempt.IsStopped);
        attempt.Complete(0.1);
        Experiment.FishForMessage<NodeReport>(report => report.Report.Ending is not null);
        node.Tell(new ReportStored(0, 1, 0), Experiment);
        node.Tell(new ReportStored(0, 1, 1), Experiment);
        Flush(node);
        while (Experiment.HasMessages)
            Heard(Experiment);
        Wait(node, 2);
        Assert.False(Experiment.HasMessages);
    }

    /// <summary>The torture's seed 500690: it was run once more, under the same number.</summary>
    [Fact]
    public void A_start_from_before_its_run_was_forgotten_is_not_run_again()
    {
        var node = Node(1);
        node.Tell(new NodeJoined(1), Supervisor);
        Start(node, Job(0, 3) with { Number = 7, Joining = 1 }).Complete(0.5);
        Heard(Experiment);
        Lose(node);
        node.Tell(new RunIsOver(""), Supervisor);
        node.Tell(Job(0, 3) with { Number = 7, Joining = 1 }, Experiment);
        Assert.Equal(EndingCause.Stopped, Heard(Experiment).Ending!.Cause);
        Start(node, Job(0, 4) with { Number = 8, Joining = 1 }).Complete(0.5);
    }

    [Fact]
    public void What_was_reported_for_a_run_that_is_over_is_not_said_to_whoever_has_its_name_next()
    {
        var node = Node(1);
        node.Tell(new NodeJoined(1), Supervisor);
        Start(node, Job(0, 3)).Complete(0.5);
        Heard(Experiment);
        Lose(node);
        node.Tell(new RunIsOver(""), Supervisor);
        var next = CreateTestProbe("next");
        Start(node, Job(0, 4), next).Report(1, 0.9);
        Assert.Equal(4, Heard(next).Trial);
        Wait(node, 1);
        Assert.Equal(4, Heard(next).Trial);
        Assert.False(next.HasMessages);
    }

    [Fact]
    public void Which_start_was_the_newest_is_forgotten_with_its_experiment()
    {
        var node = Node(1);
        node.Tell(new NodeJoined(1), Supervisor);
        Start(node, Job(0, 3) with { Number = 7, Joining = 1 }).Complete(0.5);
        Heard(Experiment);
        node.Tell(new ReportStored(3, 1, 0), Experiment);
        Lose(node);
        Wait(node, Day);
        node.Tell(new EndJob(3, 1, 0, 7, 1), Experiment);
        Assert.Equal(new JobGone(3, 1), Experiment.ExpectMsg<JobGone>());
        Lose(node);
        node.Tell(new RunIsOver(""), Supervisor);
        node.Tell(new EndJob(3, 1, 0, 7, 1), Experiment); // It does not know any more that it had the start.
        Assert.Equal(EndingCause.Stopped, Heard(Experiment).Ending!.Cause);
    }

    [Fact]
    public void A_run_that_is_over_is_asked_about_until_that_is_said_and_what_runs_for_it_is_ended_then()
    {
        var node = Node(1);
        node.Tell(new NodeJoined(1), Supervisor);
        var attempt = Start(node, Job(0, 0) with { Run = "one" });
        Lose(node);
        Supervisor.ExpectMsg<JoinNode>();
        for (var interval = 0; interval < 3; interval++)
        {
            Wait(node, 1);
            Assert.Equal("one", Supervisor.ExpectMsg<IsRunOver>().Run);
        }
        Assert.False(attempt.IsStopped);
        node.Tell(new RunIsOver("one"), Supervisor);
        Until(() => attempt.IsStopped, () => "not stopped");
        Wait(node, 2);
        Assert.False(Supervisor.HasMessages || Experiment.HasMessages);
    }

    [Fact]
    public void That_a_run_is_over_says_nothing_of_one_that_is_spoken_for()
    {
        var node = Node(1);
        node.Tell(new NodeJoined(1), Supervisor);
        var attempt = Start(node, Job(0, 0) with { Run = "one" });
        node.Tell(new RunIsOver("one"), Supervisor);
        Lose(node);
        node.Tell(new EndJob(7, 1, Run: "one"), Experiment);
        node.Tell(new RunIsOver("one"), Supervisor);
        attempt.Report(1, 0.9); // Nobody would hear of it.
        Assert.Equal(1, Assert.Single(Heard(Experiment).Reports).Resource);
        Assert.False(attempt.IsStopped);
    }

    [Fact]
    public void What_a_paused_run_has_here_is_ended_and_what_it_reported_is_told_when_the_run_goes_on()
    {
        var node = Node(1);
        node.Tell(new NodeJoined(1), Supervisor);
        var attempt = Start(node, Job(0, 0) with { Run = "one" });
        attempt.Report(1, 0.9);
        Heard(Experiment);
        node.Tell(new RunIsPaused("one"), Supervisor); // Somebody speaks for it.
        Flush(node);
        Assert.False(attempt.IsStopped);
        Lose(node);
        node.Tell(new RunIsPaused("one"), Supervisor);
        Until(() => attempt.IsStopped, () => "not stopped");
        attempt.End(EndingCause.Stopped);
        Wait(node, Day);
        node.Tell(new EndJob(7, 1, Run: "one"), Experiment);
        while (Experiment.HasMessages)
            Heard(Experiment);
        Wait(node, 1);
        Assert.Equal(1, Heard(Experiment).Reports[0].Resource);
        Assert.Equal(EndingCause.Stopped, Heard(Experiment).Ending!.Cause);
    }

    /// <summary>Its link was made anew, and death watch went by the one before: nobody would tell it that an experiment is gone.</summary>
    [Fact]
    public void A_node_that_was_cut_off_asks_about_its_runs_at_once_until_they_are_spoken_for()
    {
        var node = Node(2);
        node.Tell(new NodeJoined(1), Supervisor);
        Start(node, Job(0, 0) with { Run = "one" });
        var attempt = Start(node, Job(1, 0) with { Run = "two" }, CreateTestProbe("two"));
        Supervisor.ExpectMsg<JoinNode>();
        node.Tell(JoinAgain.Now);
        Supervisor.ExpectMsg<JoinNode>();
        Assert.Equal("one", Supervisor.ExpectMsg<IsRunOver>().Run);
        Assert.Equal("two", Supervisor.ExpectMsg<IsRunOver>().Run);
        node.Tell(new NodeJoined(2), Supervisor);
        node.Tell(new EndJob(7, 1, Run: "one"), Experiment);
        node.Tell(new RunIsOver("two"), Supervisor);
        Until(() => attempt.IsStopped, () => "not stopped");
        Wait(node, 2);
        Assert.False(Supervisor.HasMessages);
        // It is watched as before.
        Sys.Stop(Experiment);
        Until(() => { Wait(node, 1); return Supervisor.HasMessages; }, () => "not asked");
        Assert.Equal("one", Supervisor.ExpectMsg<IsRunOver>().Run);
    }

    /// <summary>Death watch says so of an experiment that is gone, and of one that could not be reached for long.</summary>
    private void Lose(IActorRef node)
    {
        ((IInternalActorRef)node).SendSystemMessage(new DeathWatchNotification(Experiment, existenceConfirmed: false, addressTerminated: true));
        // Once until it is there, which puts it into the mailbox, and once until it is taken from that.
        Flush(node);
        Flush(node);
    }

    private void Wait(IActorRef node, int intervals)
    {
        for (; intervals > 0; intervals--)
        {
            Flush(node);
            Clock.MoveBy(Interval);
        }
        Flush(node);
    }

    /// <summary>The next report that nobody got.</summary>
    private static NodeReport Told(TestProbe dead) => (NodeReport)dead.FishForMessage<DeadLetter>(letter => letter.Message is NodeReport).Message;
}
