using Asha.Core.Experiments;
using Asha.Core.Scheduling;

namespace Asha.Core.Tests.Experiments;

/// <summary>An ending that takes its slot along: something of the attempt still runs there, and nobody can end it.</summary>
public class RetiredSlotTests
{
    private const string Reason = "trial 0 did not end within 5 s of being told to";

    [Fact]
    public void The_slot_leaves_in_the_same_step_and_the_trial_has_failed_for_good()
    {
        var driver = new ExperimentDriver();
        var trial = driver.Sample();
        driver.Decided();
        Assert.Same(trial, driver.Say(trial, new TrialEnding(EndingCause.TimeLimit, "ran longer", Reason)));
        // No retry, although there were two left: it would most likely cost the next slot.
        Assert.Collection(driver.Decided(),
            happened => Assert.True(happened is AttemptFailed { Last: true, Cause: "time-limit" }, $"{happened}"),
            happened => Assert.True(happened is SlotLeft { Slot: 0, Reason: Reason }, $"{happened}"));
        Assert.Equal(TrialPhase.Failed, trial.Phase);
        Assert.Equal((0, null, 0), (driver.State.Slots.Present, driver.State.Slots.FirstIdle, driver.State.Retries.Count));
        Assert.Equal(0, Assert.Single(driver.State.RetiredSlots).Slot);
    }

    [Fact]
    public void A_result_counts_and_the_slot_leaves_all_the_same()
    {
        var driver = new ExperimentDriver();
        var trial = driver.Sample();
        driver.Decided();
        Assert.Same(trial, driver.Say(trial, new TrialEnding(EndingCause.Exited, "", Reason), new TrialReport(1, 0.5)));
        Assert.Equal(["ReportAccepted", "JobCompleted", "SlotLeft"], driver.Decided().Select(happened => happened.GetType().Name));
        Assert.Same(trial, driver.State.Best);
        Assert.Equal(0, driver.State.Slots.Present);
    }

    [Fact]
    public void An_attempt_that_found_its_slot_retired_is_made_again_and_uses_up_no_retry()
    {
        var driver = new ExperimentDriver();
        var trial = driver.Sample();
        Assert.Null(driver.Say(trial, new TrialEnding(EndingCause.SlotRetired, Retires: "another's trial")));
        Assert.Equal((TrialPhase.Pending, 0, "slot-retired"), (trial.Phase, trial.Failures, trial.RetryReason));
        Assert.Equal(0, driver.State.Slots.Present);
        driver.Start(trial);
        Assert.Equal((2, 100), (trial.Attempt, trial.Slot));
    }

    [Fact]
    public void A_slot_that_goes_back_is_not_retired()
    {
        var driver = new ExperimentDriver();
        driver.Experiment.Join(driver.Now, 7, "node");
        driver.Experiment.Leave(driver.Now, 7);
        Assert.Empty(driver.State.RetiredSlots);
    }

    [Fact]
    public void The_pool_forgets_one_slot_and_later_the_rest_of_its_node()
    {
        var pool = new SlotPool();
        pool.Join(3);
        pool.Open("a", 1);
        Assert.Equal(3, pool.Balance().Count);
        Assert.Equal([1], pool.Lose(1, 1)["a"]);
        Assert.Empty(pool.Lose(1, 1));
        pool.Close("a");
        pool.Open("b", 1);
        Assert.Equal([0, 2], pool.Balance().Select(decision => decision.Slot));
        Assert.Equal([0, 2], pool.Lose(0, 3)["b"]);
    }
}
