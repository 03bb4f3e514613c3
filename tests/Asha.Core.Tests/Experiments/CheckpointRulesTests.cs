using Asha.Core.Experiments;

namespace Asha.Core.Tests.Experiments;

/// <summary>Whose checkpoint nobody needs any more after a result.</summary>
public sealed class CheckpointRulesTests
{
    private readonly ExperimentDriver _driver = new(TableWorld.Spec(SchedulerType.Asha, 2, 1, 2, null));

    private TrialState Result(double metric, double resource = 1, TrialState? trial = null)
    {
        trial ??= _driver.Sample();
        _driver.Exit(trial, new TrialReport(resource, metric, $"at-{resource}"));
        return trial;
    }

    /// <summary>The result of the top rung.</summary>
    private TrialState Completed(double metric)
    {
        var trial = Result(metric);
        _driver.Promote(trial);
        return Result(metric, 2, _driver.Start(trial));
    }

    private int[] Unneeded(TrialState ranked) => [.. _driver.State.UnneededAfter(ranked)];

    [Fact]
    public void A_former_best_that_may_still_be_promoted_is_needed()
    {
        Assert.Empty(Unneeded(Result(.5)));
        Assert.Empty(Unneeded(Result(.4)));
        Assert.Empty(Unneeded(Result(double.NaN))); // That is for its rung to say.
    }

    [Fact]
    public void Of_trials_that_are_over_the_best_alone_is_needed()
    {
        Assert.Empty(Unneeded(Completed(.3)));
        var worse = Completed(.4);
        Assert.Equal([worse.Trial], Unneeded(worse));
        Assert.Equal([0], Unneeded(Completed(.2)));
    }

    [Fact]
    public void Who_was_the_best_is_told_once()
    {
        Completed(.3);
        Completed(.2);
        Assert.Empty(Unneeded(Result(.9)));
    }
}
