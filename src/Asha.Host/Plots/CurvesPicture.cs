using Asha.Core.Experiments;
using SkiaSharp;

namespace Asha.Host.Plots;

/// <summary>Learning curves: how far each trial got, and at which results trials were promoted.</summary>
internal static class CurvesPicture
{
    public static Picture Of(PlottedRun run)
    {
        var chart = CurvesChart.Of(run);
        var rungs = run.State.Rungs.Count;
        var levels = PlottedRun.SomeRungs(rungs, 12).Select(rung => (chart.X.At(run.State.Rungs[rung].Level), AxisScale.Text(run.State.Rungs[rung].Level)));
        return new Picture(
            new Header($"{run.Name}: learning curves", run.Summary, Legend(chart), Note(chart)),
            [new Panel(new PanelAxis(chart.X.IsLog ? $"{run.Resource}, logarithmic; each tick is a rung" : run.Resource, [.. levels]),
                PanelAxis.Of(chart.Y.Title(run.MetricTitle), chart.Y.Axis, 8), pen => Draw(pen, chart))]);
    }

    private static void Draw(Pen pen, CurvesChart chart)
    {
        var rungs = chart.Run.State.Rungs;
        pen.Lines(rungs.Select(rung => new[] { pen.At(chart.X.At(rung.Level), 0), pen.At(chart.X.At(rung.Level), 1) }), Palette.Grid, 1, [5, 4]);
        foreach (var rung in chart.Curves.Where(curve => !curve.IsBest).GroupBy(curve => curve.Rung))
            pen.Lines(rung.SelectMany(curve => Lines(pen, chart, curve)), Palette.Rung(rung.Key, rungs.Count).Alpha(Opacity(rung.Count())), 1.3f);
        var promotions = chart.Curves.Where(curve => !curve.IsBest).SelectMany(curve => curve.Promotions.Index()).ToList();
        foreach (var rung in promotions.GroupBy(promotion => promotion.Index).OrderBy(rung => rung.Key))
            pen.Dots([.. rung.Select(promotion => At(promotion.Item.Resource, promotion.Item.Metric))], promotions.Count > 100 ? 2.2f : 3.2f, Palette.Rung(rung.Key + 1, rungs.Count), Palette.Paper);
        if (chart.Curves is [.., { IsBest: true } best])
            DrawBest(pen, chart, best);

        SKPoint At(double resource, double metric) => pen.At(chart.X.At(resource), chart.Y.At(metric));
    }

    /// <summary>The pieces of a curve; a lone report is a dash that ends in it.</summary>
    private static IEnumerable<IReadOnlyList<SKPoint>> Lines(Pen pen, CurvesChart chart, Curve curve)
        => curve.Pieces.Select(piece => Thin.ToPixels(piece.Select(point => pen.At(chart.X.At(point.Resource), chart.Y.At(point.Metric)))))
            .Select(points => points is [var lone] ? [new SKPoint(lone.X - 14, lone.Y), new SKPoint(lone.X - 3, lone.Y)] : points);

    private static void DrawBest(Pen pen, CurvesChart chart, Curve best)
    {
        pen.Lines(Lines(pen, chart, best), Palette.Paper, 5);
        pen.Lines(Lines(pen, chart, best), Palette.Accent, 2.5f);
        pen.Dots([.. best.Promotions.Select(promotion => pen.At(chart.X.At(promotion.Resource), chart.Y.At(promotion.Metric)))], 4.5f, Palette.Accent, Palette.Paper);
        if (best.Pieces.Count == 0)
            return;
        var last = best.Pieces[^1][^1];
        var end = pen.At(chart.X.At(last.Resource), chart.Y.At(last.Metric));
        pen.Dot(end, 4.5f, Palette.Accent, Palette.Paper);
        var text = $"trial {best.Trial}";
        var from = end.X - Lettering.Width(text, 13) - 4;
        var near = Lines(pen, chart, best).SelectMany(line => line).Where(point => point.X >= from).Select(point => point.Y).ToList();
        // On the better side, where other curves do not come.
        var y = chart.Run.Spec.Metric.Mode == MetricMode.Min ? near.Max() + 18 : near.Min() - 9;
        pen.Text(text, end.X, Math.Clamp(y, pen.Area.Top + 14, pen.Area.Bottom - 5), 13, Palette.Accent, SKTextAlign.Right, Palette.Paper.Alpha(.8));
    }

    /// <summary>The more curves there are of a colour, the fainter each.</summary>
    private static double Opacity(int curves) => Math.Clamp(12.0 / Math.Sqrt(curves) / 2, .18, .9);

    private static List<LegendEntry> Legend(CurvesChart chart)
    {
        var rungs = chart.Run.State.Rungs.Count;
        List<LegendEntry> legend = [.. PlottedRun.SomeRungs(rungs, Header.MostEntries - 2).Select(rung => new LegendEntry(
            $"reached rung {rung}, {chart.Run.Level(rung)}: {chart.Curves.Count(curve => curve.Rung == rung):#,0}", Palette.Rung(rung, rungs), LegendMark.Line))];
        var promotions = chart.Curves.Sum(curve => curve.Promotions.Count);
        if (promotions > 0)
            legend.Add(new LegendEntry($"promoted ({promotions:#,0}), coloured by the rung it went to", Palette.Rung(1, rungs), LegendMark.Dot));
        if (chart.Run.State.Best is { } best)
        {
            var (resource, metric) = best.Results[chart.Run.State.BestRung];
            legend.Add(new LegendEntry($"best: trial {best.Trial}, {AxisScale.Text(metric)} at {AxisScale.Text(resource)} {chart.Run.Resource}", Palette.Accent, LegendMark.Line));
        }
        return legend;
    }

    private static string Note(CurvesChart chart)
    {
        List<string> notes = [];
        if (chart.OffScale > 0)
            notes.Add($"{PlottedRun.Count(chart.OffScale, "curve")} leave{(chart.OffScale == 1 ? "s" : "")} the picture");
        if (chart.Diverged > 0)
            notes.Add($"{PlottedRun.Count(chart.Diverged, "trial")} reported what is not finite (NaN, infinity): the curve ends there");
        var silent = chart.Run.State.Trials.Count - chart.Curves.Count;
        if (silent > 0)
            notes.Add($"{PlottedRun.Count(silent, "trial")} {(silent == 1 ? "has" : "have")} no report");
        return string.Join("; ", notes) is { Length: > 0 } note ? note + "." : "";
    }
}
