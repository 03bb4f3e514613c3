using Asha.Core.Experiments;
using Asha.Core.Utilization;

namespace Asha.Torture.Invariants;

/// <summary>Busy and idle time add up to the time for which slots were there, exactly: what the timelines and the tally say is what counting slots between events says.</summary>
public sealed class SlotTimeAddsUp : Invariant
{
    private readonly Dictionary<int, TimeSpan> _since = [];
    private readonly Dictionary<int, (TimeSpan Since, int Trial)> _busy = [];
    private readonly Dictionary<int, (TimeSpan Present, TimeSpan Busy)> _sums = [];

    public override string Name => "busy and idle add up to slot-time";

    public override void Committed(TimeSpan now, IReadOnlyList<ExperimentEvent> events)
    {
        foreach (var happened in events)
        {
            switch (happened)
            {
                case SlotJoined joined: _since[joined.Slot] = joined.Time; break;
                case SlotLeft left: Leave(left.Slot, left.Time); break;
                case JobStarted started: _busy[started.Slot] = (started.Time, started.Trial); break;
                case AttemptRegained regained: _busy[regained.Slot] = (regained.Time, regained.Trial); break;
                case ReportAwaited over: Rest(over.Slot, over.Time); break;
                case JobCompleted done: Rest(done.Slot, done.Time); break;
                case AttemptFailed failed: Rest(failed.Slot, failed.Time); break;
                case AttemptLost lost: Rest(lost.Slot, lost.Time); break;
                case JobCut cut: Rest(cut.Slot, cut.Time); break;
            }
        }
    }

    public override void Changed(TimeSpan now, IReadOnlyList<ExperimentEvent> durable, ExperimentState live) => Look(durable);

    public override void Ended(TimeSpan now, IReadOnlyList<ExperimentEvent> durable, ExperimentState live) => Look(durable);

    private void Leave(int slot, TimeSpan now)
    {
        Rest(slot, now);
        if (_since.Remove(slot, out var since))
            Add(slot, now - since, TimeSpan.Zero);
    }

    private void Rest(int slot, TimeSpan now)
    {
        if (_busy.Remove(slot, out var busy))
            Add(slot, TimeSpan.Zero, now - busy.Since);
    }

    private void Add(int slot, TimeSpan present, TimeSpan busy)
    {
        var sum = _sums.GetValueOrDefault(slot);
        _sums[slot] = (sum.Present + present, sum.Busy + busy);
    }

    private void Look(IReadOnlyList<ExperimentEvent> durable)
    {
        if (durable.Count == 0)
            return;
        var record = new RunRecord { Timelines = new SlotTimelines() };
        foreach (var happened in durable)
            record.Apply(happened);
        var now = record.State.Time;
        var expected = new Dictionary<int, (TimeSpan Present, TimeSpan Busy)>(_sums);
        foreach (var (slot, since) in _since)
            expected[slot] = (expected.GetValueOrDefault(slot).Present + (now - since), expected.GetValueOrDefault(slot).Busy + (_busy.TryGetValue(slot, out var busy) ? now - busy.Since : TimeSpan.Zero));
        foreach (var lane in record.Timelines.Until(record.State, now).GroupBy(span => span.Slot))
        {
            var (until, sums) = (TimeSpan.MinValue, (Present: TimeSpan.Zero, Busy: TimeSpan.Zero));
            foreach (var span in lane.OrderBy(span => span.From))
            {
                Judge(span.From >= until && span.To > span.From && span.Job is null != span.Idle is null, $"slot {span.Slot}: {span} after {until}", slot: span.Slot);
                (until, sums) = (span.To, (sums.Present + (span.To - span.From), sums.Busy + (span.Job is null ? TimeSpan.Zero : span.To - span.From)));
            }
            expected.Remove(lane.Key, out var counted);
            Judge(counted == sums, $"slot {lane.Key} was there and busy for {counted}; its timeline says {sums}", slot: lane.Key);
        }
        Judge(expected.Values.All(left => left == default), $"slots {string.Join(' ', expected.Keys)} have no timeline", slot: expected.Where(left => left.Value != default).Select(left => (int?)left.Key).FirstOrDefault());
        var (present, worked, tally) = (Sum(one => one.Present), Sum(one => one.Busy), record.Utilization);
        var idle = TimeSpan.FromTicks(Enum.GetValues<IdleCause>().Sum(cause => tally.Idle(cause).Ticks));
        Judge((tally.Present, tally.Busy) == (present, worked) && tally.Busy + idle == tally.Present, $"slots were there for {present} and busy for {worked}; the tally says {tally.Present}, {tally.Busy} and idle {idle}");

        TimeSpan Sum(Func<(TimeSpan Present, TimeSpan Busy), TimeSpan> of) => TimeSpan.FromTicks(
            _sums.Values.Sum(one => of(one).Ticks) + _since.Sum(slot => of((now - slot.Value, _busy.TryGetValue(slot.Key, out var busy) ? now - busy.Since : TimeSpan.Zero)).Ticks));
    }
}
