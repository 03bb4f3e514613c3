using Asha.Core.Experiments;
using Asha.Core.Scheduling;
using Asha.Core.Stories;
using Asha.Core.Tests.Experiments;

namespace Asha.Core.Tests.Stories;

/// <summary>
/// One trial's story against arithmetic. Nine trials, numbered from 0 here, η = 3, r = 1, R = 9, one slot, a second an epoch, resuming; the losses of <see cref="WorkedSequenceTests"/>.
/// </summary>
public class TrialStoryTests
{
    private static readonly double[] Losses = [.30, .70, .80, .60, .90, .20, .50, .10, .40];

    private static (TrialStory Story, ExperimentState State) Tell(int trial, IEnumerable<ExperimentEvent> events)
    {
        var story = new TrialStory(trial);
        var record = new RunRecord { Story = story };
        foreach (var happened in events)
            record.Apply(happened);
        return (story, record.State);
    }

    private static List<ExperimentEvent> Run(SchedulerType type) => new TableWorld(TableWorld.Spec(type, 3, 1, 9, 9), (trial, _) => Losses[trial]).Run(1).Events;

    private static RungMoment At(double seconds, int rank, int results, int candidates, double? cutOff) => new(TimeSpan.FromSeconds(seconds), rank, results, candidates, cutOff);

    /// <summary>Jobs of ASHA, trial@rung with their ends: 0@0 1, 1@0 2, 2@0 3, 0@1 5, 3@0 6, 4@0 7, 5@0 8, 5@1 10, 6@0 11, 7@0 12, 7@1 14, 7@2 20, 8@0 21.</summary>
    [Fact]
    public void Asha_promotes_the_first_and_then_passes_it_over()
    {
        var (story, state) = Tell(0, Run(SchedulerType.Asha));
        Assert.Equal((TimeSpan.Zero, TrialFate.NotPromoted), (story.Sampled, story.FateIn(state)));
        // Rung 0: the best third of .30, .70, .80 is .30 itself. In the end .10, .20 and .30 are the best three.
        var rung = story.Rungs[0];
        Assert.Equal((At(1, 1, 1, 0, null), At(3, 1, 3, 1, .30), At(21, 3, 9, 3, .30)), (rung.Arrival, rung.Promotion!.Value, rung.Last));
        // Rung 1: alone at 5, second behind .20 at 10, third behind .10 at 14: only now may one of three go up. It might always have been among three of nine, had they come.
        rung = story.Rungs[1];
        Assert.Equal((At(5, 1, 1, 0, null), null, At(14, 3, 3, 1, .10), At(14, 3, 3, 1, .10), (TimeSpan?)null), (rung.Arrival, rung.Promotion, rung.BestChance, rung.Last, rung.HopelessSince));
        Assert.Equal([(1, 0, 0, 1), (2, 1, 3, 5)], story.Jobs.Select(job => job.Attempts.Single()).Select(attempt => (attempt.Started.Attempt, (int)attempt.Started.Start, attempt.Started.Time.Seconds, attempt.End!.Value.Seconds)));
        Assert.Equal("epoch-1", story.Jobs[1].Attempts[0].Started.Checkpoint!.Path);
    }

    [Fact]
    public void Asha_passes_over_who_is_always_one_rank_short()
    {
        // .60 arrives at 6 behind .30: rank 2 of 4 when one may go up, then 2 of 5, 3 of 6 when two may; .50 makes it 4 of 7, beyond the three that nine trials can ever promote; .10 and .40 make it 6.
        var (story, state) = Tell(3, Run(SchedulerType.Asha));
        var rung = Assert.Single(story.Rungs);
        Assert.Equal((At(6, 2, 4, 1, .30), null, At(6, 2, 4, 1, .30), At(21, 6, 9, 3, .30)), (rung.Arrival, rung.Promotion, rung.BestChance, rung.Last));
        Assert.Equal((TimeSpan.FromSeconds(11), TrialFate.NotPromoted, null), (rung.HopelessSince, story.FateIn(state), rung.WaitsFor));
    }

    /// <summary>Rung 0 has its results at 1, 2, … 9; then .10, .20, .30 go up, with results at 11, 13, 15.</summary>
    [Fact]
    public void Sha_has_candidates_at_its_barrier_alone()
    {
        var (story, state) = Tell(3, Run(SchedulerType.Sha));
        // Second of .30, .60, .70, .80; .50 makes it fourth at 7, beyond three; sixth of nine at the barrier.
        var rung = Assert.Single(story.Rungs);
        Assert.Equal((At(4, 2, 4, 0, .30), null, At(9, 6, 9, 3, .30), At(9, 6, 9, 3, .30)), (rung.Arrival, rung.Promotion, rung.BestChance, rung.Last));
        Assert.Equal((9, TimeSpan.FromSeconds(7), TrialFate.NotPromoted), (rung.WaitsFor, rung.HopelessSince, story.FateIn(state)));

        (story, state) = Tell(7, Run(SchedulerType.Sha));
        Assert.Equal((TrialFate.Completed, 9, 3), (story.FateIn(state), story.Rungs[0].WaitsFor, story.Rungs[1].WaitsFor));
        Assert.Equal([At(9, 1, 9, 3, .30), At(15, 1, 3, 1, .10), null], story.Rungs.Select(one => one.Promotion));
        Assert.Equal(At(21, 1, 1, 0, null), story.Rungs[2].Arrival);
    }

    [Fact]
    public void Where_trials_stop_only_the_moment_of_the_result_counts()
    {
        // .30 is the best of one and goes on, to the top since it is alone; then .70, .80 (of two, of three: one goes on), .60 (rank 2 of 4, one goes on, cut-off .30) and so on.
        var (story, state) = Tell(3, Run(SchedulerType.Stopping));
        var rung = Assert.Single(story.Rungs);
        Assert.Equal((RungRule.Stopping, 2, 4, 1, .30, TrialFate.NotPromoted), (rung.Rule, rung.Arrival.Rank, rung.Arrival.Results, rung.Arrival.Candidates, rung.Arrival.CutOff!.Value, story.FateIn(state)));
        Assert.Equal((rung.Arrival, rung.Arrival.Time, 6, 9), (rung.BestChance, rung.HopelessSince, rung.Last.Rank, rung.Last.Results));
        (story, state) = Tell(0, Run(SchedulerType.Stopping));
        Assert.Equal((TrialFate.Completed, false, false, true, true), (story.FateIn(state), story.Rungs[2].HasChance, story.Jobs[0].Attempts[0].Started.GoesOn, story.Jobs[1].Attempts[0].Started.GoesOn, story.Jobs[2].Attempts[0].Started.GoesOn));
        Assert.Equal([At(1, 1, 1, 1, .30), At(3, 1, 1, 1, .30), null], story.Rungs.Select(one => one.Promotion));
    }

    [Fact]
    public void Failures_lost_nodes_and_results_that_are_not_finite()
    {
        // SHA, η = 2, three trials, two tries, two slots. Trial 0 crashes at 1 and brings NaN at 2. Trial 1 loses its node at 0.5 s, which costs no try; its jobs to try again end at 2 and, after a crash, at 3: for good.
        var spec = TableWorld.Spec(SchedulerType.Sha, 2, 1, 2, 3);
        var world = new TableWorld(spec with { Trial = spec.Trial with { MaxAttempts = 2 } }, job => new Attempt(TimeSpan.FromSeconds(1), job.Trial switch { 0 when job.Attempt == 2 => double.NaN, 2 => .5, _ => null }));
        var events = world.Run([new SlotChange(TimeSpan.Zero, NodeChange.Join, 0, 1), new SlotChange(TimeSpan.Zero, NodeChange.Join, 1, 1), new SlotChange(TimeSpan.FromSeconds(.5), NodeChange.Die, 1, 1)]).Events;
        // One slot is left: 0 (1), then the jobs to try again, in the order in which they ended: 1 at .5, 0 at 1, and 1 once more.
        var (story, state) = Tell(1, events);
        Assert.Equal(
            [(AttemptOutcome.Lost, "node-lost", "node-1", .5, false), (AttemptOutcome.Failed, "crash", "node-0", 2, false), (AttemptOutcome.Failed, "crash", "node-0", 4, true)],
            Assert.Single(story.Jobs).Attempts.Select(attempt => (attempt.Outcome, attempt.Cause, attempt.Node, attempt.End!.Value.TotalSeconds, attempt.IsLast)));
        var rung = Assert.Single(story.Rungs);
        // NaN of trial 0 (at 3), then this one: ranks of what is not finite follow the numbers.
        Assert.Equal((true, double.NaN, 2, 2, TimeSpan.FromSeconds(4), TrialFate.Failed), (rung.IsFailure, rung.Metric, rung.Arrival.Rank, rung.Arrival.Results, rung.HopelessSince, story.FateIn(state)));

        (story, state) = Tell(0, events);
        Assert.Equal((TrialFate.NotFinite, false, false), (story.FateIn(state), story.Rungs[0].IsFailure, story.Rungs[0].HasChance));
        // .5 comes last and is the best of three, of which one goes up.
        Assert.Equal((2, 3, 1, .5), (story.Rungs[0].Last.Rank, story.Rungs[0].Last.Results, story.Rungs[0].Last.Candidates, story.Rungs[0].Last.CutOff!.Value));
        (story, state) = Tell(2, events);
        Assert.Equal((TrialFate.Completed, At(5, 1, 3, 1, .5)), (story.FateIn(state), story.Rungs[0].Promotion!.Value));
    }

    /// <summary>As the experiment counts: an attempt that is forgiven has used up no try of the job that it was made for.</summary>
    [Fact]
    public void What_its_node_failed_is_told_from_what_counts()
    {
        var forgiven = 0;
        foreach (var seed in Enumerable.Range(0, 40))
        {
            // Every fourth trial fails on a sound node, too.
            var ground = new QuarantineGround(new Random(seed), ["bad", "one", "two"], 2, (node, trial) => node == "bad" || (trial % 4 == 1 && node == "one"), attempts: 4);
            for (var step = 0; step < 60; step++)
                ground.Step();
            foreach (var trial in ground.State.Trials)
            {
                var jobs = Tell(trial.Trial, ground.Events).Story.Jobs;
                forgiven += jobs.Sum(job => job.Attempts.Count(attempt => attempt.IsForgiven));
                Assert.All(jobs.SelectMany(job => job.Attempts).Where(attempt => attempt.IsForgiven), attempt => Assert.Equal((AttemptOutcome.Failed, "bad"), (attempt.Outcome, attempt.Node)));
                if (trial.Phase is TrialPhase.Pending or TrialPhase.Running)
                    Assert.Equal(trial.Failures, jobs[^1].Attempts.Count(attempt => attempt is { Outcome: AttemptOutcome.Failed, IsForgiven: false }));
            }
        }
        Assert.True(forgiven > 40, $"{forgiven} in 40 runs");
    }

    [Fact]
    public void A_recording_that_breaks_off_tells_how_things_stood()
    {
        var events = Run(SchedulerType.Asha);
        Assert.Null(Tell(8, events.TakeWhile(happened => happened.Time < TimeSpan.FromSeconds(20))).Story.Sampled);
        // The last one, .40, is fourth of nine as it arrives, and no more than three of nine ever go up.
        Assert.Equal([TrialFate.Running, TrialFate.Paused, TrialFate.Waiting, TrialFate.Running, TrialFate.NotPromoted], new[] { Until<JobStarted>(0), Until<JobCompleted>(0), Until<TrialPromoted>(0), Until<JobStarted>(3), Until<JobCompleted>(8) });
        // .60, too, has no chance any more after the seventh result, though the run goes on.
        var (story, state) = Tell(3, events.TakeWhile(happened => happened is not JobCompleted { Trial: 7 }));
        Assert.Equal((TrialFate.NotPromoted, null), (story.FateIn(state), state.Ended));
        // The run's end cuts who runs.
        var cut = new TableWorld(TableWorld.Spec(SchedulerType.Asha, 3, 1, 9, 9), (trial, _) => Losses[trial]).Run([new SlotChange(TimeSpan.Zero, NodeChange.Join, 0, 1)], TimeSpan.FromSeconds(4)).Events;
        (story, state) = Tell(0, cut);
        Assert.Equal((TrialFate.Cut, AttemptOutcome.Cut, TimeSpan.FromSeconds(4)), (story.FateIn(state), story.Jobs[1].Attempts[0].Outcome, story.Jobs[1].Attempts[0].End));

        TrialFate Until<T>(int trial) where T : ExperimentEvent
        {
            var last = events.FindIndex(happened => happened is T && happened switch { JobStarted one => one.Trial, JobCompleted one => one.Trial, TrialPromoted one => one.Trial, _ => -1 } == trial);
            var (told, then) = Tell(trial, events.Take(last + 1));
            return told.FateIn(then);
        }
    }
}
