using Asha.Core.Experiments;
using Asha.Core.Utilization;

namespace Asha.Core.Tests.Experiments;

/// <summary>Another coordinator goes on while the nodes ran on; nodes that were given up come back with what they run.</summary>
public class TakeoverTests
{
    private static readonly DateTimeOffset _noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private static readonly RunOrigin _other = new("test", DateTimeOffset.UnixEpoch, "0", "another machine");

    [Fact]
    public void Whoever_takes_over_finds_slots_and_attempts_as_they_were()
    {
        var driver = new ExperimentDriver();
        var trial = driver.Sample();
        driver.Report(trial, 0.5, 0.7);
        driver.Decided();

        var next = new Experiment(driver.Events);
        next.TakeOver(_noon, _other);
        Assert.IsType<ExperimentTakenOver>(Assert.Single(next.TakeDecided()));
        Assert.Equal((TrialPhase.Running, 1, trial.Slot), (next.State.Trials[0].Phase, next.State.Trials[0].Attempt, next.State.Trials[0].Slot));
        Assert.Equal((1, 0), (next.State.Takeovers, next.State.Resumptions));
        Assert.Equal("another machine", next.State.Engine.Origin.Machine);

        // The attempt's next message is the next one to it as well.
        Assert.NotNull(next.Receive(next.State.Time, new JobReport(0, 1, 1, [new TrialReport(1, 0.5)], new TrialEnding(EndingCause.Exited))));
        Assert.Equal(1, next.State.Rungs[0].Completed);
    }

    [Fact]
    public void Time_goes_on_by_the_wall_clock_and_never_back()
    {
        var experiment = new ExperimentDriver().Experiment;
        Assert.Equal(TimeSpan.Zero, experiment.State.TimeAt(_noon)); // Nobody has worked on it yet.
        experiment.Join(TimeSpan.FromSeconds(2), 0, "node", _noon);
        experiment.Sample(TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromSeconds(62), experiment.State.TimeAt(_noon.AddMinutes(1)));
        Assert.Equal(TimeSpan.FromSeconds(5), experiment.State.TimeAt(_noon.AddSeconds(-30))); // The other machine's clock is slow.

        experiment.TakeOver(_noon.AddMinutes(1), _other);
        Assert.Equal(TimeSpan.FromSeconds(62), experiment.State.Time);
        Assert.Equal(TimeSpan.FromSeconds(65), experiment.State.TimeAt(_noon.AddMinutes(1).AddSeconds(3)));

        // Nothing of the time in between counts in a run that is resumed.
        experiment.End(experiment.State.Time, FinalOutcome.Paused, "");
        experiment.Resume(experiment.State.Time, _other);
        Assert.Equal(TimeSpan.FromSeconds(62), experiment.State.TimeAt(_noon.AddHours(1)));
    }

    [Fact]
    public void An_attempt_that_comes_back_with_its_node_goes_on_and_its_result_counts()
    {
        var (driver, trial) = Lost();
        var report = new JobReport(0, 1, 1, [new TrialReport(1, 0.5)], new TrialEnding(EndingCause.Exited));
        Assert.Equal(MessageStanding.Early, driver.Experiment.StandingOf(report)); // Nobody answers it; it will come again.
        driver.Experiment.Join(driver.Now, 7, "node");
        Assert.True(driver.Experiment.Regain(driver.Now, 0, 1, 7));
        Assert.Equal((TrialPhase.Running, 1, 7, 0), (trial.Phase, trial.Attempt, trial.Slot, driver.State.Retries.Count));
        Assert.Equal(1, driver.State.Attempts);
        Assert.Same(trial, driver.Experiment.Receive(driver.Now, report));
        Assert.Equal((1, 1), (driver.State.Rungs[0].Completed, trial.Results.Length));
        Assert.Equal(0.5, trial.Results[0].Metric);
        Assert.Equal(1, driver.State.ResourceSpent); // 0.5 before it was lost, and the rest since.
    }

    [Fact]
    public void One_that_was_given_away_does_not()
    {
        var (driver, trial) = Lost();
        driver.Start(trial);
        Assert.False(driver.Experiment.Regain(driver.Now, 0, 1, 7));
        Assert.Equal(MessageStanding.Stale, driver.Experiment.StandingOf(new JobReport(0, 1, 1, [], null)));
        Assert.Equal(2, trial.Attempt);
    }

    [Theory]
    [InlineData(0, 2), InlineData(1, 1), InlineData(-1, 1)]
    public void Nor_does_one_that_nobody_knows(int number, int attempt) => Assert.False(Lost().Driver.Experiment.Regain(TimeSpan.FromHours(1), number, attempt, 7));

    [Fact]
    public void Nor_one_that_had_ended_otherwise()
    {
        var driver = new ExperimentDriver();
        var trial = driver.Sample();
        driver.Crash(trial);
        Assert.Equal(TrialPhase.Pending, trial.Phase);
        Assert.False(driver.Experiment.Regain(driver.Now, 0, 1, trial.Slot));
    }

    [Fact]
    public void Of_several_that_are_to_be_tried_again_it_leaves_the_others_in_their_order()
    {
        var driver = new ExperimentDriver();
        TrialState[] trials = [driver.Sample(), driver.Sample(), driver.Sample()];
        driver.Experiment.Lose(driver.Now, [.. trials.Select(trial => trial.Slot)]);
        driver.Experiment.Join(driver.Now, 50, "node");
        Assert.True(driver.Experiment.Regain(driver.Now, 1, 1, 50));
        Assert.Equal([0, 2], driver.State.Retries.Due);
    }

    [Fact]
    public void Its_slot_is_busy_from_then_on_and_all_time_is_accounted_for()
    {
        var (driver, trial) = Lost();
        driver.Experiment.Leave(driver.Now, trial.Slot);
        driver.Experiment.Join(driver.Now, 7, "node");
        driver.Experiment.Regain(driver.Now, 0, 1, 7);
        driver.Exit(trial, new TrialReport(1, 0.5));
        driver.Experiment.End(driver.Now, "completed", "");
        driver.Decided();
        var record = RunRecord.Of(driver.Events);
        Assert.Equal(record.Utilization.Present, record.Utilization.Busy + Enum.GetValues<IdleCause>().Aggregate(TimeSpan.Zero, (sum, cause) => sum + record.Utilization.Idle(cause)));
        var timelines = RunRecord.Whole();
        driver.Events.ForEach(timelines.Apply);
        var span = Assert.Single(timelines.Timelines!.Spans, span => span is { Slot: 7, Job: not null });
        Assert.Equal((0, 1, 1.0), (span.Job!.Trial, span.Job.Attempt, span.Job.Target));
    }

    private static (ExperimentDriver Driver, TrialState Trial) Lost()
    {
        var driver = new ExperimentDriver();
        var trial = driver.Sample();
        driver.Report(trial, 0.5, 0.7);
        driver.Experiment.Lose(driver.Now, [trial.Slot]);
        return (driver, trial);
    }
}
