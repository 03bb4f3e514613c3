using Asha.Core.Experiments;
using Asha.Core.Spaces;

namespace Asha.Core.Tests.Experiments;

/// <summary>What an experiment came to that has nothing left to do.</summary>
public class FinalOutcomeTests
{
    private static ExperimentDriver Driver(SearchSpace? space = null)
    {
        var spec = TableWorld.Spec(SchedulerType.Asha, 4, 1, 64, 3);
        return new ExperimentDriver(spec with { Trial = spec.Trial with { MaxAttempts = 1 }, Space = space ?? spec.Space });
    }

    [Fact]
    public void Where_every_trial_failed_it_has_failed()
    {
        var driver = Driver();
        driver.Crash(driver.Sample());
        driver.Crash(driver.Sample());
        Assert.Equal(("failed", "every trial failed"), FinalOutcome.Of(driver.State));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    public void One_result_is_enough_and_diverging_is_a_result(double metric)
    {
        var driver = Driver();
        driver.Crash(driver.Sample());
        driver.Exit(driver.Sample(), new TrialReport(1, metric));
        Assert.Equal(("completed", ""), FinalOutcome.Of(driver.State));
    }

    [Fact]
    public void Failing_in_a_higher_rung_leaves_the_result_of_the_lower_one()
    {
        var driver = Driver();
        var trial = driver.Sample();
        driver.Exit(trial, new TrialReport(1, 0.5));
        driver.Promote(trial);
        driver.Crash(driver.Start(trial));
        Assert.Equal((TrialPhase.Failed, "completed"), (trial.Phase, FinalOutcome.Of(driver.State).Outcome));
    }

    [Fact]
    public void Without_a_trial_nothing_failed()
        => Assert.Equal(("completed", ""), FinalOutcome.Of(Driver().State));

    [Fact]
    public void A_space_that_is_used_up_is_the_reason_unless_every_trial_failed()
    {
        var space = new SearchSpace([new Parameter("x", ListDomain.Boolean())]);
        var (done, failed) = (Driver(space), Driver(space));
        done.Exit(done.Sample(), new TrialReport(1, 0.5));
        failed.Crash(failed.Sample());
        Assert.Equal(("completed", "the search space has only 2 configurations"), FinalOutcome.Of(done.State));
        Assert.Equal(("failed", "every trial failed"), FinalOutcome.Of(failed.State));
    }
}
