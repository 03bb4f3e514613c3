using SkiaSharp;

namespace Asha.Host.Plots;

/// <summary>The best metric over time, as a line with a step for each new best, in the colour of its rung; behind it every result.</summary>
internal static class BestPicture
{
    public static Picture Of(PlottedRun run)
    {
        var chart = BestChart.Of(run);
        var axis = TimeAxis.For(run.Until);
        return new Picture(
            new Header($"{run.Name}: the best so far", run.Summary, Legend(chart), Note(chart)),
            [new Panel(axis.Axis, PanelAxis.Of(chart.Y.Title(run.MetricTitle), chart.Y.Axis, 8), pen => Draw(pen, chart, axis.Seconds))]);
    }

    private static void Draw(Pen pen, BestChart chart, double seconds)
    {
        var rungs = chart.Run.State.Rungs.Count;
        foreach (var (_, rung, metric, at) in chart.Results.Where(result => chart.Y.Shows(result.Metric)).OrderBy(result => result.Rung).Select(result => (result.Time, result.Rung, result.Metric, At(result.Time, result.Metric))))
            pen.Dot(at, 2.2f, Palette.Rung(rung, rungs).Alpha(chart.Results.Count > 300 ? .4 : .6));
        if (chart.Steps.Count == 0)
            return;
        var line = new List<SKPoint>();
        foreach (var (index, step) in chart.Steps.Index())
        {
            if (index > 0)
                line.Add(At(step.Time, chart.Steps[index - 1].Metric));
            line.Add(At(step.Time, step.Metric));
        }
        line.Add(At(chart.Run.Until, chart.Steps[^1].Metric));
        pen.Line(line, Palette.Paper, 5);
        pen.Line(line, Palette.Accent, 2);
        foreach (var step in chart.Steps)
            pen.Dot(At(step.Time, step.Metric), 5, Palette.Rung(step.Rung, rungs), Palette.Accent);
        Label(pen, chart, [.. chart.Steps.Select(step => At(step.Time, step.Metric))]);

        SKPoint At(TimeSpan time, double metric) => pen.At(time.TotalSeconds / seconds, chart.Y.At(metric));
    }

    /// <summary>Names the trials of the steps, the last ones first, as long as no name lies on another or on a step.</summary>
    private static void Label(Pen pen, BestChart chart, IReadOnlyList<SKPoint> steps)
    {
        const float size = 13;
        var taken = steps.Select(step => new SKRect(step.X - 6, step.Y - 6, step.X + 6, step.Y + 6)).ToList();
        for (var index = steps.Count - 1; index >= 0; index--)
        {
            var text = $"trial {chart.Steps[index].Trial}";
            var width = Lettering.Width(text, size);
            var isLow = chart.Run.Spec.Metric.Mode == Core.Experiments.MetricMode.Min;
            var x = Math.Clamp(steps[index].X - width / 2, pen.Area.Left + 2, Math.Max(pen.Area.Left + 2, pen.Area.Right - width - 2));
            var y = isLow ? steps[index].Y + 21 : steps[index].Y - 11;
            var box = new SKRect(x - 2, y - size, x + width + 2, y + 3);
            if (box.Bottom > pen.Area.Bottom || box.Top < pen.Area.Top || taken.Any(other => other.IntersectsWith(box)))
                continue;
            pen.Text(text, x, y, size, Palette.Ink, ground: Palette.Paper.Alpha(.75));
            taken.Add(box);
        }
    }

    private static List<LegendEntry> Legend(BestChart chart)
    {
        var rungs = chart.Run.State.Rungs.Count;
        return
        [
            .. PlottedRun.SomeRungs(rungs, Header.MostEntries - 1).Select(rung => new LegendEntry($"result of rung {rung}, {chart.Run.Level(rung)}", Palette.Rung(rung, rungs), LegendMark.Dot)),
            new LegendEntry("best of the highest rung with a result", Palette.Accent, LegendMark.Line),
        ];
    }

    private static string Note(BestChart chart)
    {
        var off = chart.Results.Count(result => !chart.Y.Shows(result.Metric));
        var change = "A result of a higher rung takes the place of the best of a lower one, even where its metric is worse.";
        return off == 0 ? change : $"{change} {PlottedRun.Count(off, "result")} outside the picture.";
    }
}
