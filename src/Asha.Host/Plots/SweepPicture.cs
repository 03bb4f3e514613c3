using SkiaSharp;

namespace Asha.Host.Plots;

/// <summary>One figure of a sweep: small panels, in each a line for each scheduler over the values of a key, with intervals.</summary>
internal static class SweepPicture
{
    /// <summary>Lines beside each other, so that their intervals do not lie on one another.</summary>
    private const float Apart = 7;

    public static Picture Of(SweepChart chart)
    {
        var sweep = chart.Sweep;
        var rows = (chart.Panels.Count + chart.Columns - 1) / chart.Columns;
        return new Picture(
            new Header(
                $"{sweep.Name}: {chart.Figure.Row.Name}",
                sweep.Seeds == 1 ? $"one run each, seed {sweep.FirstSeed}" : $"means of {sweep.Seeds} runs each, seeds {sweep.FirstSeed} to {sweep.FirstSeed + sweep.Seeds - 1}, with 95 % confidence intervals",
                Legend(chart), "Values of a key stand at equal distances, as they are listed; panels one above the other share a scale."),
            [.. chart.Panels.Select((panel, index) => PanelOf(chart, panel, isLast: index / chart.Columns == rows - 1 || index + chart.Columns >= chart.Panels.Count, isFirst: index % chart.Columns == 0))],
            Columns: chart.Columns);
    }

    /// <summary>A height at which panels are neither flat nor tall.</summary>
    public static int HeightOf(SweepChart chart) => 150 + (chart.Columns == 1 ? 330 : 240) * ((chart.Panels.Count + chart.Columns - 1) / chart.Columns);

    private static Panel PanelOf(SweepChart chart, SweepPanel panel, bool isLast, bool isFirst)
    {
        var values = chart.X.Values;
        // As many as there is room for, if each were as wide as the widest.
        var room = Math.Max(1, (int)(1000 / chart.Columns / (values.Max(value => Lettering.Width(Short(value), 13)) + 10)));
        var step = (values.Count + room - 1) / room;
        var ticks = values.Index().Where(value => value.Index % step == 0).Select(value => (At(value.Index, values.Count), Short(value.Item)));
        var y = PanelAxis.Of(isFirst ? chart.Figure.Row.Name : "", panel.Y, 5);
        return new Panel(new PanelAxis(isLast ? chart.X.Name : "", [.. ticks]), y, pen => Draw(pen, panel, values.Count), panel.Title);
    }

    private static void Draw(Pen pen, SweepPanel panel, int values)
    {
        foreach (var (line, points) in panel.Lines.Index())
        {
            var (color, shift) = (Palette.LineOf(line), (line - (panel.Lines.Count - 1) / 2f) * Apart);
            pen.Line([.. points.Select(point => At(point, point.Estimate.Mean))], color.Alpha(.5), 2);
            pen.Lines(points.Where(point => point.Estimate.Low < point.Estimate.High).Select(point => new[] { At(point, point.Estimate.Low), At(point, point.Estimate.High) }), color, 2);
            pen.Dots([.. points.Select(point => At(point, point.Estimate.Mean))], 4.5f, color);
            pen.Dots([.. points.Where(point => !point.IsWhole).Select(point => At(point, point.Estimate.Mean))], 2.5f, Palette.Paper);

            SKPoint At(SweepPoint point, double? value) => pen.At(SweepPicture.At(point.Place, values), panel.Y.At(value!.Value)) is var place ? new SKPoint(place.X + shift, place.Y) : default;
        }
    }

    private static List<LegendEntry> Legend(SweepChart chart)
    {
        var lines = chart.Sweep.Labels.Select((label, line) => new LegendEntry(label, Palette.LineOf(line), LegendMark.Dot)).ToList();
        if (chart.Panels.Any(panel => panel.Lines.Any(line => line.Any(point => !point.IsWhole))))
            lines.Add(new LegendEntry($"hollow: not all runs had it{(chart.Figure.IsTime && chart.Sweep.IsBounded ? "; those without count as the horizon, so the mean is a lower bound" : "")}", Palette.Faint, LegendMark.Ring));
        return lines;
    }

    /// <summary>Where a value stands, 0 … 1: in the middle of its share of the axis.</summary>
    private static double At(int value, int values) => (value + .5) / values;

    private static string Short(string value) => Lettering.Fit(value.Length == 0 ? "(empty)" : value, 110, 13);
}
