using Asha.Core.Experiments;
using Asha.Core.Spaces;

namespace Asha.Core.Tests.Experiments;

/// <summary>What becomes of a job, and how an experiment ends.</summary>
public class ExperimentTests
{
    private static ExperimentSpec Spec(StopSpec? stop = null, int attempts = 3, MetricMode mode = MetricMode.Min)
    {
        var spec = TableWorld.Spec(SchedulerType.Asha, 4, 1, 64, 100);
        return spec with { Stop = stop ?? new StopSpec(), Trial = spec.Trial with { MaxAttempts = attempts }, Metric = new MetricSpec("m", mode) };
    }

    [Theory]
    [InlineData(EndingCause.Exit, "exit")]
    [InlineData(EndingCause.Crash, "crash")]
    [InlineData(EndingCause.TimeLimit, "time-limit")]
    [InlineData(EndingCause.Silence, "silence")]
    [InlineData(EndingCause.StartFailed, "start-failed")]
    [InlineData(EndingCause.Exited, "no-result")]
    public void A_fault_counts_as_a_failure_by_its_name(EndingCause cause, string name)
    {
        var driver = new ExperimentDriver(Spec());
        var trial = driver.Sample();
        Assert.Null(driver.Crash(trial, cause));
        Assert.Equal((TrialPhase.Pending, 1, name), (trial.Phase, trial.Failures, trial.RetryReason));
        Assert.Equal(1, driver.State.Failures[name]);
        Assert.Equal([trial.Trial], driver.State.Retries.Due);
    }

    [Theory]
    [InlineData(EndingCause.CheckpointMissing, "checkpoint-missing")]
    [InlineData(EndingCause.Stopped, "stopped")]
    public void What_is_no_fault_of_the_trial_uses_up_no_retry(EndingCause cause, string name)
    {
        var driver = new ExperimentDriver(Spec(attempts: 1));
        var trial = driver.Sample();
        Assert.Null(driver.Crash(trial, cause));
        Assert.Equal((TrialPhase.Pending, 0, name), (trial.Phase, trial.Failures, trial.RetryReason));
        Assert.Empty(driver.State.Failures);
    }

    [Fact]
    public void Exit_0_after_rejected_reports_is_a_bad_report()
    {
        var driver = new ExperimentDriver(Spec());
        var trial = driver.Sample();
        driver.Say(trial, null, TrialReport.Rejected("no JSON object"));
        driver.Exit(trial);
        Assert.Equal("bad-report", trial.RetryReason);
        // The next attempt starts with a clean slate.
        driver.Start(trial);
        driver.Exit(trial);
        Assert.Equal("no-result", trial.RetryReason);
    }

    [Fact]
    public void Any_ending_after_the_result_is_a_completed_job()
    {
        var driver = new ExperimentDriver(Spec());
        var trial = driver.Sample();
        Assert.Same(trial, driver.Say(trial, new TrialEnding(EndingCause.Crash), new TrialReport(1, 0.5)));
        Assert.Equal((TrialPhase.Paused, 0), (trial.Phase, trial.Failures));
        Assert.Equal([(1.0, 0.5)], trial.Results.ToArray());
    }

    [Fact]
    public void A_retry_goes_on_from_the_newest_checkpoint_and_from_nothing_when_it_is_gone()
    {
        var driver = new ExperimentDriver(Spec());
        var trial = driver.Sample();
        driver.Exit(trial, new TrialReport(1, 0.5, "one"));
        driver.Promote(trial);
        driver.Start(trial);
        Assert.Equal((1.0, 4.0), (trial.Start, trial.Target));
        driver.Report(trial, 2, 0.4, "two");
        driver.Report(trial, 3, 0.4); // No checkpoint of this one.
        driver.Crash(trial);
        driver.Start(trial);
        Assert.Equal((2.0, new CheckpointRef(2, "two", 2)), (trial.Start, trial.Checkpoint));
        driver.Crash(trial, EndingCause.CheckpointMissing);
        driver.Start(trial);
        Assert.Equal((0.0, null), (trial.Start, trial.Checkpoint));
        Assert.Equal(1, trial.Failures);
        // What was trained, over all attempts: 1, then 1 → 3.
        Assert.Equal(3, driver.State.ResourceSpent);
    }

    [Fact]
    public void Failures_are_counted_for_each_job_anew_and_attempts_are_not()
    {
        var driver = new ExperimentDriver(Spec(attempts: 2));
        var trial = driver.Sample();
        driver.Crash(trial);
        driver.Start(trial);
        driver.Exit(trial, new TrialReport(1, 0.5));
        driver.Promote(trial);
        driver.Start(trial);
        driver.Crash(trial);
        Assert.Equal((TrialPhase.Pending, 1, 3), (trial.Phase, trial.Failures, trial.Attempt));
        driver.Start(trial);
        Assert.Same(trial, driver.Crash(trial));
        Assert.Equal((TrialPhase.Failed, 1), (trial.Phase, trial.Rung));
        Assert.Equal([0.5, double.NaN], trial.Results.Select(result => result.Metric));
        // Its result of rung 0 is still the best there is.
        Assert.Same(trial, driver.State.Best);
        Assert.Equal(0, driver.State.BestRung);
    }

    [Theory]
    [InlineData(MetricMode.Min)]
    [InlineData(MetricMode.Max)]
    public void The_best_is_the_best_finite_result_of_the_highest_rung(MetricMode mode)
    {
        var driver = new ExperimentDriver(Spec(mode: mode));
        var sign = mode == MetricMode.Min ? 1 : -1;
        var trials = Enumerable.Range(0, 5).Select(_ => driver.Sample()).ToArray();
        driver.Exit(trials[3], new TrialReport(1, double.NegativeInfinity * sign));
        Assert.Null(driver.State.Best);
        driver.Exit(trials[2], new TrialReport(1, sign * 0.5));
        driver.Exit(trials[1], new TrialReport(1, sign * 0.5)); // A tie: the lower number.
        Assert.Same(trials[1], driver.State.Best);
        driver.Exit(trials[0], new TrialReport(1, sign * 0.1));
        Assert.Same(trials[0], driver.State.Best);
        driver.Promote(trials[2]);
        driver.Start(trials[2]);
        driver.Exit(trials[2], new TrialReport(4, sign * 9)); // Higher up, though worse.
        Assert.Same(trials[2], driver.State.Best);
        driver.Exit(trials[4], new TrialReport(1, sign * 0.01));
        Assert.Same(trials[2], driver.State.Best);
    }

    [Fact]
    public void Stopping_cuts_what_runs_and_cancels_what_waits()
    {
        var driver = new ExperimentDriver(Spec());
        var (runs, waits, done) = (driver.Sample(), driver.Sample(), driver.Sample());
        driver.Crash(waits);
        driver.Exit(done, new TrialReport(1, 0.5));
        driver.Decided();
        driver.Experiment.End(driver.Now, "cancelled", "");
        Assert.Equal(["JobCut", "ExperimentEnded"], driver.Decided().Select(happened => happened.GetType().Name));
        Assert.Equal((TrialPhase.Cancelled, TrialPhase.Cancelled, TrialPhase.Stopped), (runs.Phase, waits.Phase, done.Phase));
    }

    [Fact]
    public void Of_a_run_that_can_be_gone_on_with_all_that_is_left_waits()
    {
        var driver = new ExperimentDriver(Spec());
        var (runs, waits, done) = (driver.Sample(), driver.Sample(), driver.Sample());
        driver.Crash(waits);
        driver.Exit(done, new TrialReport(1, 0.5));
        driver.Experiment.End(driver.Now, "interrupted", "");
        Assert.Equal((TrialPhase.Pending, FaultNames.EngineLost, TrialPhase.Pending, TrialPhase.Paused), (runs.Phase, runs.RetryReason, waits.Phase, done.Phase));
        driver.Experiment.Resume(driver.Now, driver.State.Origin);
        Assert.Equal((TrialPhase.Pending, FaultNames.EngineLost, TrialPhase.Pending, TrialPhase.Paused), (runs.Phase, runs.RetryReason, waits.Phase, done.Phase));
    }

    [Fact]
    public void Each_stop_rule_holds_from_its_bound_on()
    {
        Assert.Null(StopRule.Check(new ExperimentDriver(Spec()).State, TimeSpan.MaxValue));
        var state = new ExperimentDriver(Spec(new StopSpec(After: TimeSpan.FromSeconds(5)))).State;
        Assert.Null(StopRule.Check(state, TimeSpan.FromSeconds(4.9999999)));
        Assert.NotNull(StopRule.Check(state, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void So_many_trials_have_a_result_or_failed()
    {
        var driver = new ExperimentDriver(Spec(new StopSpec(Trials: 2), attempts: 1));
        var (one, other) = (driver.Sample(), driver.Sample());
        driver.Exit(one, new TrialReport(1, 0.5));
        driver.Promote(one);
        driver.Start(one);
        driver.Exit(one, new TrialReport(4, 0.5)); // Of its second job: does not count.
        Assert.Null(StopRule.Check(driver.State, TimeSpan.Zero));
        driver.Crash(other);
        Assert.Equal("2 trials", StopRule.Check(driver.State, TimeSpan.Zero));
    }

    [Fact]
    public void So_much_resource_over_all_attempts()
    {
        var driver = new ExperimentDriver(Spec(new StopSpec(Resource: 1.5)));
        var trial = driver.Sample();
        driver.Report(trial, 0.9, 1);
        driver.Crash(trial);
        driver.Start(trial);
        driver.Report(trial, 0.5, 1);
        Assert.Null(StopRule.Check(driver.State, TimeSpan.Zero));
        driver.Report(trial, 0.7, 1);
        Assert.Equal("1.5 units of epoch trained", StopRule.Check(driver.State, TimeSpan.Zero));
    }

    [Theory]
    [InlineData(MetricMode.Min, 0.6, 0.5)]
    [InlineData(MetricMode.Max, 0.4, 0.5)]
    public void A_result_as_good_as_wanted(MetricMode mode, double worse, double wanted)
    {
        var driver = new ExperimentDriver(Spec(new StopSpec(Metric: wanted), mode: mode));
        var (one, other) = (driver.Sample(), driver.Sample());
        driver.Exit(one, new TrialReport(1, worse));
        Assert.Null(StopRule.Check(driver.State, TimeSpan.Zero));
        driver.Exit(other, new TrialReport(1, wanted));
        Assert.Equal("m reached 0.5", StopRule.Check(driver.State, TimeSpan.Zero));
    }

    [Fact]
    public void A_small_space_limits_the_trials_and_says_why()
    {
        var spec = Spec() with { Space = new SearchSpace([new Parameter("n", new IntDomain(1, 5))]) };
        var driver = new ExperimentDriver(spec);
        Assert.Equal((5, "the search space has only 5 configurations"), (driver.State.TrialLimit, driver.State.LimitReason));
        Assert.Equal(5, driver.State.Population(0, 3));
        Assert.Equal(3, new ExperimentDriver(spec with { Scheduler = spec.Scheduler with { Trials = 3 } }).State.TrialLimit);
        // And a whole run ends with them, SHA's barrier included: 5 trials, ⌊5/4⌋ = 1 goes up twice.
        var world = new TableWorld(spec with { Scheduler = new SchedulerSpec(SchedulerType.Sha, 4, 64) }, (trial, _) => trial).Run(2);
        Assert.Equal([5, 1, 0, 0], world.State.Rungs.Select(rung => rung.Completed));
        Assert.NotNull(world.State.Ended);
    }

    [Fact]
    public void A_trials_seed_is_its_own_and_the_same_in_every_attempt()
    {
        var (one, other) = (new ExperimentDriver().Experiment, new ExperimentDriver().Experiment);
        Assert.Equal(Enumerable.Range(0, 100).Select(one.State.Spec.SeedOf), Enumerable.Range(0, 100).Select(other.State.Spec.SeedOf));
        Assert.Equal(100, Enumerable.Range(0, 100).Select(one.State.Spec.SeedOf).Distinct().Count());
        Assert.All(Enumerable.Range(0, 100), trial => Assert.True(one.State.Spec.SeedOf(trial) >= 0));
    }
}
