using Asha.Core.Experiments;
using Asha.Core.Spaces;
using Asha.Core.Worlds;
using Asha.Host.Comparing;

namespace Asha.Host.Tests.Comparing;

/// <summary>That schedulers met the same draws is looked at, not believed.</summary>
public class SharedDrawsTests
{
    [Fact]
    public void What_both_runs_have_is_listed_in_order_and_no_difference_is_found()
    {
        var shared = Of(Log((0, 0, 1), (1, 0, 1), (0, 1, 2)), Log((1, 0, 1), (0, 0, 1), (2, 0, 1)));
        Assert.Equal((2, 0), (shared.Shared, shared.Differences.Count));
        Assert.Equal([new AttemptKey(0, 0, 1), new AttemptKey(1, 0, 1)], shared.List.Select(draw => draw.Key));
        Assert.Equal([0, 1], shared.List[0].Runs);
    }

    [Fact]
    public void A_straggler_a_drop_a_metric_or_a_configuration_that_differs_is_told()
    {
        var keys = new[] { (0, 0, 1) };
        Assert.Matches("^seed 7, trial 0, rung 0, attempt 1: A drew .*Straggler = 1,.* B .*Straggler = 1.5,", Assert.Single(Of(Log(keys), Log(keys, straggler: 1.5)).Differences));
        Assert.Single(Of(Log(keys), Log(keys, dropped: 3)).Differences);
        Assert.Contains("A has the metric 0.5, B 0.25", Assert.Single(Of(Log(keys), Log(keys, metric: .25)).Differences));
        Assert.Contains("A has x=1, B x=2", Assert.Single(Of(Log(keys), Log(keys, x: 2)).Differences));
        // Of three runs the first and the third.
        Assert.Single(Of(Log(keys), Log(), Log(keys, metric: .25)).Differences);
    }

    [Fact]
    public void An_attempt_that_was_cut_has_no_metric_to_compare_and_NaN_is_NaN()
    {
        var keys = new[] { (0, 0, 1) };
        Assert.Empty(Of(Log(keys, metric: null), Log(keys)).Differences);
        Assert.Empty(Of(Log(keys, metric: double.NaN), Log(keys, metric: double.NaN)).Differences);
        Assert.Equal(.5, Assert.Single(Of(Log(keys, metric: null), Log(keys)).List).Drawn.Metric);
        Assert.Single(Of(Log(keys, metric: null), Log(keys), Log(keys, metric: .25)).Differences);
    }

    [Fact]
    public void At_another_resource_the_metric_may_be_another_one_and_the_draw_may_not()
    {
        var keys = new[] { (0, 1, 2) };
        Assert.Empty(Of(Log(keys), Log(keys, metric: .25, target: 9)).Differences);
        Assert.Single(Of(Log(keys), Log(keys, straggler: 2, target: 9)).Differences);
        Assert.Single(Of(Log(keys), Log(keys, metric: .25, target: 9), Log(keys, metric: .3, target: 9)).Differences);
    }

    private static SharedDraws Of(params DrawLog[] logs) => SharedDraws.Of(7, ["A", "B", "C"], logs, 10);

    private static DrawLog Log(params (int Trial, int Rung, int Attempt)[] keys) => Log(keys, 1);

    private static DrawLog Log((int Trial, int Rung, int Attempt)[] keys, double straggler = 1, double dropped = double.PositiveInfinity, double? metric = .5, long x = 1, double target = 4)
    {
        var log = new DrawLog();
        for (var trial = 0; trial < 3; trial++)
            log.Apply(new TrialSampled(default, trial, 0, new Configuration([KeyValuePair.Create("x", ParameterValue.Of(x))])));
        foreach (var (trial, rung, attempt) in keys)
        {
            log.Drawn(new JobStarted(default, trial, 0, rung, attempt, 0, 0, target), new AttemptDraw(straggler, dropped));
            if (metric is { } result)
                log.Apply(new JobCompleted(default, trial, 0, rung, attempt, 0, target, result));
        }
        return log;
    }
}
