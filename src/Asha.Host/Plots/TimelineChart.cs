using Asha.Core.Utilization;

namespace Asha.Host.Plots;

/// <summary>What the slots of a run did, ready to draw.</summary>
internal sealed record TimelineChart
{
    public required PlottedRun Run { get; init; }

    /// <summary>Every slot that was ever there, in order.</summary>
    public required IReadOnlyList<int> Slots { get; init; }

    public required IReadOnlyList<SlotSpan> Spans { get; init; }

    /// <summary>Busy ÷ present slot-time; 0 where no slot was there.</summary>
    public required double Utilization { get; init; }

    /// <summary>The causes that occur, with their shares of the slot-time present, the largest first.</summary>
    public required IReadOnlyList<(IdleCause Cause, double Share)> Idle { get; init; }

    /// <summary>Whether any attempt ended without a result.</summary>
    public bool HasWithoutResult => Spans.Any(span => span.WithoutResult);

    public static TimelineChart Of(PlottedRun run)
    {
        var spans = run.Record.Timelines!.Until(run.State, run.Until);
        var present = spans.Sum(span => (span.To - span.From).TotalSeconds);
        var idle = spans.Where(span => span.Idle is not null).GroupBy(span => span.Idle!.Value, (cause, own) => (cause, Share: own.Sum(span => (span.To - span.From).TotalSeconds) / present));
        return new TimelineChart
        {
            Run = run,
            Slots = [.. spans.Select(span => span.Slot).Distinct().Order()],
            Spans = spans,
            Utilization = present > 0 ? spans.Where(span => span.Job is not null).Sum(span => (span.To - span.From).TotalSeconds) / present : 0,
            Idle = [.. idle.OrderByDescending(entry => entry.Share)],
        };
    }

    /// <summary>The rung of which all jobs are that run at a moment (seconds); <c>null</c> where there are several, or none.</summary>
    public int? RungAt(double second)
    {
        var rungs = Spans.Where(span => span.Job is not null && span.From.TotalSeconds <= second && span.To.TotalSeconds > second).Select(span => span.Job!.Rung).Distinct().Take(2).ToList();
        return rungs.Count == 1 ? rungs[0] : null;
    }

    /// <summary>A cause in a few words.</summary>
    public static string Words(IdleCause cause) => cause switch
    {
        IdleCause.RungBarrier => "rung barrier",
        IdleCause.NoPromotable => "nothing to promote yet",
        IdleCause.NoWork => "nothing to do",
        IdleCause.WaitingForDecision => "waiting for a decision",
        IdleCause.RetryBackOff => "waiting before a retry",
        IdleCause.NodeLost => "node lost",
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "This cause has no words."),
    };

    /// <summary>A cause with what it means, where its name does not say it.</summary>
    public static string Explained(IdleCause cause) => cause == IdleCause.RungBarrier ? "rung barrier, until the last trial of the rung has its result" : Words(cause);
}
