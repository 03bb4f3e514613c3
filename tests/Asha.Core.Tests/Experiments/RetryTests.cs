using Asha.Core.Experiments;
using Asha.Core.Scheduling;
using Asha.Core.Utilization;
using CsCheck;

namespace Asha.Core.Tests.Experiments;

/// <summary>How often a job is tried, by kind of fault, and when again.</summary>
public class RetryTests
{
    private static readonly BackOffSpec Seconds = new(TimeSpan.FromSeconds(10), 2, TimeSpan.FromSeconds(35), 0);

    private static ExperimentDriver Driver(int attempts = 10, FaultLimits? limits = null, BackOffSpec? backOff = null, StopSpec? stop = null)
    {
        var spec = TableWorld.Spec(SchedulerType.Asha, 4, 1, 64, 100);
        return new(spec with { Stop = stop ?? new StopSpec(), Trial = spec.Trial with { MaxAttempts = attempts, MaxAttemptsByFault = limits, RetryBackOff = backOff } });
    }

    /// <summary>Fails by these, one after the other; how often until it has failed for good.</summary>
    private static int Fail(ExperimentDriver driver, TrialState trial, params EndingCause[] causes)
    {
        for (var failed = 0; failed < causes.Length; failed++)
        {
            if (driver.Crash(trial, causes[failed]) is not null)
                return failed + 1;
            driver.Start(trial);
        }
        return 0;
    }

    [Theory]
    [InlineData(EndingCause.OutOfMemory, 1)]
    [InlineData(EndingCause.Crash, 2)]
    [InlineData(EndingCause.Exit, 2)]
    [InlineData(EndingCause.Exception, 2)]
    [InlineData(EndingCause.StartFailed, 2)]
    [InlineData(EndingCause.Dropped, 2)]
    [InlineData(EndingCause.TimeLimit, 3)]
    [InlineData(EndingCause.Silence, 3)]
    [InlineData(EndingCause.Exited, 4)]
    public void Each_kind_of_fault_is_tried_as_often_as_is_said(EndingCause cause, int limit)
    {
        var driver = Driver(limits: new FaultLimits(1, 2, 3, 4));
        Assert.Equal(limit, Fail(driver, driver.Sample(), [.. Enumerable.Repeat(cause, 9)]));
    }

    [Fact]
    public void A_bad_report_is_of_the_kind_of_no_result()
        => Assert.Equal([FaultKind.BadReport, FaultKind.BadReport, FaultKind.OutOfMemory], new[] { FaultNames.BadReport, FaultNames.NoResult, FaultNames.Of(EndingCause.OutOfMemory) }.Select(FaultNames.KindOf));

    [Fact]
    public void Kinds_are_counted_apart_and_the_bound_holds_for_their_sum()
    {
        var driver = Driver(attempts: 5, limits: new FaultLimits(OutOfMemory: 2, TimeOut: 2));
        Assert.Equal(5, Fail(driver, driver.Sample(), EndingCause.OutOfMemory, EndingCause.Crash, EndingCause.TimeLimit, EndingCause.Crash, EndingCause.Crash, EndingCause.Crash));
        Assert.Equal(3, Fail(driver, driver.Sample(), EndingCause.Silence, EndingCause.Crash, EndingCause.TimeLimit, EndingCause.Crash));
        // A rung further they are counted anew.
        var trial = driver.Sample();
        Fail(driver, trial, EndingCause.OutOfMemory);
        driver.Exit(trial, new TrialReport(1, .5));
        driver.Promote(trial);
        driver.Start(trial);
        Assert.Equal(2, Fail(driver, trial, EndingCause.OutOfMemory, EndingCause.OutOfMemory));
    }

    [Fact]
    public void The_wait_grows_by_the_factor_up_to_the_most_and_jitter_is_a_share_of_it()
    {
        Assert.Equal([10, 20, 35, 35], new[] { 1, 2, 3, 900 }.Select(failures => Seconds.After(failures, 0.999).TotalSeconds));
        var jittered = Seconds with { Jitter = .2 };
        Assert.Equal([8, 10, 12], new[] { 0, .5, 1 }.Select(draw => jittered.After(1, draw).TotalSeconds));
        Gen.Select(Gen.Int[1, 20], Gen.Double[0, 1]).Sample((failures, draw) => Assert.InRange(jittered.After(failures, draw), Seconds.After(failures, 0) * .8, Seconds.After(failures, 0) * 1.2));
    }

    [Fact]
    public void The_wait_is_drawn_by_seed_trial_rung_and_attempt_alone()
    {
        TimeSpan?[] Waits(bool otherWay)
        {
            var driver = Driver(backOff: Seconds with { Jitter = 1 });
            TrialState[] trials = [driver.Sample(), driver.Sample(), driver.Sample()];
            foreach (var trial in otherWay ? trials.Reverse() : trials)
                driver.Crash(trial);
            return [.. driver.Decided().OfType<AttemptFailed>().OrderBy(failed => failed.Trial).Select(failed => failed.BackOff)];
        }

        Assert.Equal(Waits(false), Waits(true));
        Assert.Equal(3, Waits(false).Distinct().Count());
    }

    [Fact]
    public void A_job_that_waits_is_no_work_until_it_is_released_and_then_stands_where_its_attempt_ended()
    {
        var driver = Driver(backOff: Seconds);
        TrialState first = driver.Sample(), second = driver.Sample(), lost = driver.Sample();
        driver.Crash(first); // At 10 s, so that it waits until 20 s.
        driver.Crash(second); // Until 21 s.
        driver.Crash(lost, EndingCause.CheckpointMissing); // This one does not wait.
        var heads = new RungHeads();
        heads.Open(4);
        NextStep Next() => NextStep.Choose(driver.State, heads);
        Assert.Equal((TimeSpan.FromSeconds(20), true), (driver.State.Retries.Earliest!.Value, first.RetryAt == TimeSpan.FromSeconds(20)));
        Assert.Equal(new NextStep(StepKind.Start, Number: lost.Trial), Next());
        driver.Start(lost);
        Assert.Equal(StepKind.Sample, Next().Kind); // What else there is comes before a job that waits.

        driver.Experiment.ReleaseRetries(TimeSpan.FromSeconds(19.9));
        Assert.Equal(StepKind.Sample, Next().Kind);
        driver.Crash(lost, EndingCause.Stopped);
        driver.Experiment.ReleaseRetries(TimeSpan.FromSeconds(21));
        Assert.Equal([first.Trial, second.Trial, lost.Trial], driver.State.Retries.Due);
        Assert.Equal([new RetryDue(TimeSpan.FromSeconds(21), 0, 1), new RetryDue(TimeSpan.FromSeconds(21), 1, 1)], driver.Decided().OfType<RetryDue>());
        Assert.Null(first.RetryAt);
    }

    [Fact]
    public void An_experiment_whose_last_job_waits_is_not_over_and_its_slots_are_idle_by_the_back_off()
    {
        var driver = Driver(attempts: 2, backOff: Seconds);
        driver.Experiment.Join(driver.Now, 0, "node");
        while (driver.State.Trials.Count < 100)
            driver.Experiment.Sample(driver.Now);
        foreach (var trial in driver.State.Trials)
        {
            driver.Start(trial);
            if (trial.Trial < 99)
                driver.Exit(trial, new TrialReport(1, double.NaN));
            else
                driver.Crash(trial);
        }
        var heads = new RungHeads();
        heads.Open(4);
        Assert.Equal((false, false), (NextStep.HasWork(driver.State, heads), NextStep.IsOver(driver.State, heads)));
        driver.Experiment.Park(driver.Now);
        Assert.Equal(IdleCause.RetryBackOff, IdleCauses.OfParked(driver.State));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(50, true)]
    public void First_trials_that_all_fail_end_a_run_also_where_their_number_is_set(int? trials, bool needsTheSetting)
    {
        foreach (var isSet in new[] { false, true })
        {
            var spec = TableWorld.Spec(SchedulerType.Asha, 4, 1, 64, trials);
            var world = new TableWorld(spec with { Trial = spec.Trial with { MaxAttempts = 3, RetryBackOff = Seconds }, Stop = new StopSpec(HopelessIfLimited: isSet) }, job => new Attempt(TimeSpan.FromSeconds(1), null)).Run(8);
            if (needsTheSetting && !isSet)
            {
                Assert.Equal(("failed", "every trial failed", 50), (world.State.Ended!.Outcome, world.State.Ended.Reason, world.State.FirstFailures));
                continue;
            }
            Assert.Equal(("stopped", "the first 10 trials all failed", 10), (world.State.Ended!.Outcome, world.State.Ended.Reason, world.State.FirstFailures));
        }
    }

    [Fact]
    public void A_single_result_among_the_first_ten_keeps_a_run_going()
    {
        var spec = TableWorld.Spec(SchedulerType.Asha, 4, 1, 64, 30);
        var world = new TableWorld(spec with { Trial = spec.Trial with { MaxAttempts = 1 }, Stop = new StopSpec(HopelessIfLimited: true) }, job => new Attempt(TimeSpan.FromSeconds(1), job.Trial == 9 ? .5 : null)).Run(2);
        Assert.Equal(("completed", 29), (world.State.Ended!.Outcome, world.State.FirstFailures));
    }

    [Fact]
    public void Fewer_than_ten_trials_that_all_fail_are_a_failed_run_as_before()
    {
        var spec = TableWorld.Spec(SchedulerType.Asha, 4, 1, 64, 9);
        var world = new TableWorld(spec with { Stop = new StopSpec(HopelessIfLimited: true) }, job => new Attempt(TimeSpan.FromSeconds(1), null)).Run(2);
        Assert.Equal(("failed", "every trial failed"), (world.State.Ended!.Outcome, world.State.Ended.Reason));
    }
}
