using Asha.Core.Experiments;
using CsCheck;

namespace Asha.Core.Tests.Experiments;

/// <summary>What a record keeps besides the state, against the same thing counted by hand.</summary>
public class RunRecordTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_last_step_of_the_best_is_the_best_and_no_step_goes_down_a_rung(bool waits)
        => RandomTable.Drawn(waits).Sample(table =>
        {
            var record = Fold(table.Run().Events);
            var steps = record.Bests!.Steps;
            Assert.Equal(record.State.Best?.Trial, steps.Count == 0 ? null : steps[^1].Trial);
            if (record.State.Best is { } best)
                Assert.Equal(best.Results[record.State.BestRung], (steps[^1].Resource, steps[^1].Metric));
            foreach (var (before, after) in steps.Zip(steps.Skip(1)))
                Assert.True(after.Rung > before.Rung || (after.Rung == before.Rung && Turned(after.Metric) <= Turned(before.Metric)), $"{before} then {after}");

            double Turned(double metric) => record.State.Spec.Metric.Turned(metric);
        }, iter: 200);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_cut_off_is_the_metric_of_the_last_candidate(bool waits)
        => RandomTable.Drawn(waits).Sample(table =>
        {
            var record = RunRecord.Whole();
            var results = new Dictionary<int, List<double>>();
            foreach (var happened in table.Run().Events)
            {
                record.Apply(happened);
                if (happened is BracketOpened)
                    results.Clear(); // People look at the newest.
                var newest = record.State.Brackets.Count - 1;
                if (happened is JobCompleted done && done.Bracket == newest)
                    Of(done.Rung).Add(double.IsFinite(done.Metric) ? record.State.Spec.Metric.Turned(done.Metric) : double.PositiveInfinity);
                if (happened is AttemptFailed { Last: true } failed && failed.Bracket == newest)
                    Of(failed.Rung).Add(double.PositiveInfinity);
                foreach (var rung in record.State.Rungs.SkipLast(1))
                {
                    var count = Of(rung.Rung).Count;
                    var places = Math.Max(table.Type == SchedulerType.Stopping ? Math.Min(1, count) : 0, count / record.State.Spec.Scheduler.ReductionFactor);
                    double? last = places == 0 ? null : Of(rung.Rung).Order().ElementAt(places - 1);
                    Assert.Equal(last is { } metric && double.IsFinite(metric) ? record.State.Spec.Metric.Turned(metric) : null, record.Standings!.CutOff(record.State, rung.Rung));
                }
                Assert.Null(record.Standings!.CutOff(record.State, record.State.Rungs.Count - 1));
            }

            List<double> Of(int rung) => results.TryGetValue(rung, out var own) ? own : results[rung] = [];
        }, iter: 100);

    [Fact]
    public void A_curve_forgets_what_an_attempt_starts_again_from_below()
    {
        var driver = new ExperimentDriver(TableWorld.Spec(SchedulerType.Asha, 4, 8, 64, null));
        var trial = driver.Sample();
        driver.Report(trial, 1, .9, "one");
        driver.Report(trial, 2, .8);
        driver.Report(trial, 3, .7);
        driver.Crash(trial);
        driver.Start(trial);
        driver.Report(trial, 2.5, .75);
        driver.Exit(trial, new TrialReport(8, .5));
        driver.Decided();
        var curve = Fold(driver.Events).Curves!.Of(trial.Trial);
        Assert.Equal([(1, .9), (2.5, .75), (8, .5)], curve.Select(point => (point.Resource, point.Metric)));
        Assert.Empty(Fold(driver.Events).Curves!.Of(17));
    }

    private static RunRecord Fold(IEnumerable<ExperimentEvent> events)
    {
        var record = RunRecord.Whole();
        foreach (var happened in events)
            record.Apply(happened);
        return record;
    }
}
