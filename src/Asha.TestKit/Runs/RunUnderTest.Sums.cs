using System.Globalization;
using Asha.Core.Utilization;

namespace Asha.TestKit;

public abstract partial class RunUnderTest
{
    /// <summary>So much slot-time was idle by a cause, exactly, until the last event.</summary>
    /// <param name="cause">The cause.</param>
    /// <param name="slotSeconds">The seconds of all slots together.</param>
    public void AssertIdleTime(IdleCause cause, double slotSeconds)
    {
        ThrowIfUnknown();
        var actual = Record.Utilization.Idle(cause);
        if (actual != Seconds.Span(slotSeconds))
            throw Failed($"Idle by {cause.Name()}:\n  expected: {Text(slotSeconds)} slot-seconds\n  actual:   {Text(actual)} slot-seconds\n{Sums()}{(Longest(cause) is { } wait ? $"\n  the longest wait for it: slot {wait.Slot}, {Text(wait.From)} to {Text(wait.To)} s" : "")}", Longest(cause)?.From ?? LongestIdle());
    }

    /// <summary>So much of the slot-time present was busy, exactly, until the last event: <paramref name="busy"/> ÷ <paramref name="present"/> is the utilization.</summary>
    /// <param name="busy">Slot-seconds in which attempts ran, failed ones included.</param>
    /// <param name="present">Slot-seconds in all, idle ones included.</param>
    public void AssertUtilization(double busy, double present)
    {
        ThrowIfUnknown();
        var actual = Record.Utilization;
        if (actual.Busy != Seconds.Span(busy) || actual.Present != Seconds.Span(present))
            throw Failed($"Busy slot-seconds:\n  expected: {Text(busy)} of {Text(present)} ({Share(busy / present)})\n  actual:   {Text(actual.Busy)} of {Text(actual.Present)} ({Share(actual.Utilization)})\n{Sums()}", LongestIdle());
    }

    /// <summary>What happened in a rung, over all brackets; what is left out may be any number.</summary>
    /// <param name="rung">From 0.</param>
    /// <param name="started">Trials whose job to it was started.</param>
    /// <param name="completed">Results, those of trials that failed for good included.</param>
    /// <param name="failed">Trials that failed for good on their way to it.</param>
    /// <param name="promoted">Trials that left it upwards.</param>
    public void AssertRung(int rung, int? started = null, int? completed = null, int? failed = null, int? promoted = null)
    {
        ThrowIfUnknown();
        var actual = rung >= 0 && rung < Record.State.Rungs.Count ? Record.State.Rungs[rung] : throw Failed($"There is no rung {rung}.", null);
        if ((started ?? actual.Started) == actual.Started && (completed ?? actual.Completed) == actual.Completed && (failed ?? actual.Failed) == actual.Failed && (promoted ?? actual.Promoted) == actual.Promoted)
            return;
        throw Failed($"Rung {rung}:\n  expected: {Counts(started, completed, failed, promoted)}\n  actual:   {Counts(actual.Started, actual.Completed, actual.Failed, actual.Promoted)}", Spans.Where(span => span.Job?.Rung == rung).Select(span => (TimeSpan?)span.From).FirstOrDefault());
    }

    /// <summary>The run has ended.</summary>
    /// <param name="at">When, in seconds.</param>
    /// <param name="outcome"><c>completed</c>, <c>stopped</c> or <c>failed</c>.</param>
    public void AssertEnd(double at, string outcome = "completed")
    {
        ThrowIfUnknown();
        var actual = Record.State.Ended;
        if (actual?.Time == Seconds.Span(at) && actual.Outcome == outcome)
            return;
        var was = actual is null ? $"it goes on, at {Text(Now)} s" : $"{actual.Outcome} at {Text(actual.Time)} s{(actual.Reason == "" ? "" : $" ({actual.Reason})")}";
        throw Failed($"End:\n  expected: {outcome} at {Text(at)} s\n  actual:   {was}", actual?.Time ?? Seconds.Span(Now));
    }

    /// <summary>The best trial so far: of the highest rung that has a result, the best.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="rung">The rung of its result; left out, any.</param>
    /// <param name="metric">The result; left out, any.</param>
    public void AssertBest(int trial, int? rung = null, double? metric = null)
    {
        ThrowIfUnknown();
        var best = Record.State.Best;
        int? actualRung = best is null ? null : Record.State.BestRung;
        double? actualMetric = best is null ? null : best.Results[actualRung!.Value].Metric;
        if (best?.Trial == trial && (rung ?? actualRung) == actualRung && (metric ?? actualMetric) == actualMetric)
            return;
        throw Failed($"Best:\n  expected: {Best(trial, rung, metric)}\n  actual:   {(best is null ? "none" : Best(best.Trial, actualRung, actualMetric))}", Record.Bests!.Steps.Select(step => (TimeSpan?)step.Time).LastOrDefault());
    }

    private string Sums()
    {
        var causes = Enum.GetValues<IdleCause>().Where(cause => Record.Utilization.Idle(cause) > TimeSpan.Zero).Select(cause => $"{cause.Name()} {Text(Record.Utilization.Idle(cause))}");
        return $"  slot-seconds: busy {Text(Record.Utilization.Busy)}; idle: {(causes.Any() ? string.Join(", ", causes) : "none")}";
    }

    private SlotSpan? Longest(IdleCause cause) => Spans.Where(span => span.Idle == cause).OrderByDescending(span => span.To - span.From).Cast<SlotSpan?>().FirstOrDefault();

    private TimeSpan? LongestIdle() => Spans.Where(span => span.Idle is not null).OrderByDescending(span => span.To - span.From).Select(span => (TimeSpan?)span.From).FirstOrDefault();

    private static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##} %");

    private static string Counts(int? started, int? completed, int? failed, int? promoted)
        => string.Join(", ", new[] { (started, "started"), (completed, "completed"), (failed, "failed"), (promoted, "promoted") }.Where(count => count.Item1 is not null).Select(count => $"{count.Item1} {count.Item2}"));

    private static string Best(int trial, int? rung, double? metric) => $"trial {trial}{(rung is { } at ? $" at rung {at}" : "")}{(metric is { } value ? $" with {Text(value)}" : "")}";
}
