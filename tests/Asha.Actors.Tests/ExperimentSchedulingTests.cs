using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors.Tests;

/// <summary>Which job an experiment gives to which slot.</summary>
public sealed class ExperimentSchedulingTests : ExperimentTest
{
    [Fact]
    public void A_job_that_keeps_failing_is_tried_max_attempts_times_and_counts_as_NaN()
    {
        Start(Spec(SchedulerType.Sha, trials: 2, attempts: 2), 1);
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var job = Job();
            Assert.Equal((0, attempt, attempt == 1 ? "" : "crash"), (job.Trial, job.Attempt, job.RetryReason));
            Say(job, 0, new TrialEnding(EndingCause.Crash, "signal 11"));
        }
        Complete(Job(), 5);
        // ⌊2/2⌋ = 1 goes up: trial 1, since NaN ranks last.
        Assert.Equal((1, 2.0), (Job().Trial, 2.0));
        var events = Committed(happened => happened is TrialPromoted);
        Assert.Equal([false, true], events.OfType<AttemptFailed>().Select(failed => failed.Last));
        Assert.Equal((1, 1, 2, 1), Assert.IsType<TrialPromoted>(events.Find(happened => happened is TrialPromoted)) is var up ? (up.Trial, up.Rank, up.Results, up.Candidates) : default);
    }

    [Fact]
    public void Sha_promotes_all_at_its_barrier_even_when_no_slot_is_idle()
    {
        Start(Spec(SchedulerType.Sha, trials: 4), 1);
        for (var trial = 0; trial < 3; trial++)
            Complete(Job(), 1 - trial / 10.0);
        var last = Job();
        Experiment.Tell(new RecallSlot(0), Supervisor);
        Complete(last, 0.75);
        // The one slot went back in the same moment, and both promotions are decided all the same, in rank order: 0.75 and 0.8.
        Assert.Equal(0, Supervisor.FishForMessage<ReturnSlot>(_ => true).Slot);
        var events = Committed(happened => happened is TrialPromoted);
        Assert.Equal([(3, 1), (2, 2)], events.OfType<TrialPromoted>().Select(promotion => (promotion.Trial, promotion.Rank)));
        Assert.Equal(events.Last().Time, events.OfType<TrialPromoted>().First().Time);
        Grant(1);
        Assert.Equal((3, 2.0), Job() is var next ? (next.Trial, next.Target) : default);
    }

    [Fact]
    public void Sha_promotes_all_at_its_barrier_even_when_the_last_slot_is_gone()
    {
        Start(Spec(SchedulerType.Sha, trials: 4), 1);
        for (var trial = 0; trial < 3; trial++)
            Complete(Job(), 1 - trial / 10.0);
        Say(Job(), 0, new TrialEnding(EndingCause.Exited, Retires: "it still runs"), new TrialReport(1, .75, "at-1"));
        Assert.Equal([3, 2], Committed(happened => happened is TrialPromoted { Trial: 2 }).OfType<TrialPromoted>().Select(promotion => promotion.Trial));
    }

    [Fact]
    public void A_recalled_slot_goes_back_when_it_falls_idle_and_not_before()
    {
        Start(Spec(trials: null), 2);
        var (one, other) = (Job(), Job());
        Experiment.Tell(new RecallSlot(1), Supervisor);
        Complete(one, 0.5);
        Job(); // Slot 0 goes on.
        Settle();
        Assert.False(Supervisor.HasMessages);
        Complete(other, 0.5);
        Assert.Equal(new ReturnSlot("run", 1), Supervisor.ExpectMsg<ReturnSlot>());
        Assert.Contains(Committed(happened => happened is SlotLeft), happened => happened is SlotLeft { Slot: 1 });
    }

    [Fact]
    public void A_slot_with_nothing_to_do_is_parked_and_a_result_wakes_it()
    {
        Start(Spec(trials: 2, max: 2), 2);
        var (one, other) = (Job(), Job());
        Complete(one, 0.5); // ⌊1/2⌋ = 0: nothing for slot 0.
        Assert.Equal(new ParkSlot("run", 0), Supervisor.ExpectMsg<ParkSlot>());
        Complete(other, 0.75);
        var promoted = Job();
        Assert.Equal((0, 0, 2.0), (promoted.Trial, promoted.Slot, promoted.Target)); // The lowest idle slot, not the one that just fell idle.
        Assert.Equal(new ParkSlot("run", 1), Supervisor.FishForMessage<ParkSlot>(_ => true));
    }

    [Fact]
    public void A_parked_slot_that_is_used_again_is_told_so_that_nobody_takes_it_for_idle()
    {
        Start(Spec(SchedulerType.Sha, trials: 2, max: 2), 2);
        var (one, other) = (Job(), Job());
        Complete(one, 0.5);
        Assert.Equal(new ParkSlot("run", 0), Supervisor.ExpectMsg<ParkSlot>());
        Complete(other, 0.75);
        Assert.Equal(0, Job().Slot);
        Assert.Equal(new UseSlot("run", 0), Supervisor.ExpectMsg<UseSlot>());
        Assert.Equal(new ParkSlot("run", 1), Supervisor.ExpectMsg<ParkSlot>());
    }

    [Fact]
    public void An_experiment_that_lost_its_last_slot_to_others_asks_for_one_when_it_has_work()
    {
        Start(Spec(SchedulerType.Sha, trials: 2, max: 2), 2);
        var (one, other) = (Job(), Job());
        Complete(one, 0.5); // Slot 0 has nothing to do: the barrier.
        Complete(other, 0.75); // Trial 0 goes up, on slot 0; slot 1 has nothing to do.
        var promoted = Job();
        Experiment.Tell(new RecallSlot(0), Supervisor);
        Experiment.Tell(new RecallSlot(1), Supervisor);
        Assert.Equal(1, Supervisor.FishForMessage<ReturnSlot>(_ => true).Slot);
        Flush(Experiment);
        Assert.False(Supervisor.HasMessages); // One job, one slot: nothing more to do.
        Say(promoted, 0, new TrialEnding(EndingCause.Crash));
        Assert.Equal(0, Supervisor.ExpectMsg<ReturnSlot>().Slot);
        Supervisor.ExpectMsg<WantSlots>(); // For the retry; and once only.
        Settle();
        Assert.False(Supervisor.HasMessages);
        Grant(9);
        Assert.Equal((0, 3, 9), Job() is var again ? (again.Trial, again.Attempt, again.Slot) : default);
    }

    [Theory]
    // Its result ends the experiment; or it is not among the best of its rung.
    [InlineData(.1, .2)]
    [InlineData(.1, null)]
    public void A_trial_that_runs_on_at_its_level_is_ended_where_it_does_not_go_on(double first, double? wanted)
    {
        Start(Spec(SchedulerType.Stopping, trials: 2, stop: new StopSpec(Metric: wanted)), 2);
        var (one, two) = (Job(), Job());
        Assert.Equal((1.0, 4.0), (one.Target, one.Goal));
        Say(one, 0, new TrialEnding(EndingCause.LevelReached), new TrialReport(1, first));
        if (wanted is null)
        {
            var next = Job();
            Assert.Equal((one.Trial, 2, one.Slot, true), (next.Trial, next.Attempt, next.Slot, next.GoesOn));
            Say(two, 0, new TrialEnding(EndingCause.LevelReached), new TrialReport(1, first + 1));
            Assert.Equal(new EndJob(two.Trial, 1, Run: "run"), Node.FishForMessage<EndJob>(_ => true));
        }
        else
        {
            Assert.Equal([0, 1], Enumerable.Range(0, 2).Select(_ => Node.FishForMessage<EndJob>(_ => true).Trial).Order());
        }
    }

    [Fact]
    public void A_trial_that_was_given_up_with_its_node_and_still_runs_on_at_its_level_is_ended_for_it_holds_its_slot()
    {
        Start(Spec(SchedulerType.Stopping, trials: 2), 1);
        var job = Job();
        Experiment.Tell(new SlotsUnreachable([0]), Supervisor);
        Grant(1); // The job is given away.
        Say(job, 0, new TrialEnding(EndingCause.LevelReached), new TrialReport(1, .1));
        Assert.Equal(new EndJob(job.Trial, 1, Run: "run"), Node.FishForMessage<EndJob>(_ => true));
    }

    [Fact]
    public void With_mode_max_the_highest_goes_up_and_is_told_as_it_was_reported()
    {
        var spec = Spec(SchedulerType.Sha, trials: 2, max: 2);
        Start(spec with { Metric = new MetricSpec("accuracy", MetricMode.Max) }, 1);
        Complete(Job(), 0.25);
        Complete(Job(), 0.75);
        Assert.Equal(1, Job().Trial);
        var promotion = Committed(happened => happened is TrialPromoted).OfType<TrialPromoted>().Single();
        Assert.Equal((0.75, 0.75), (promotion.Metric, promotion.CutOff));
    }

    [Fact]
    public void A_trial_is_given_its_seed_and_parameters_again_in_every_attempt()
    {
        Start(Spec(), 1);
        var first = Job();
        Say(first, 0, new TrialEnding(EndingCause.Silence));
        var second = Job();
        Assert.Equal((first.Seed, first.Parameters.ToString(), "silence"), (second.Seed, second.Parameters.ToString(), second.RetryReason));
    }
}
