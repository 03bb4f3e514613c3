using Asha.Core.Utilization;

namespace Asha.Host.Plots;

/// <summary>What a bar stands for: a rung's job, which may have ended without its result, or idle time by its cause.</summary>
internal readonly record struct BarKind(int? Rung, IdleCause? Idle, bool WithoutResult = false)
{
    public static BarKind Of(SlotSpan span) => new(span.Job?.Rung, span.Idle, span.WithoutResult);
}

/// <summary>A bar of a timeline, in seconds.</summary>
/// <param name="Trial">The trial of a bar that is one job; <c>null</c> where the slot was idle, or shorter jobs were merged.</param>
internal readonly record struct SlotBar(int Row, double From, double To, BarKind Kind, int? Trial);

/// <summary>Bars from spans: as they are where they can be seen, merged where they are narrower than <see cref="Narrow"/> columns, so that a picture never has more bars than room for them.</summary>
internal static class SlotBars
{
    private const double Narrow = 1.5;

    /// <param name="spans">Of any slots; those of one slot in the order of time.</param>
    /// <param name="slots">The slots, in the order of the rows.</param>
    /// <param name="until">The right end, in seconds, &gt; 0.</param>
    /// <param name="columns">Pixels from 0 to <paramref name="until"/>.</param>
    /// <param name="rows">Rows that there is room for; where there are more slots, neighbours share one, which shows what most of them did.</param>
    public static IReadOnlyList<SlotBar> Of(IEnumerable<SlotSpan> spans, IReadOnlyList<int> slots, double until, int columns, int rows)
    {
        if (slots.Count == 0)
            return [];
        var shown = Math.Min(rows, slots.Count);
        var rowOf = slots.Index().ToDictionary(slot => slot.Item, slot => (int)((long)slot.Index * shown / slots.Count));
        var byRow = spans.ToLookup(span => rowOf[span.Slot]);
        return [.. Enumerable.Range(0, shown).SelectMany(row => shown == slots.Count ? OneSlot(row, byRow[row], until / columns * Narrow) : ManySlots(row, byRow[row], until, columns / 2))];
    }

    private static IEnumerable<SlotBar> OneSlot(int row, IEnumerable<SlotSpan> spans, double narrow)
    {
        var crumbs = new Dictionary<BarKind, double>();
        SlotBar? last = null;
        var (from, to, trial) = (0.0, 0.0, (int?)null);
        foreach (var span in spans)
        {
            var (start, end) = (span.From.TotalSeconds, span.To.TotalSeconds);
            if (crumbs.Count > 0 && (end - start >= narrow || to - from >= narrow || start > to))
            {
                if (Take() is { } bar)
                    yield return bar;
            }
            if (crumbs.Count == 0)
                (from, trial) = (start, span.Job?.Trial);
            else
                trial = null;
            crumbs[BarKind.Of(span)] = crumbs.GetValueOrDefault(BarKind.Of(span)) + (end - start);
            to = end;
        }
        if (crumbs.Count > 0 && Take() is { } rest)
            yield return rest;
        if (last is { } final)
            yield return final;

        // The bar before, once it is known that this one does not continue it.
        SlotBar? Take()
        {
            var kind = crumbs.MaxBy(crumb => crumb.Value).Key;
            crumbs.Clear();
            var touches = last is { } before && before.To >= from;
            if (touches && (to - from < narrow / 3 || (last!.Value.Kind == kind && trial is null && last.Value.Trial is null)))
            {
                last = last!.Value with { To = to };
                return null;
            }
            var done = last;
            last = new SlotBar(row, from, to, kind, trial);
            return done;
        }
    }

    /// <summary>In each column what most of the slots' time was spent on.</summary>
    private static IEnumerable<SlotBar> ManySlots(int row, IEnumerable<SlotSpan> spans, double until, int columns)
    {
        var width = until / columns;
        var times = new Dictionary<BarKind, double>[columns];
        foreach (var span in spans)
        {
            var (start, end) = (span.From.TotalSeconds, span.To.TotalSeconds);
            for (var column = (int)(start / width); column < columns && column * width < end; column++)
            {
                var own = times[column] ??= [];
                own[BarKind.Of(span)] = own.GetValueOrDefault(BarKind.Of(span)) + Math.Min(end, (column + 1) * width) - Math.Max(start, column * width);
            }
        }
        SlotBar? last = null;
        for (var column = 0; column < columns; column++)
        {
            if (times[column] is not { } own)
                continue;
            var kind = own.MaxBy(time => time.Value).Key;
            if (last is { } before && before.Kind == kind && before.To == column * width)
            {
                last = before with { To = (column + 1) * width };
                continue;
            }
            if (last is { } done)
                yield return done;
            last = new SlotBar(row, column * width, (column + 1) * width, kind, null);
        }
        if (last is { } final)
            yield return final;
    }
}
