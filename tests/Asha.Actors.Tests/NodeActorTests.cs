using Akka.Actor;
using Akka.TestKit;
using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Core.Spaces;

namespace Asha.Actors.Tests;

/// <summary>A node with the test as supervisor, experiments and trials.</summary>
public sealed class NodeActorTests : ActorTest
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly TestProbe _supervisor;
    private readonly TestProbe _experiment;
    private readonly TestProbe _launches;
    private readonly List<ReleaseCheckpoints> _released = [];

    public NodeActorTests() => (_supervisor, _experiment, _launches) = (CreateTestProbe("supervisor"), CreateTestProbe("experiment"), CreateTestProbe("launches"));

    private IActorRef Node(int slots, ITrialRunner? runner = null, Func<ReleaseCheckpoints, Task>? release = null)
    {
        runner ??= new ScriptedRunner(_launches);
        var resources = Enumerable.Range(0, slots).Select(slot => new SlotResources([slot], [$"GPU-{slot}"]));
        return Sys.ActorOf(NodeActor.Props(new NodeSetup("node", [.. resources], TrialSlot.Running(runner), release ?? Release, Interval), _supervisor));
    }

    private Task Release(ReleaseCheckpoints release)
    {
        _released.Add(release);
        return Task.CompletedTask;
    }

    private static StartJob Job(int slot, int trial, int attempt = 1, double target = 4)
        => new(slot, trial, attempt, "", 77, new Configuration([new("x", ParameterValue.Of(0.5))]), 0, target, null);

    private Launched Start(IActorRef node, StartJob job, TestProbe? experiment = null)
    {
        node.Tell(job, experiment ?? _experiment);
        return _launches.ExpectMsg<Launched>();
    }

    private static JobReport Heard(TestProbe experiment) => experiment.ExpectMsg<NodeReport>().Report;

    [Fact]
    public void It_joins_with_its_slots_and_runs_a_job_on_its_slots_devices()
    {
        var node = Node(2);
        Assert.Equal(new JoinNode("node", 2, 1), _supervisor.ExpectMsg<JoinNode>());
        var launch = Start(node, Job(1, 3)).Launch;
        Assert.Equal((3, 1, 77L, 0.0, 4.0, 1, "GPU-1"), (launch.Trial, launch.Attempt, launch.Seed, launch.Start, launch.Target, Assert.Single(launch.Cpus), Assert.Single(launch.Gpus)));
    }

    [Fact]
    public void One_that_was_given_up_ends_what_it_runs_and_joins_again()
    {
        var node = Node(2);
        _supervisor.ExpectMsg<JoinNode>();
        var attempt = Start(node, Job(1, 3));
        node.Tell(JoinAgain.Now);
        attempt.End(EndingCause.Stopped);
        Assert.Equal(EndingCause.Stopped, Heard(_experiment).Ending?.Cause);
        Assert.Equal(new JoinNode("node", 2, 2), _supervisor.ExpectMsg<JoinNode>());
        node.Tell(DrainNode.Now);
        _supervisor.ExpectMsg<LeaveNode>();
        node.Tell(JoinAgain.Now); // It wants to leave all the same.
        _supervisor.ExpectMsg<JoinNode>();
        _supervisor.ExpectMsg<LeaveNode>();
    }

    [Fact]
    public void One_whose_coordinator_is_gone_ends_what_runs_for_it_and_joins_the_next()
    {
        var node = Node(2, new ScriptedRunner(_launches, stubborn: true));
        _supervisor.ExpectMsg<JoinNode>();
        var (attempt, next, resumed) = (Start(node, Job(1, 3)), CreateTestProbe("next"), CreateTestProbe("resumed"));
        attempt.Report(1, 0.9);
        Heard(_experiment); // And is never acknowledged.
        node.Tell(new JoinNext(next));
        Assert.Equal(new JoinNode("node", 2, 2), next.ExpectMsg<JoinNode>());
        node.Tell(new NodeJoined(2), next);
        // The job that was given up there may come back here while the old one ends, and waits for it: the slot is one trial's at a time.
        node.Tell(Job(1, 3) with { Attempt = 2 }, resumed);
        Flush(node);
        Assert.False(_launches.HasMessages);
        attempt.Report(2, 0.8);
        attempt.End(EndingCause.Stopped);
        Assert.Equal(2, _launches.ExpectMsg<Launched>().Launch.Attempt);
        // Nobody is told of the old one, and nothing is said again to those who are gone.
        Clock.MoveBy(TimeSpan.FromMinutes(1));
        Flush(node);
        Assert.False(_experiment.HasMessages || _supervisor.HasMessages || next.HasMessages || resumed.HasMessages);
    }

    [Fact]
    public void A_trial_that_reaches_its_level_after_its_coordinator_is_gone_waits_for_nobodys_word()
    {
        var node = Node(1, new ScriptedRunner(_launches, stubborn: true));
        var attempt = Start(node, Job(0, 3) with { Target = 2, Goal = 8 });
        var next = CreateTestProbe("next");
        node.Tell(new JoinNext(next));
        attempt.Report(2, 0.9); // In the moment in which it is told to end.
        attempt.End(EndingCause.Stopped);
        Start(node, Job(0, 4), CreateTestProbe("resumed"));
        Assert.False(_experiment.HasMessages);
    }

    [Fact]
    public void Reports_are_numbered_and_the_result_comes_with_the_ending()
    {
        var attempt = Start(Node(1), Job(0, 0));
        attempt.Report(1, 0.9);
        Assert.Equal(0, Heard(_experiment) is { Ending: null, Reports: [{ Resource: 1 }] } first ? first.Message : -1);
        attempt.Reject("no JSON object");
        Assert.Equal("no JSON object", Assert.Single(Heard(_experiment).Reports).Problem);
        attempt.Report(5, 0.5); // Overshoots 4: the result, held back until the trial has ended.
        attempt.Report(6, 0.4);
        attempt.End(EndingCause.Exit, "code 1");
        var last = Heard(_experiment);
        Assert.Equal((2, 5.0, EndingCause.Exit), (last.Message, Assert.Single(last.Reports).Resource, last.Ending!.Cause));
    }

    [Fact]
    public void What_is_not_acknowledged_is_sent_again_until_it_is()
    {
        var node = Node(1);
        node.Tell(new NodeJoined(1), _supervisor); // Nothing else is said again.
        var attempt = Start(node, Job(0, 0));
        attempt.Report(1, 0.9);
        attempt.Report(2, 0.8);
        Assert.Equal([0, 1], [Heard(_experiment).Message, Heard(_experiment).Message]);
        for (var round = 0; round < 3; round++)
        {
            Clock.MoveBy(Interval);
            Assert.Equal([0, 1], [Heard(_experiment).Message, Heard(_experiment).Message]);
        }
        node.Tell(new ReportStored(0, 1, 0), _experiment);
        Flush(node);
        Clock.MoveBy(Interval);
        Assert.Equal(1, Heard(_experiment).Message);
        // An acknowledgement of another attempt, or a second one, is nothing.
        node.Tell(new ReportStored(0, 2, 1), _experiment);
        node.Tell(new ReportStored(0, 1, 0), _experiment);
        Flush(node);
        Clock.MoveBy(Interval);
        Assert.Equal(1, Heard(_experiment).Message);
        node.Tell(new ReportStored(0, 1, 1), _experiment);
        Flush(node);
        Clock.MoveBy(10 * Interval);
        Flush(node);
        Assert.False(_experiment.HasMessages);
        // And later ones are kept again.
        attempt.Complete(0.1);
        Heard(_experiment);
        Clock.MoveBy(Interval);
        Assert.NotNull(Heard(_experiment).Ending);
    }

    [Fact]
    public void A_job_that_is_ended_says_so()
    {
        var node = Node(1);
        var attempt = Start(node, Job(0, 0));
        node.Tell(new EndJob(0, 2), _experiment); // Not this attempt.
        Flush(node);
        Assert.False(attempt.IsStopped);
        node.Tell(new EndJob(0, 1), _experiment);
        Assert.Equal(EndingCause.Stopped, Heard(_experiment).Ending!.Cause);
        node.Tell(new EndJob(0, 1), _experiment); // It has ended by itself meanwhile.
        Start(node, Job(0, 1));
    }

    [Fact]
    public void Two_experiments_may_have_trials_of_the_same_number()
    {
        var (node, other) = (Node(2), CreateTestProbe("other"));
        var (mine, theirs) = (Start(node, Job(0, 0)), Start(node, Job(1, 0), other));
        mine.Report(1, 0.25);
        Assert.Equal(0.25, Assert.Single(Heard(_experiment).Reports).Metric);
        theirs.Report(1, 0.75);
        Assert.Equal(0.75, Assert.Single(Heard(other).Reports).Metric);
        // An acknowledgement counts for its own experiment alone, and so does the end of a job.
        node.Tell(new ReportStored(0, 1, 0), other);
        node.Tell(new EndJob(0, 1), other);
        Assert.Equal(EndingCause.Stopped, Heard(other).Ending!.Cause);
        Assert.False(mine.IsStopped);
        Clock.MoveBy(Interval);
        Assert.Equal(0, Heard(_experiment).Message);
        Assert.Equal(1, Heard(other).Message);
        mine.Complete(0.1);
        Assert.Equal(4, Assert.Single(Heard(_experiment).Reports).Resource);
        Assert.False(other.HasMessages);
    }

    [Fact]
    public void A_job_waits_until_the_one_before_it_on_the_slot_has_really_ended()
    {
        // ray#14759: two trials on one GPU. The supervisor gives a slot on as soon as its experiment is over, though its trial still takes its five seconds.
        var other = CreateTestProbe("other");
        var node = Node(1, new ScriptedRunner(_launches, stubborn: true));
        var old = Start(node, Job(0, 0));
        node.Tell(new EndJob(0, 1), _experiment);
        node.Tell(Job(0, 5), other);
        Flush(node);
        Assert.True(old.IsStopped);
        Assert.False(_launches.HasMessages);
        old.End(EndingCause.Stopped);
        Assert.Equal(5, _launches.ExpectMsg<Launched>().Launch.Trial);
        Assert.Equal(EndingCause.Stopped, Heard(_experiment).Ending!.Cause);
    }

    [Fact]
    public void A_job_that_waits_can_be_ended_too()
    {
        var other = CreateTestProbe("other");
        var node = Node(1, new ScriptedRunner(_launches, stubborn: true));
        var old = Start(node, Job(0, 0));
        node.Tell(new EndJob(0, 1), _experiment);
        node.Tell(Job(0, 5), other);
        node.Tell(new EndJob(5, 1), other);
        Assert.Equal((5, EndingCause.Stopped), Heard(other) is var heard ? (heard.Trial, heard.Ending!.Cause) : default);
        old.End(EndingCause.Stopped);
        Heard(_experiment);
        Assert.Equal(6, Start(node, Job(0, 6)).Launch.Trial);
    }

    [Fact]
    public void Shutting_down_ends_every_job_starts_none_and_stops()
    {
        var node = Node(2, new ScriptedRunner(_launches, stubborn: true));
        Watch(node);
        var (one, other) = (Start(node, Job(0, 0)), Start(node, Job(1, 1)));
        node.Tell(ShutDownNode.Now);
        Flush(node);
        Until(() => one.IsStopped && other.IsStopped, () => "not stopped");
        one.End(EndingCause.Stopped);
        Assert.Equal(EndingCause.Stopped, Heard(_experiment).Ending!.Cause);
        // The experiment does not know yet, and tries the job again on the slot that fell idle.
        node.Tell(Job(0, 0, attempt: 2), _experiment);
        other.End(EndingCause.Stopped);
        ExpectTerminated(node);
        Assert.False(_launches.HasMessages);
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
    public void A_runner_that_throws_is_a_failed_attempt_and_the_slot_goes_on()
    {
        var node = Node(1, new Throwing(_launches));
        node.Tell(Job(0, 0), _experiment);
        var ending = Heard(_experiment).Ending!;
        Assert.Equal(EndingCause.Crash, ending.Cause);
        Assert.Contains("boom", ending.Detail);
        node.Tell(Job(0, 0, attempt: 2), _experiment);
        Assert.Equal(2, Heard(_experiment) is { Ending.Cause: EndingCause.Crash } again ? again.Attempt : 0);
    }

    [Fact]
    public void A_runner_whose_task_fails_could_not_start_the_trial()
    {
        var attempt = Start(Node(1), Job(0, 0));
        attempt.Fail(new IOException("no such file"));
        Assert.Equal(new TrialEnding(EndingCause.StartFailed, "no such file"), Heard(_experiment).Ending);
    }

    [Fact]
    public void A_slot_that_keeps_failing_takes_its_node_down()
    {
        // ray#5036 the other way round: what cannot run must not look as if it did.
        var node = Node(1, new Throwing(_launches));
        Watch(node);
        for (var attempt = 1; attempt <= 11; attempt++)
            node.Tell(Job(0, 0, attempt), _experiment);
        ExpectTerminated(node);
    }

    [Fact]
    public void Failures_far_apart_on_the_systems_clock_are_forgiven()
    {
        // Thirty in no time of the machine's clock, but never more than ten within a minute of the system's.
        var node = Node(1, new Throwing(_launches));
        for (var attempt = 1; attempt <= 30; attempt++)
        {
            node.Tell(Job(0, 0, attempt), _experiment);
            Assert.Equal(attempt, Heard(_experiment).Attempt);
            node.Tell(new ReportStored(0, attempt, 0), _experiment);
            Flush(node);
            Clock.MoveBy(TimeSpan.FromSeconds(7));
        }
        Flush(node);
    }

    [Fact]
    public void One_that_drains_says_so_finishes_its_jobs_and_stops_when_nobody_holds_its_slots()
    {
        var node = Watch(Node(2));
        _supervisor.ExpectMsg<JoinNode>();
        var attempt = Start(node, Job(0, 0));
        node.Tell(DrainNode.Now);
        _supervisor.ExpectMsg<LeaveNode>();
        Flush(node);
        Assert.False(attempt.IsStopped);
        attempt.Complete(0.5);
        Assert.Equal(EndingCause.Exited, Heard(_experiment).Ending!.Cause);
        node.Tell(new NodeReleased(), _supervisor);
        ExpectTerminated(node);
    }

    [Fact]
    public void Checkpoints_are_released_and_a_failure_to_do_so_harms_nothing()
    {
        var node = Node(1, release: release => release.Trial == 1 ? Task.FromException(new IOException("busy")) : Release(release));
        node.Tell(new ReleaseCheckpoints(1, null), _experiment);
        node.Tell(new ReleaseCheckpoints(2, new CheckpointRef(1, "a/b", 4)), _experiment);
        Flush(node);
        Assert.Equal([new ReleaseCheckpoints(2, new CheckpointRef(1, "a/b", 4))], _released);
        Start(node, Job(0, 0));
    }

    private sealed class Throwing(IActorRef tells) : ITrialRunner
    {
        public IAttempt Start(TrialLaunch launch, IAttemptListener listener)
        {
            tells.Tell(launch.Attempt);
            throw new InvalidOperationException("boom");
        }
    }
}
