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
        Assert.False(driver.Experiment.IsEarly(Message(trial, 1, 0, 1)));
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
        Assert.True(driver.Experiment.IsEarly(Message(trial, 1, 1, 0.7)));
        Assert.Null(driver.Experiment.Receive(driver.Now, Message(trial, 1, 1, 0.7)));
        Assert.Empty(driver.Decided());
        driver.Experiment.Receive(driver.Now, Message(trial, 1, 0, 0.5));
        Assert.False(driver.Experiment.IsEarly(Message(trial, 1, 1, 0.7)));
        driver.Experiment.Receive(driver.Now, Message(trial, 1, 1, 0.7));
        Assert.Equal([0.5, 0.7], driver.Decided().Cast<ReportAccepted>().Select(report => report.Resource));
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
        Assert.False(driver.Experiment.IsEarly(message));
        Assert.Null(driver.Experiment.Receive(driver.Now, message));
        Assert.Empty(driver.Decided());
    }
}
