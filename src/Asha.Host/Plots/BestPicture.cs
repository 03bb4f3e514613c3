using Asha.Core.Experiments;
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
        foreach (var rung in chart.Results.Where(result => chart.Y.Shows(result.Metric)).GroupBy(result => result.Rung).OrderBy(rung => rung.Key))
            pen.Dots([.. rung.Select(result => At(result.Time, result.Metric))], 2.2f, Palette.Rung(rung.Key, rungs).Alpha(chart.Results.Count > 300 ? .6 : .8));
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
        Label(pen, chart, [.. chart.Steps.Select(step => At(step.Time, step.Metric))], line);

        SKPoint At(TimeSpan time, double metric) => pen.At(time.TotalSeconds / seconds, chart.Y.At(metric));
    }

    /// <summary>Names the trials of the steps, the last ones first: below or above, on the better side, or beside, wherever the name lies on no other, on no step and not on the line.</summary>
    private static void Label(Pen pen, BestChart chart, IReadOnlyList<SKPoint> steps, IReadOnlyList<SKPoint> line)
    {
        const float size = 13;
        var taken = steps.Select(step => Around(step, step, 6)).Concat(line.Zip(line.Skip(1), (from, to) => Around(from, to, 1))).ToList();
        for (var index = steps.Count - 1; index >= 0; index--)
        {
            var text = $"trial {chart.Steps[index].Trial}";
            var width = Lettering.Width(text, size);
            var (x, y) = (steps[index].X, steps[index].Y);
            SKPoint[] places = [new(x - width / 2, y + 21), new(x - width / 2, y - 11), new(x + 10, y - 9), new(x + 10, y + 5), new(x - width - 10, y + 5)];
            foreach (var place in chart.Run.Spec.Metric.Mode == MetricMode.Min ? places : [places[1], places[0], .. places[2..]])
            {
                var box = new SKRect(place.X - 2, place.Y - size, place.X + width + 2, place.Y + 3);
                if (!pen.Area.Contains(box) || taken.Any(other => other.IntersectsWith(box)))
                    continue;
                pen.Text(text, place.X, place.Y, size, Palette.Ink, ground: Palette.Paper.Alpha(.75));
                taken.Add(box);
                break;
            }
        }
    }

    private static SKRect Around(SKPoint one, SKPoint other, float margin)
        => new(Math.Min(one.X, other.X) - margin, Math.Min(one.Y, other.Y) - margin, Math.Max(one.X, other.X) + margin, Math.Max(one.Y, other.Y) + margin);

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
