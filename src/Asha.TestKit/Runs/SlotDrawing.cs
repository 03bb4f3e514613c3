using System.Globalization;
using System.Text;
using Asha.Core.Utilization;

namespace Asha.TestKit;

/// <summary>
/// Slots over time as text, for a console: a row for each slot, a bar for each attempt with trial@rung, and idle time by its cause. At most 100 columns, and so many rows that a failure can still be read.
/// </summary>
internal static class SlotDrawing
{
    private const int Columns = 72;
    private const int MostRows = 32;

    /// <summary>A window around a time, in which a usual attempt is wide enough for its name; the whole run where it has room, or where there is no time.</summary>
    public static string Around(IReadOnlyList<SlotSpan> spans, IReadOnlyDictionary<int, string> nodes, TimeSpan? at, TimeSpan until, int? slot)
    {
        if (at is not { } time)
            return Of(spans, nodes, TimeSpan.Zero, until, null, slot);
        var near = spans.Where(span => span.Job is not null).OrderBy(span => (span.From - time).Duration()).Take(12).Select(span => span.To - span.From).Order().ToList();
        var width = near.Count == 0 ? until : 10 * near[near.Count / 2];
        if (width >= until || width <= TimeSpan.Zero)
            return Of(spans, nodes, TimeSpan.Zero, until, time, slot);
        var from = time - width / 2;
        from = from < TimeSpan.Zero ? TimeSpan.Zero : from + width > until ? until - width : from;
        return Of(spans, nodes, from, from + width, time, slot);
    }

    /// <param name="mark">A time to point at.</param>
    /// <param name="slot">A slot that has to be shown.</param>
    public static string Of(IReadOnlyList<SlotSpan> spans, IReadOnlyDictionary<int, string> nodes, TimeSpan from, TimeSpan to, TimeSpan? mark, int? slot = null)
    {
        if (to <= from)
            return $"(No time has passed: {Seconds.Text(to)} s.)";
        var all = spans.Where(span => span.To > from && span.From < to).ToLookup(span => span.Slot);
        var slots = all.Select(group => group.Key).Order().ToList();
        var first = slot is { } wanted && slots.IndexOf(wanted) is > MostRows / 2 and var place ? Math.Min(place - MostRows / 2, Math.Max(0, slots.Count - MostRows)) : 0;
        var shown = slots.Skip(first).Take(MostRows).ToList();
        var names = shown.Select(number => $"slot {number}{(nodes.TryGetValue(number, out var node) ? $" {node}" : "")}").ToList();
        var margin = Math.Min(18, names.Append("s").Max(name => name.Length));
        var text = new StringBuilder();
        text.AppendLine(Axis(from, to, margin));
        for (var row = 0; row < shown.Count; row++)
            text.AppendLine($"{Fit(names[row], margin)} {Row(all[shown[row]], from, to)}");
        if (shown.Count < slots.Count)
            text.AppendLine($"{new string(' ', margin)} … and {slots.Count - shown.Count} more slots");
        if (mark is { } time && time >= from && time <= to)
            text.AppendLine($"{new string(' ', margin)} {Mark(Math.Min(Columns - 1, Column(time, from, to)), $"{Seconds.Text(time)} s")}");
        text.Append($"{new string(' ', margin)} [3@1=] trial 3 going to rung 1; x: no result; …: goes on; . with a cause: idle");
        return text.ToString();
    }

    private static string Mark(int column, string name) => column + name.Length + 2 <= Columns ? $"{new string(' ', column)}^ {name}" : $"{name} ^".PadLeft(column + 1);

    /// <summary>A scale is read, and need not be exact.</summary>
    private static string Scale(TimeSpan time) => $"|{Math.Round(time.TotalSeconds, 3).ToString(CultureInfo.InvariantCulture)}";

    private static string Axis(TimeSpan from, TimeSpan to, int margin)
    {
        var line = new StringBuilder(new string(' ', Columns));
        for (var mark = 0; mark < 4; mark++)
            Put(line, mark * Columns / 4, Scale(from + (to - from) / 4 * mark), Columns / 4 - 1);
        return $"{"s".PadRight(margin)} {line}{Scale(to)}";
    }

    private static string Row(IEnumerable<SlotSpan> spans, TimeSpan from, TimeSpan to)
    {
        var line = new StringBuilder(new string(' ', Columns));
        foreach (var span in spans)
        {
            var (begin, end) = (Column(span.From, from, to), Column(span.To, from, to));
            // What is too short for a column of its own is shown where it is, unless something longer is there.
            if (end <= begin && (begin >= Columns || line[begin] != ' '))
                continue;
            var width = Math.Max(1, Math.Min(Columns, end) - begin);
            Put(line, begin, span.Job is null ? Idle(span.Idle!.Value, width) : Bar(span, width, span.From < from, span.To > to), width);
        }
        return line.ToString().TrimEnd();
    }

    private static string Bar(SlotSpan span, int width, bool isCutBefore, bool isCutAfter)
    {
        var label = $"{span.Job!.Trial}@{span.Job.Rung}";
        var (open, close) = (isCutBefore ? '…' : '[', isCutAfter ? '…' : span.WithoutResult ? 'x' : ']');
        if (width == 1)
            return span.WithoutResult ? "x" : "#";
        var inner = width - 2;
        return $"{open}{(label.Length <= inner ? label.PadRight(inner, '=') : new string('=', inner))}{close}";
    }

    private static string Idle(IdleCause cause, int width)
    {
        var name = cause.Name();
        return name.Length + 2 <= width ? $".{name}".PadRight(width, '.') : new string('.', width);
    }

    private static int Column(TimeSpan time, TimeSpan from, TimeSpan to) => (int)Math.Clamp(Math.Round((time - from) / (to - from) * Columns, MidpointRounding.AwayFromZero), 0, Columns);

    private static void Put(StringBuilder line, int at, string text, int width)
    {
        for (var index = 0; index < Math.Min(text.Length, width) && at + index < line.Length; index++)
            line[at + index] = text[index];
    }

    private static string Fit(string name, int width) => name.Length <= width ? name.PadRight(width) : name[..width];
}
