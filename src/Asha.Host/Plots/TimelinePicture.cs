using System.Globalization;
using Asha.Core.Utilization;
using SkiaSharp;

namespace Asha.Host.Plots;

/// <summary>What each slot did over time: bars coloured by rung, idle time by its cause. Several runs stand one above the other on one time axis.</summary>
internal static class TimelinePicture
{
    /// <summary>Pixels of a row: more slots than fit share rows.</summary>
    private const float LeastRow = 2.5f;

    /// <summary>Pixels beyond which a row gains nothing.</summary>
    private const int MostRow = 44;

    public static Picture Of(PlottedRun run)
    {
        var chart = TimelineChart.Of(run);
        var legend = Legend([chart], cause => $"idle {Percent(chart.Idle.First(idle => idle.Cause == cause).Share)}: {TimelineChart.Explained(cause)}");
        return new Picture(
            new Header($"{run.Name}: what each slot did", $"{run.Summary} · {Percent(chart.Utilization)} busy", legend, Note(chart)),
            [PanelOf(chart, TimeAxis.For(run.Until), "")],
            220 + MostRow * chart.Slots.Count);
    }

    /// <summary>Slot timelines one above the other, for instance of SHA and ASHA.</summary>
    public static Picture Compare(IReadOnlyList<PlottedRun> runs)
    {
        var charts = runs.Select(TimelineChart.Of).ToList();
        var axis = TimeAxis.For(runs.Max(run => run.Until));
        var legend = Legend(charts, cause => $"idle: {TimelineChart.Explained(cause)}");
        var schedulers = runs.Select(run => run.Scheduler).Distinct().ToList();
        var title = schedulers.Count > 1 ? $"{string.Join(" and ", schedulers)}: what each slot did" : "What each slot did";
        return new Picture(
            new Header(title, string.Join(" · ", runs.Select(run => run.Name)), legend, "A number is the trial's; its bar is one job, from one rung to the next. A dashed line is the end of a run."),
            [.. charts.Index().Select(entry => PanelOf(entry.Item, axis, PanelTitle(entry.Item), last: entry.Index == charts.Count - 1))],
            150 + charts.Count * (64 + MostRow * charts.Max(chart => chart.Slots.Count)));
    }

    private static string PanelTitle(TimelineChart chart)
    {
        var idle = chart.Idle.Where(entry => entry.Share >= .001).Select(entry => $"{TimelineChart.Words(entry.Cause)} {Percent(entry.Share)}");
        var run = chart.Run;
        return $"{run.Scheduler}: slots {Percent(chart.Utilization)} busy · {PlottedRun.Count(run.State.Trials.Count, "trial")} in {Cli.Output.Duration(run.Until)}"
            + (string.Join(", ", idle) is { Length: > 0 } causes ? $" · idle: {causes}" : "");
    }

    private static Panel PanelOf(TimelineChart chart, TimeAxis axis, string title, bool last = true)
    {
        var slots = chart.Slots.Count;
        var step = Math.Max(1, (slots + 15) / 16);
        var rows = chart.Slots.Index().Where(slot => slot.Index % step == 0).Select(slot => (1 - (slot.Index + .5) / slots, slot.Item.ToString(CultureInfo.InvariantCulture)));
        return new Panel(last ? axis.Axis : axis.Axis with { Title = "" }, new PanelAxis("slot", [.. rows]), pen => Draw(pen, chart, axis.Seconds), title, Grid: false);
    }

    private static void Draw(Pen pen, TimelineChart chart, double seconds)
    {
        if (chart.Slots.Count == 0)
            return;
        var (until, rungs) = (chart.Run.Until.TotalSeconds, chart.Run.State.Rungs.Count);
        var columns = Math.Max(2, (int)(pen.Width * until / seconds));
        var rows = Math.Min(chart.Slots.Count, Math.Max(1, (int)(pen.Height / LeastRow)));
        var bars = SlotBars.Of(chart.Spans, chart.Slots, until, columns, rows);
        var row = pen.Height / rows;
        var inset = row >= 6 ? Math.Min(1.5f, row * .08f) : 0;
        foreach (var kind in bars.GroupBy(bar => bar.Kind))
        {
            pen.Boxes(kind.Select(bar => Box(bar, inset)), Color(kind.Key));
            if (kind.Key.WithoutResult)
                pen.Hatch(kind.Select(bar => Box(bar, inset)), Palette.On(Color(kind.Key)));
        }
        foreach (var bar in bars.Where(bar => bar.Trial is not null && row >= 14))
            Label(pen, Box(bar, inset), bar.Trial!.Value.ToString(CultureInfo.InvariantCulture), Color(bar.Kind), Math.Min(13, row * .6f), isHatched: bar.Kind.WithoutResult);
        if (IdleBlock.Largest(bars, IdleCause.RungBarrier, rows, until) is { } block)
            Explain(pen, chart, block, Box(new SlotBar(block.FirstRow, block.From, block.To, default, null), 0), row);
        var end = pen.At(until / seconds, 0).X;
        pen.Line([new(end, pen.Area.Top), new(end, pen.Area.Bottom)], Palette.Ink, 1, [4, 3]);

        SKColor Color(BarKind kind) => kind.Rung is { } rung ? Palette.Rung(rung, rungs) : Palette.Idle(kind.Idle!.Value);

        SKRect Box(SlotBar bar, float around)
        {
            var (left, right) = (pen.At(bar.From / seconds, 0).X, pen.At(bar.To / seconds, 0).X);
            var top = pen.Area.Top + bar.Row * row;
            // One job after another of the same rung: a gap tells them apart.
            var gap = bar.Trial is not null && right - left >= 4 ? 1 : 0;
            return new SKRect(left, top + around, right - gap, top + row - around);
        }
    }

    private static void Label(Pen pen, SKRect box, string text, SKColor ground, float size, bool isHatched)
    {
        if (Lettering.Width(text, size) + 6 <= box.Width)
            pen.Text(text, box.MidX, box.MidY + size * .36f, size, Palette.On(ground), SKTextAlign.Center, isHatched ? ground : null);
    }

    /// <summary>Says in the largest idle block what it waits for: on one row, or on two, in as many words as there is room for.</summary>
    private static void Explain(Pen pen, TimelineChart chart, IdleBlock block, SKRect first, float row)
    {
        var rung = chart.RungAt((block.From + block.To) / 2) is { } one ? $"rung {one}" : "the rung";
        var rows = block.LastRow - block.FirstRow + 1;
        foreach (string[] lines in new string[][] { [$"idle: waiting for the last trial of {rung}"], ["idle: waiting for the", $"last trial of {rung}"], ["waiting for", rung], ["barrier"] })
        {
            foreach (var size in new[] { 15f, 12f })
            {
                if (lines.Length > rows || lines.Max(line => Lettering.Width(line, size)) + 12 > first.Width || size * 1.3f > row)
                    continue;
                var middle = first.Top + (rows - lines.Length) / 2 * row + row / 2;
                foreach (var (index, line) in lines.Index())
                    pen.Text(line, first.MidX, middle + index * row + size * .36f, size, Palette.Ink, SKTextAlign.Center);
                return;
            }
        }
    }

    private static List<LegendEntry> Legend(IReadOnlyList<TimelineChart> charts, Func<IdleCause, string> words)
    {
        var causes = charts.SelectMany(chart => chart.Idle).GroupBy(idle => idle.Cause).OrderByDescending(cause => cause.Max(idle => idle.Share)).Select(cause => cause.Key).ToList();
        var run = charts.MaxBy(chart => chart.Run.State.Rungs.Count)!.Run;
        var rungs = run.State.Rungs.Count;
        // Runs with other levels, drawn together, share the rungs' numbers only.
        var alike = charts.All(chart => chart.Run.State.Rungs.Select(rung => rung.Level).SequenceEqual(run.State.Rungs.Select(rung => rung.Level)));
        LegendEntry[] hatched = charts.Any(chart => chart.HasWithoutResult) ? [new LegendEntry("hatched: failed, lost or cut by the end, no result", Palette.Rung(0, rungs), LegendMark.Hatched)] : [];
        return [
            .. PlottedRun.SomeRungs(rungs, Header.MostEntries - causes.Count - hatched.Length).Select(rung => new LegendEntry(alike ? $"rung {rung}: to {run.Level(rung)}" : $"rung {rung}", Palette.Rung(rung, rungs))),
            .. hatched,
            .. causes.Select(cause => new LegendEntry(words(cause), Palette.Idle(cause))),
        ];
    }

    private static string Note(TimelineChart chart)
    {
        var many = chart.Spans.Count(span => span.Job is not null);
        return $"{PlottedRun.Count(many, "attempt")}; where they are too narrow to be seen, a bar shows what took most of the time. A number is the trial's. The dashed line is {(chart.Run.IsRunning ? "now" : "the end")}.";
    }

    private static string Percent(double share) => share is > 0 and < .001 ? "< 0.1 %" : $"{100 * share:0.0} %";
}
