using Asha.Core.Experiments;

namespace Asha.Core.Tests.Experiments;

/// <summary>Every message carries trial, attempt and number: what is late, early or repeated changes nothing.</summary>
public class MessageTests
{
    private static JobReport Message(TrialState trial, int attempt, int number, double resource)
        => new(trial.Trial, attempt, number, [new TrialReport(resource, 0.5)], null);

    [Fact]
    public void A_message_that_comes_again_is_counted_once()
    {
        var driver = new ExperimentDriver();
        var trial = driver.Sample();
        driver.Decided();
        var message = Message(trial, 1, 0, 0.5);
        driver.Experiment.Receive(driver.Now, message);
        driver.Experiment.Receive(driver.Now, message);
        Assert.Single(driver.Decided());
        Assert.Equal(0.5, driver.State.ResourceSpent);
        Assert.Equal(0, driver.State.RejectedReports);
    }

    [Fact]
    public void An_ending_that_comes_again_is_counted_once()
    {
        var driver = new ExperimentDriver();
        var trial = driver.Sample();
        var message = new JobReport(0, 1, 0, [new TrialReport(1, 0.5)], new TrialEnding(EndingCause.Exited));
        Assert.Same(trial, driver.Experiment.Receive(driver.Now, message));
        Assert.Null(driver.Experiment.Receive(driver.Now, message));
        Assert.Equal(1, driver.State.Rungs[0].Completed);
    }

    [Fact]
    public void A_message_of_an_earlier_attempt_is_stale()
    {
        // The zombie: a node that was given up wakes and reports a result of attempt 1 while attempt 2 runs elsewhere.
        var driver = new ExperimentDriver();
        var trial = driver.Sample();
        driver.Experiment.Lose(driver.Now, [trial.Slot]);
        driver.Start(trial);
        driver.Decided();
        Assert.NotEqual(MessageStanding.Early, driver.Experiment.StandingOf(Message(trial, 1, 0, 1)));
        Assert.Null(driver.Experiment.Receive(driver.Now, new JobReport(0, 1, 0, [new TrialReport(1, 0.5)], new TrialEnding(EndingCause.Exited))));
        Assert.Empty(driver.Decided());
        Assert.Equal((TrialPhase.Running, 2), (trial.Phase, trial.Attempt));
    }

    [Fact]
    public void A_message_before_its_predecessor_is_early_and_waits()
    {
        var driver = new ExperimentDriver();
        var trial = driver.Sample();
        driver.Decided();
        Assert.Equal(MessageStanding.Early, driver.Experiment.StandingOf(Message(trial, 1, 1, 0.7)));
        Assert.Null(driver.Experiment.Receive(driver.Now, Message(trial, 1, 1, 0.7)));
        Assert.Empty(driver.Decided());
        driver.Experiment.Receive(driver.Now, Message(trial, 1, 0, 0.5));
        Assert.NotEqual(MessageStanding.Early, driver.Experiment.StandingOf(Message(trial, 1, 1, 0.7)));
        driver.Experiment.Receive(driver.Now, Message(trial, 1, 1, 0.7));
        Assert.Equal([0.5, 0.7], driver.Decided().Cast<ReportAccepted>().Select(report => report.Resource));
    }

    [Fact]
    public void What_changes_nothing_is_counted_by_why_and_told_once_when_an_attempt_ends()
    {
        var driver = new ExperimentDriver();
        TrialState one = driver.Sample(), other = driver.Sample(), lost = driver.Sample();
        driver.Report(one, .5, .9);
        driver.Decided();
        Ignores(MessageStanding.Duplicate, Message(one, 1, 0, .5));
        Ignores(MessageStanding.Unknown, new JobReport(17, 1, 0, []));
        Ignores(MessageStanding.Unknown, Message(one, 2, 0, .5)); // There was no such attempt yet.
        Ignores(MessageStanding.Unknown, Message(one, 1, -1, .5));
        driver.Experiment.Lose(driver.Now, [lost.Slot]);
        driver.Start(lost);
        Ignores(MessageStanding.Stale, Message(lost, 1, 0, .5));
        // Early ones will come again: they are none of these.
        Assert.Equal(MessageStanding.Early, driver.Experiment.StandingOf(Message(one, 1, 5, .5)));
        driver.Experiment.Receive(driver.Now, Message(one, 1, 5, .5));
        Assert.DoesNotContain(driver.Decided(), happened => happened is ReportsIgnored);

        driver.Exit(other, new TrialReport(1, .1));
        var told = driver.Decided();
        Assert.Equal(new ReportsIgnored(told[0].Time, Duplicate: 1, Stale: 1, Unknown: 3), told[0]);
        Assert.Equal(["ReportsIgnored", "ReportAccepted", "JobCompleted"], told.Select(happened => happened.GetType().Name));
        Assert.Equal(new IgnoredReports(1, 0, 1, 3), driver.State.IgnoredReports);

        // An ending without reports, too, was counted, though its number was never written.
        driver.Crash(one);
        Ignores(MessageStanding.Duplicate, new JobReport(one.Trial, 1, 1, [], new TrialEnding(EndingCause.Crash)));
        // Also once the next attempt is decided: the answer waits for the journal.
        driver.Start(one);
        Ignores(MessageStanding.Duplicate, new JobReport(one.Trial, 1, 1, [], new TrialEnding(EndingCause.Crash)));
        // The engine was gone, and the attempt with it.
        driver.Experiment.Resume(driver.Now, driver.State.Origin);
        Ignores(MessageStanding.Late, new JobReport(lost.Trial, 2, 0, [new TrialReport(1, .5)], new TrialEnding(EndingCause.Exited)));
        driver.Experiment.End(driver.Now, "stopped", "");
        Assert.Equal(new IgnoredReports(3, 1, 1, 3), driver.State.IgnoredReports);
        Assert.Single(driver.Decided(), happened => happened is ReportsIgnored { Duplicate: 2, Late: 1, Stale: 0, Unknown: 0 });

        void Ignores(MessageStanding standing, JobReport message)
        {
            Assert.Equal(standing, driver.Experiment.StandingOf(message));
            Assert.Null(driver.Experiment.Receive(driver.Now, message));
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(7)]
    public void A_message_of_an_unknown_trial_changes_nothing(int trial)
    {
        var driver = new ExperimentDriver();
        driver.Sample();
        driver.Decided();
        var message = new JobReport(trial, 1, 0, [new TrialReport(1, 0.5)], new TrialEnding(EndingCause.Exited));
        Assert.NotEqual(MessageStanding.Early, driver.Experiment.StandingOf(message));
        Assert.Null(driver.Experiment.Receive(driver.Now, message));
        Assert.Empty(driver.Decided());
    }
}
