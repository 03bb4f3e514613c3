using SkiaSharp;

namespace Asha.Host.Plots;

/// <summary>Parallel coordinates: each trial a line through the values of its parameters to its metric; the best on top.</summary>
internal static class ParallelPicture
{
    private const float HeadSize = 13, MarkSize = 11.5f, HeadRow = 18, Side = 34;

    /// <summary>The best so many of the trials are drawn stronger.</summary>
    private static readonly (double Share, string Text, SKColor Color, float Width)[] Classes =
    [
        (.05, "best 5 %", Palette.At(1), 1.5f),
        (.25, "best 25 %", new(0x66, 0xBB, 0xDD), 1.1f),
        (1, "the others", new(0xDD, 0xEE, 0xEE), 1),
    ];

    private static readonly SKColor WithoutResult = new(0xFF, 0xDD, 0xCC);

    public static Picture Of(PlottedRun run)
    {
        var chart = ParallelChart.Of(run);
        return new Picture(
            new Header($"{run.Name}: parameters and outcome", run.Summary, Legend(chart), Note(chart)),
            [new Panel(PanelAxis.None, PanelAxis.None, pen => Draw(pen, chart))]);
    }

    private static void Draw(Pen pen, ParallelChart chart)
    {
        var room = (pen.Width - 2 * Side) / Math.Max(1, chart.Axes.Count - 1);
        // Heads that are wider than their place stand in two rows.
        var staggered = chart.Axes.Any(axis => Lettering.Width(axis.Name, HeadSize) > room - 10);
        var (top, bottom) = (pen.Area.Top + (staggered ? 2 : 1) * HeadRow + 14, pen.Area.Bottom - 42);
        foreach (var lines in chart.Lines.GroupBy(ClassOf))
        {
            var (color, width) = lines.Key < 0 ? (WithoutResult, 1f) : (Classes[lines.Key].Color, Classes[lines.Key].Width);
            // Thousands of pale lines, each with smooth edges, make a PNG of megabytes, and look no better.
            pen.Lines(lines.Select(Points), color, width, isSmooth: lines.Key is 0 or 1 || chart.Lines.Count <= 200);
        }
        if (chart.Lines is [.., { Standing: 0 } best])
        {
            pen.Line(Points(best), Palette.Paper, 5);
            pen.Line(Points(best), Palette.Accent, 2.5f);
        }
        foreach (var (index, axis) in chart.Axes.Index())
            DrawAxis(index, axis);

        float X(int index) => chart.Axes.Count == 1 ? pen.Area.MidX : pen.Area.Left + Side + index * room;

        SKPoint[] Points(ParallelLine line) => [.. line.Places.Select((place, index) => new SKPoint(X(index), place is { } at ? (float)(bottom - at * (bottom - top)) : bottom + 22))];

        void DrawAxis(int index, ParallelAxis axis)
        {
            var x = X(index);
            pen.Line([new(x, top), new(x, bottom)], Palette.Ink, 1);
            foreach (var (at, text) in axis.Marks)
            {
                var y = (float)(bottom - at * (bottom - top));
                pen.Line([new(x - 3, y), new(x + 3, y)], Palette.Ink, 1);
                pen.Text(Lettering.Fit(text, room - 14, MarkSize), index == chart.Axes.Count - 1 ? x - 6 : x + 6, y + 4, MarkSize, Palette.Ink,
                    index == chart.Axes.Count - 1 ? SKTextAlign.Right : SKTextAlign.Left, Palette.Paper.Alpha(.8));
            }
            if (axis.HasInactive)
                pen.Text(index == chart.Axes.Count - 1 ? "none" : "not set", x, bottom + 36, MarkSize, Palette.Faint, SKTextAlign.Center, Palette.Paper.Alpha(.85));
            DrawHead(index, axis.Name, x);
        }

        void DrawHead(int index, string name, float x)
        {
            var width = staggered ? 2 * room - 12 : room - 8;
            var text = Lettering.Fit(name, Math.Max(width, 40), HeadSize);
            var half = Lettering.Width(text, HeadSize) / 2;
            var middle = Math.Clamp(x, pen.Area.Left + half, pen.Area.Right - half);
            var y = pen.Area.Top + HeadRow * (staggered && index % 2 == 1 ? 2 : 1) - 2;
            pen.Text(text, middle, y, HeadSize, Palette.Ink, SKTextAlign.Center);
        }
    }

    private static int ClassOf(ParallelLine line) => line.Standing is { } standing ? Array.FindIndex(Classes, own => standing <= own.Share) : -1;

    private static List<LegendEntry> Legend(ParallelChart chart)
    {
        var counts = chart.Lines.CountBy(ClassOf).ToDictionary();
        List<LegendEntry> legend = [];
        if (chart.Lines is [.., { Standing: 0 } best])
            legend.Add(new LegendEntry($"best: trial {best.Trial}", Palette.Accent, LegendMark.Line));
        foreach (var (index, one) in Classes.Index().Where(one => counts.ContainsKey(one.Index)))
            legend.Add(new LegendEntry($"{one.Text} ({counts[index]:#,0})", one.Color, LegendMark.Line));
        if (counts.TryGetValue(-1, out var without))
            legend.Add(new LegendEntry($"no finite result ({without:#,0})", WithoutResult, LegendMark.Line));
        return legend;
    }

    private static string Note(ParallelChart chart)
    {
        var note = "Trials stand by the highest rung in which they have a finite result, then by its metric, which the last axis shows.";
        if (chart.Axes.SkipLast(1).Any(axis => axis.HasInactive))
            note += " Not set: the parameter's condition did not hold.";
        return chart.LeftOut == 0 ? note : $"{note} {PlottedRun.Count(chart.LeftOut, "further parameter")} not shown.";
    }
}
