namespace Asha.Core.Experiments;

/// <summary>
/// The rest of a run, played with counts alone. SHA fills and empties its rungs as it will. ASHA promotes more than m/η of m results, since one that was among the best of its time need not be in
/// the end: by about √(m·1/η·(1 − 1/η)) with results that come in no order (simulated, 16 to 4,096 results, η 2 to 8: 0.4 to 1.2 times that).
/// </summary>
internal sealed class RestOfRun
{
    private readonly double[] _seconds, _credit;
    private readonly int[] _waiting, _completed, _places;
    private readonly PriorityQueue<int, double> _running = new();
    private readonly bool _sha;
    private readonly int _reduction, _slots, _sampleLimit, _resultLimit, _detail;
    private readonly double _halfRange;
    private int _idle, _sampled, _drawn;
    private double _now, _skipped;

    /// <param name="expected">The slot-time of a job of each rung.</param>
    /// <param name="spread">The standard deviation of these times, beside their mean.</param>
    public RestOfRun(ExperimentState state, IReadOnlyList<TimeSpan> expected, double spread, TimeSpan now)
    {
        _halfRange = Math.Min(0.95, Math.Sqrt(3) * spread); // Of a uniform distribution.
        _seconds = [.. expected.Select(duration => duration.TotalSeconds)];
        _sha = state.Spec.Scheduler.Type == SchedulerType.Sha;
        _reduction = state.Spec.Scheduler.ReductionFactor;
        _slots = state.Slots.Present - state.Slots.Count(SlotPhase.Lost);
        _sampleLimit = state.TrialLimit ?? int.MaxValue;
        _resultLimit = state.Spec.Stop.Trials ?? int.MaxValue;
        _detail = 500 + 2 * _slots;
        _sampled = state.Trials.Count;
        _waiting = [.. state.Rungs.Select(rung => rung.Underway - rung.Running)];
        _completed = [.. state.Rungs.Select(rung => rung.Completed)];
        _places = [.. state.Rungs.Select(rung => rung.Rung == 0 ? _sampleLimit : state.Rungs[rung.Rung - 1].Promoted)];
        _credit = [.. state.Rungs.Select(rung => IsTop(rung.Rung) ? 0 : Math.Max(0, rung.Completed / _reduction - rung.Promoted) + rung.Completed % _reduction / (double)_reduction)];
        foreach (var trial in state.Running)
            _running.Enqueue(trial.Rung, Draw(trial.Rung, (now - trial.Since).TotalSeconds));
        _idle = _slots - _running.Count;
    }

    /// <summary>The time to the end.</summary>
    public TimeSpan Play()
    {
        SkipSamples();
        Serve();
        for (var over = false; !over && _running.TryDequeue(out var rung, out var when);)
        {
            _now = when;
            over = Finish(rung);
            if (!over)
                Serve();
        }
        return TimeSpan.FromSeconds(Math.Min(_now + _skipped, 1e9));
    }

    /// <summary>One job ends; whether that is the end of all.</summary>
    private bool Finish(int rung)
    {
        _idle++;
        _completed[rung]++;
        if (_completed[0] >= _resultLimit)
            return true;
        if (IsTop(rung))
            return false;
        _credit[rung] += 1.0 / _reduction + Math.Sqrt((_reduction - 1.0) / _reduction / _reduction) * (Math.Sqrt(_completed[rung]) - Math.Sqrt(_completed[rung] - 1));
        if (_sha && _completed[rung] == _places[rung])
            FillRung(rung + 1, _places[rung] / _reduction);
        return false;
    }

    /// <summary>How much longer a job lasts that has lasted so long: drawn evenly from what is still possible, the same way each time.</summary>
    private double Draw(int rung, double elapsed)
    {
        const double golden = 0.6180339887498949;
        var least = Math.Max(elapsed, _seconds[rung] * (1 - _halfRange));
        return Math.Max(0, least + ++_drawn * golden % 1 * (_seconds[rung] * (1 + _halfRange) - least) - elapsed);
    }

    private bool IsTop(int rung) => rung == _seconds.Length - 1;

    private void FillRung(int rung, int trials)
    {
        var skipped = Math.Max(0, trials - _detail);
        (_places[rung], _waiting[rung], _completed[rung]) = (trials, trials - skipped, skipped);
        _skipped += skipped * _seconds[rung] / _slots;
    }

    private void Serve()
    {
        for (; _idle > 0 && Next() is { } rung; _idle--)
            _running.Enqueue(rung, _now + Draw(rung, 0));
    }

    private int? Next()
    {
        var waits = Array.FindLastIndex(_waiting, count => count > 0);
        if (waits >= 0)
        {
            _waiting[waits]--;
            return waits;
        }
        var promotes = _sha ? -1 : Array.FindLastIndex(_credit, credit => credit > 1 - 1e-9);
        if (promotes >= 0)
        {
            _credit[promotes]--;
            return promotes + 1;
        }
        if (_sampled >= _sampleLimit)
            return null;
        _sampled++;
        return 0;
    }

    /// <summary>Of very many samples that are to come, all but the last ones are counted and not played: they keep every slot busy.</summary>
    private void SkipSamples()
    {
        var skipped = Math.Max(0, Math.Min(_sampleLimit - _sampled, _resultLimit - _completed[0]) - _detail);
        var share = 1.0;
        for (var rung = 0; rung < (_sha ? 1 : _seconds.Length); rung++, share /= _reduction)
            _skipped += skipped * share * _seconds[rung] / _slots;
        _sampled += skipped;
        _completed[0] += skipped;
    }
}
