using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors.Tests;

/// <summary>From which checkpoint an experiment has a trial go on, and which it lets go.</summary>
public sealed class ExperimentCheckpointTests : ExperimentTest
{
    [Fact]
    public void A_missing_checkpoint_starts_the_job_again_from_nothing_and_is_no_failure()
    {
        Start(Spec(SchedulerType.Sha, trials: 2, attempts: 1), 1);
        Complete(Job(), 0.2);
        Complete(Job(), 0.1);
        var promoted = Job();
        Assert.Equal((1, 1.0, 2.0, new CheckpointRef(1, "at-1", 1)), (promoted.Trial, promoted.Start, promoted.Target, promoted.Checkpoint));
        Say(promoted, 0, new TrialEnding(EndingCause.CheckpointMissing));
        var again = Job();
        Assert.Equal((1, 3, 0.0, null, "checkpoint-missing"), (again.Trial, again.Attempt, again.Start, again.Checkpoint, again.RetryReason));
    }

    [Fact]
    public void Checkpoints_that_nobody_needs_are_released_and_the_best_trials_is_kept()
    {
        Start(Spec(SchedulerType.Sha, trials: 4, max: 2), 1);
        var first = Job();
        Say(first, 0, new TrialEnding(EndingCause.Exited), new TrialReport(.5, .9, "at-half"), new TrialReport(1, .4, "at-1"));
        double[] metrics = [0.1, double.NaN, 0.2];
        foreach (var metric in metrics)
            Complete(Job(), metric);
        foreach (var metric in new[] { 0.3, 0.05 }) // Trials 1 and 3 go up; 3 wins.
            Complete(Job(), metric);
        Supervisor.FishForMessage<CloseExperiment>(_ => true);
        Settle(); // The last of it is said after the supervisor was told.
        while (Node.HasMessages)
            Told.Add(Node.ExpectMsg<IWireMessage>());
        var released = Told.OfType<ReleaseCheckpoints>().ToArray();
        // With each finite result, all from before, if there was any; then everything of trials that are out of the race, and never anything of trial 3 altogether.
        Assert.Equal([0, 1, 3], released.Where(release => release.Keep is not null).Select(release => release.Trial));
        Assert.Equal([0, 1, 2], released.Where(release => release.Keep is null).Select(release => release.Trial).Distinct().Order());
        // Not what a later attempt may be writing when this arrives.
        Assert.All(released.Where(release => release.Keep is null), release => Assert.True(release.Attempts >= 1));
    }

    [Fact]
    public void What_a_trial_left_on_another_node_is_released_as_well()
    {
        var other = CreateTestProbe("other");
        Start(Spec(SchedulerType.Sha, trials: 2, max: 2), 1);
        var first = Job();
        // It leaves a checkpoint on the first node, which is lost for a while, and goes on elsewhere.
        Complete(first, .1);
        var second = Job();
        Complete(second, .2);
        var promoted = Job();
        Assert.Equal(first.Trial, promoted.Trial);
        Experiment.Tell(new SlotsLost([0]), Supervisor);
        Grant(1, other);
        var again = other.FishForMessage<StartJob>(_ => true);
        Experiment.Tell(new NodeReport(new JobReport(again.Trial, again.Attempt, 0, [new TrialReport(2, .05, "at-2")], new TrialEnding(EndingCause.Exited))), other);
        other.FishForMessage<ReleaseCheckpoints>(release => release.Trial == first.Trial);
        Node.FishForMessage<ReleaseCheckpoints>(release => release.Trial == first.Trial && release.Keep?.Attempt == again.Attempt);
    }
}
