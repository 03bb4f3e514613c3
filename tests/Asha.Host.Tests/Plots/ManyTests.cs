using Asha.Core.Experiments;
using Asha.Host.Plots;
using Asha.Host.Tests.Cli;
using Asha.Tuning.Runs;

namespace Asha.Host.Tests.Plots;

/// <summary>Many rungs, slots, parameters: what there is no room for is left out, and said.</summary>
public sealed class ManyTests
{
    private static readonly Func<PlottedRun, Picture>[] All = [TimelinePicture.Of, CurvesPicture.Of, BestPicture.Of, ParallelPicture.Of, run => TimelinePicture.Compare([run, run])];

    [Fact]
    public async Task Thirty_rungs_forty_slots_and_forty_parameters_still_make_readable_pictures()
    {
        using var box = new CliSandbox();
        (await box.Tune(["resource.max=1e9", "scheduler.reduction-factor=2", "scheduler.trials=60", "slots=40", .. Enumerable.Range(0, 40).Select(index => $"space.p{index}={{type: uniform, min: 0, max: 1}}")])).Exits(0);
        var record = RunFolder.Open(box.Run, "").ReadRecord(RunRecord.Whole());
        var run = new PlottedRun(record, record.State.Time, false);
        Assert.Equal((30, 40), (run.State.Rungs.Count, TimelineChart.Of(run).Slots.Count));
        Assert.All(All, picture => Assert.InRange(picture(run).Header.Legend.Count, 1, 10));
        Assert.Equal((17, 25), (ParallelChart.Of(run).Axes.Count, ParallelChart.Of(run).LeftOut));
        Assert.Contains("25 further parameters not shown", ParallelPicture.Of(run).Header.Note);
        foreach (var picture in All)
        {
            var texts = SvgText.In(System.Xml.Linq.XDocument.Parse(System.Text.Encoding.UTF8.GetString(picture(run).ToSvg(1200, 720))));
            for (var one = 0; one < texts.Count; one++)
                Assert.All(texts.Skip(one + 1), other => Assert.False(texts[one].Overlaps(other), $"'{texts[one]}' and '{other}'"));
        }
    }

    [Fact]
    public async Task The_chart_has_every_promotion_and_the_shares_of_the_tally()
    {
        using var box = new CliSandbox();
        (await box.Tune("scheduler.trials=40", "scheduler.type=sha", "slots=5")).Exits(0);
        var record = RunFolder.Open(box.Run, "").ReadRecord(RunRecord.Whole());
        var run = new PlottedRun(record, record.State.Time, false);
        var curves = CurvesChart.Of(run).Curves;
        Assert.Equal(
            box.Events("trial-promoted").Select(happened => (happened.GetProperty("trial").GetInt32(), happened.GetProperty("metric").GetDouble())).Order(),
            curves.SelectMany(curve => curve.Promotions.Select(promotion => (curve.Trial, promotion.Metric))).Order());
        Assert.Equal(record.State.Best!.Trial, curves[^1].Trial);
        var chart = TimelineChart.Of(run);
        Assert.Equal(record.Utilization.Utilization, chart.Utilization, 9);
        Assert.All(chart.Idle, idle => Assert.Equal(record.Utilization.Idle(idle.Cause) / record.Utilization.Present, idle.Share, 9));
    }
}
