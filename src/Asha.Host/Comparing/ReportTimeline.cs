using Asha.Core.Utilization;

namespace Asha.Host.Comparing;

/// <summary>What slots of one run did, as the report's script draws it.</summary>
/// <param name="Label">The scheduler.</param>
/// <param name="End">When the run ended, in seconds.</param>
/// <param name="Slots">The numbers of the slots, by row.</param>
/// <param name="Nodes">The node of each row; empty where there is one alone.</param>
/// <param name="Spans">Each as [row, from, to, use], of a job also [trial, rung, attempt, its metric, 1 where it brought no result]; <c>null</c> where slots are drawn together.</param>
/// <param name="Bins">By use, how many slots there were in each of equally long times up to the end of the axis; <c>null</c> where each slot has its row.</param>
internal sealed record ReportTimeline(
    string Label, double End, IReadOnlyList<int> Slots, IReadOnlyList<string> Nodes, IReadOnlyList<IReadOnlyList<double?>>? Spans, IReadOnlyList<IReadOnlyList<double>>? Bins)
{
    /// <summary>More would be narrower than a pixel, and make a page slow.</summary>
    private const int MostSpans = 20_000;

    private const int MostBins = 400;

    public static ReportTimeline Of(ObservedRun run, ReportUses uses, double until)
    {
        var detail = run.Detail!;
        var slots = detail.Nodes.Keys.Order().ToList();
        var nodes = detail.Nodes.Values.Distinct().Count() > 1 ? slots.Select(slot => detail.Nodes[slot]).ToList() : [];
        var isExact = detail.Spans is { Count: <= MostSpans } && slots.Count <= ObservedRun.MostRows;
        var rows = slots.Index().ToDictionary(slot => slot.Item, slot => slot.Index);
        // A hundred-thousandth of the axis is less than a pixel of any screen.
        var digits = Math.Clamp(5 - (int)Math.Floor(Math.Log10(Math.Max(until, 1e-6))), 0, 12);
        return new ReportTimeline(
            run.Summary.Label!, run.Summary.EndTime, isExact ? slots : [], isExact ? nodes : [],
            isExact ? [.. detail.Spans!.Select(span => Of(span, rows[span.Slot], uses, detail.Draws, digits))] : null,
            isExact ? null : [.. Enumerable.Range(0, uses.All.Count).Select(use => Of(detail.Activity, uses.Use(use), run.Summary.EndTime, until))]);
    }

    private static double?[] Of(SlotSpan span, int row, ReportUses uses, DrawLog draws, int digits)
    {
        double?[] place = [row, Math.Round(span.From.TotalSeconds, digits), Math.Round(span.To.TotalSeconds, digits)];
        if (span.Job is not { } job)
            return [.. place, uses.IndexOf(span.Idle!.Value)];
        var metric = draws.Attempts.TryGetValue(new AttemptKey(job.Trial, job.Rung, job.Attempt), out var drawn) && drawn.Metric is { } result && double.IsFinite(result) ? Math.Round(result, 6) : (double?)null;
        double?[] own = [.. place, uses.IndexOf(job.Target), job.Trial, job.Rung, job.Attempt, metric];
        return span.WithoutResult ? [.. own, 1] : own;
    }

    /// <summary>Slots on average in each bin, which is spread over the bins of the activity.</summary>
    private static double[] Of(SlotActivity activity, SlotUse use, double end, double until)
    {
        var (width, own) = (until / MostBins, activity.Width.TotalSeconds);
        var slots = new double[MostBins];
        for (var bin = 0; bin < activity.Bins; bin++)
        {
            var seconds = activity.Of(use, bin).TotalSeconds;
            var (from, to) = (bin * own, Math.Min((bin + 1) * own, end));
            for (var part = (int)(from / width); seconds > 0 && part < MostBins && part * width < to; part++)
                slots[part] += seconds * (Math.Min(to, (part + 1) * width) - Math.Max(from, part * width)) / (to - from) / width;
        }
        return [.. slots.Select(count => Math.Round(count, count < 100 ? 2 : 1))];
    }
}
