using Akka.Actor;
using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors.Tests;

/// <summary>What fails on a node: runners, slots, the deletion of checkpoints.</summary>
public sealed class NodeFailureTests : NodeTest
{
    [Fact]
    public void A_runner_that_throws_is_a_failed_attempt_and_the_slot_goes_on()
    {
        var node = Node(1, new Throwing(Launches));
        node.Tell(Job(0, 0), Experiment);
        var ending = Heard(Experiment).Ending!;
        Assert.Equal(EndingCause.Crash, ending.Cause);
        Assert.Contains("boom", ending.Detail);
        node.Tell(Job(0, 0, attempt: 2), Experiment);
        Assert.Equal(2, Heard(Experiment) is { Ending.Cause: EndingCause.Crash } again ? again.Attempt : 0);
    }

    [Fact]
    public void A_runner_whose_task_fails_could_not_start_the_trial()
    {
        var attempt = Start(Node(1), Job(0, 0));
        attempt.Fail(new IOException("no such file"));
        Assert.Equal(new TrialEnding(EndingCause.StartFailed, "no such file"), Heard(Experiment).Ending);
    }

    [Fact]
    public void A_slot_that_keeps_failing_takes_its_node_down()
    {
        // ray#5036 the other way round: what cannot run must not look as if it did.
        var node = Node(1, new Throwing(Launches));
        Watch(node);
        for (var attempt = 1; attempt <= 11; attempt++)
            node.Tell(Job(0, 0, attempt), Experiment);
        ExpectTerminated(node);
        Assert.False(EndedInOrder);
    }

    [Fact]
    public void Failures_far_apart_on_the_systems_clock_are_forgiven()
    {
        // Thirty in no time of the machine's clock, but never more than ten within a minute of the system's.
        var node = Node(1, new Throwing(Launches));
        for (var attempt = 1; attempt <= 30; attempt++)
        {
            node.Tell(Job(0, 0, attempt), Experiment);
            Assert.Equal(attempt, Heard(Experiment).Attempt);
            node.Tell(new ReportStored(0, attempt, 0), Experiment);
            Flush(node);
            Clock.MoveBy(TimeSpan.FromSeconds(7));
        }
        Flush(node);
    }

    [Fact]
    public void Checkpoints_areReleased_and_a_failure_to_do_so_harms_nothing()
    {
        var node = Node(1, release: release => release.Trial == 1 ? Task.FromException(new IOException("busy")) : Release(release));
        node.Tell(new ReleaseCheckpoints(1, null), Experiment);
        node.Tell(new ReleaseCheckpoints(2, new CheckpointRef(1, "a/b", 4)), Experiment);
        Flush(node);
        Assert.Equal([new ReleaseCheckpoints(2, new CheckpointRef(1, "a/b", 4))], Released);
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
