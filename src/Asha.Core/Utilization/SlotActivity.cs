using Asha.Core.Experiments;

namespace Asha.Core.Utilization;

/// <summary>What a slot's time goes to: training up to a level, or idleness by a cause; one of the two is <c>null</c>.</summary>
public readonly record struct SlotUse(double? Level, IdleCause? Idle);

/// <summary>
/// How much slot-time went to what, in bins of equal width, from the events alone: for pictures of any number of slots. Give it each event together with the state as it was <em>before</em> it. The bins begin narrow, and are merged two by two
/// whenever time outgrows them, so that it takes O(1) an event and the same memory however long a run is. The sums over all bins are those of <see cref="UtilizationTally"/>, exactly.
/// </summary>
public sealed class SlotActivity
{
    /// <summary>How many bins there are at most; at least half of them are in use, but for a run of no length.</summary>
    public const int MostBins = 2048;

    private readonly List<(SlotUse Use, long[] Ticks)> _rows = [];
    private readonly Dictionary<SlotUse, int> _rowOf = [];
    private readonly Dictionary<int, int> _running = [];
    private readonly List<int> _slots = [];
    private long _width = 1;
    private long _until;

    /// <summary>The width of a bin.</summary>
    public TimeSpan Width => TimeSpan.FromTicks(_width);

    /// <summary>How many bins hold anything.</summary>
    public int Bins => (int)((_until + _width - 1) / _width);

    /// <summary>What slots' time went to, in the order of its first occurrence.</summary>
    public IEnumerable<SlotUse> Uses => _rows.Select(row => row.Use);

    /// <summary>The slot-time in a bin; zero where there was none.</summary>
    public TimeSpan Of(SlotUse use, int bin) => _rowOf.TryGetValue(use, out var row) ? TimeSpan.FromTicks(_rows[row].Ticks[bin]) : TimeSpan.Zero;

    /// <summary>Takes the next event.</summary>
    public void Advance(ExperimentState before, ExperimentEvent next)
    {
        Pass(before, next.Time.Ticks);
        switch (next)
        {
            case JobStarted started: Run(started.Slot, started.Target); break;
            case AttemptRegained back: Run(back.Slot, before.Trials[back.Trial].Target); break;
            case ReportAwaited over: Free(over.Slot); break;
            case JobCompleted done: Free(done.Slot); break;
            case AttemptFailed failed: Free(failed.Slot); break;
            case AttemptLost lost: Free(lost.Slot); break;
            case JobCut cut: Free(cut.Slot); break;
            case SlotLost lost: Free(lost.Slot); break;
            case SlotLeft left: Free(left.Slot); break;
        }
    }

    private void Run(int slot, double target)
    {
        var row = Row(new SlotUse(target, null));
        _running[slot] = row;
        _slots[row]++;
    }

    private void Free(int slot)
    {
        if (_running.Remove(slot, out var row))
            _slots[row]--;
    }

    private void Pass(ExperimentState before, long now)
    {
        if (now <= _until)
            return;
        while (now > _width * MostBins)
            Widen();
        for (var row = 0; row < _rows.Count; row++)
            Add(row, _slots[row], now);
        Span<int> idle = stackalloc int[IdleCauses.Count];
        IdleCauses.CountSlots(before, idle);
        for (var cause = 0; cause < idle.Length; cause++)
        {
            if (idle[cause] > 0)
                Add(Row(new SlotUse(null, (IdleCause)cause)), idle[cause], now);
        }
        _until = now;
    }

    private void Add(int row, int slots, long now)
    {
        if (slots == 0)
            return;
        var ticks = _rows[row].Ticks;
        for (var (bin, from) = (_until / _width, _until); from < now; bin++)
        {
            var to = Math.Min(now, (bin + 1) * _width);
            ticks[bin] += slots * (to - from);
            from = to;
        }
    }

    private void Widen()
    {
        _width *= 2;
        foreach (var (_, ticks) in _rows)
        {
            for (var bin = 0; bin < MostBins / 2; bin++)
                ticks[bin] = ticks[2 * bin] + ticks[2 * bin + 1];
            Array.Clear(ticks, MostBins / 2, MostBins / 2);
        }
    }

    private int Row(SlotUse use)
    {
        if (_rowOf.TryGetValue(use, out var row))
            return row;
        _rows.Add((use, new long[MostBins]));
        _slots.Add(0);
        return _rowOf[use] = _rows.Count - 1;
    }
}
