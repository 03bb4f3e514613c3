using Asha.Core.Utilization;

namespace Asha.TestKit;

public abstract partial class RunUnderTest
{
    /// <summary>A slot, or any, ran a trial on its way to a rung, from a time to a time; of one under way, until now.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="rung">The rung that it is going to.</param>
    /// <param name="from">Seconds.</param>
    /// <param name="to">Seconds.</param>
    /// <param name="slot">On this slot; left out, on any.</param>
    /// <param name="node">On this node, such as <c>node-0</c>; left out, on any.</param>
    public void AssertRan(int trial, int rung, double from, double to, int? slot = null, string? node = null)
    {
        ThrowIfUnknown();
        var all = Spans.Where(span => span.Job is { } job && job.Trial == trial && job.Rung == rung).ToList();
        if (all.Any(span => span.From == Seconds.Span(from) && span.To == Seconds.Span(to) && (slot ?? span.Slot) == span.Slot && (node ?? _nodes[span.Slot]) == _nodes[span.Slot]))
            return;
        var where = $"{(slot is { } number ? $" on slot {number}" : "")}{(node is null ? "" : $" on {node}")}";
        var actual = all.Count == 0 ? "not at all" : string.Join(", ", all.Select(span => $"{Text(span.From)} to {Text(span.To)} s on slot {span.Slot} of {_nodes[span.Slot]}{(span.WithoutResult ? " (without a result)" : "")}"));
        throw Failed($"Trial {trial} at rung {rung} ran:\n  expected: {Text(from)} to {Text(to)} s{where}\n  actual:   {actual}", all.Count == 0 ? Seconds.Span(from) : all[0].From, all.Count == 0 ? slot : all[0].Slot);
    }

    /// <summary>What a slot ran, and nothing else, in this order.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="expected">Of each attempt its trial, the rung that it is going to, and its first and last second.</param>
    public void AssertSlot(int slot, params (int Trial, int Rung, double From, double To)[] expected)
    {
        ThrowIfUnknown();
        var actual = Spans.Where(span => span.Slot == slot && span.Job is not null).ToList();
        var first = Enumerable.Range(0, Math.Max(expected.Length, actual.Count)).FirstOrDefault(index => index >= expected.Length || index >= actual.Count
            || (expected[index].Trial, expected[index].Rung, Seconds.Span(expected[index].From), Seconds.Span(expected[index].To)) != (actual[index].Job!.Trial, actual[index].Job!.Rung, actual[index].From, actual[index].To), -1);
        if (first < 0)
            return;
        var wanted = expected.Select(one => $"{one.Trial}@{one.Rung} {Text(one.From)} to {Text(one.To)} s");
        var was = actual.Select(span => $"{span.Job!.Trial}@{span.Job.Rung} {Text(span.From)} to {Text(span.To)} s");
        throw Failed($"What slot {slot} ran differs from number {first + 1} on.\n  expected: {List(wanted, first)}\n  actual:   {List(was, first)}", first < actual.Count ? actual[first].From : Seconds.Span(expected[first].From), slot);
    }

    /// <summary>A slot is idle at a time, and by this cause.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="at">Seconds: at that moment and right after it.</param>
    /// <param name="cause">Why it is idle.</param>
    public void AssertIdle(int slot, double at, IdleCause cause)
    {
        ThrowIfUnknown();
        var time = Seconds.Span(at);
        if (At(slot, time) is { } span && span.Idle == cause)
            return;
        throw Failed($"Slot {slot} at {Text(at)} s:\n  expected: idle, {cause.Name()}\n  actual:   {What(slot, time)}", time, slot);
    }

    /// <summary>A slot runs a trial at a time.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="at">Seconds: at that moment and right after it.</param>
    /// <param name="trial">Which; left out, any.</param>
    public void AssertBusy(int slot, double at, int? trial = null)
    {
        ThrowIfUnknown();
        var time = Seconds.Span(at);
        if (At(slot, time) is { Job: { } job } && (trial ?? job.Trial) == job.Trial)
            return;
        throw Failed($"Slot {slot} at {Text(at)} s:\n  expected: {(trial is { } one ? $"runs trial {one}" : "busy")}\n  actual:   {What(slot, time)}", time, slot);
    }

    private SlotSpan? At(int slot, TimeSpan time) => Spans.Where(span => span.Slot == slot && span.From <= time && time < span.To).Cast<SlotSpan?>().FirstOrDefault();

    private string What(int slot, TimeSpan time) => At(slot, time) switch
    {
        { Job: { } job } span => $"runs trial {job.Trial} to rung {job.Rung}, {Text(span.From)} to {Text(span.To)} s",
        { Idle: { } cause } span => $"idle, {cause.Name()}, {Text(span.From)} to {Text(span.To)} s",
        _ => time >= Seconds.Span(Now) ? $"not known: the run is at {Text(Now)} s" : "not there",
    };
}
