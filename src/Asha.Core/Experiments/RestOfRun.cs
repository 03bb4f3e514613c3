namespace Asha.Core.Experiments;

/// <summary>
/// The rest of a run, played with counts alone. SHA fills and empties its rungs as it will. Of ASHA's later results every η-th is taken to be promoted, whatever was promoted before: a rung that
/// has promoted more than ⌊m/η⌋ keeps that lead on average.
/// </summary>
internal sealed class RestOfRun
{
    private readonly double[] _seconds;
    private readonly int[] _waiting, _completed, _places, _credit;
    private readonly PriorityQueue<int, double> _running = new();
    private readonly bool _sha;
    private readonly int _reduction, _slots, _sampleLimit, _resultLimit, _detail;
    private int _idle, _sampled;
    private double _now, _skipped;

    /// <param name="expected">The slot-time of a job of each rung.</param>
    public RestOfRun(ExperimentState state, IReadOnlyList<TimeSpan> expected, TimeSpan now)
    {
        _seconds = [.. expected.Select(duration => duration.TotalSeconds)];
        _sha = state.Spec.Scheduler.Type == SchedulerType.Sha;
        _reduction = state.Spec.Scheduler.ReductionFactor;
        _slots = state.Slots.Present - state.Slots.Count(SlotPhase.Lost);
        _sampleLimit = state.TrialLimit ?? int.MaxValue;
        _resultLimit = state.Spec.Stop.Trials ?? int.MaxValue;
        _detail = 1000 + 4 * _slots;
        _sampled = state.Trials.Count;
        _waiting = [.. state.Rungs.Select(rung => rung.Underway - rung.Running)];
        _completed = [.. state.Rungs.Select(rung => rung.Completed)];
        _places = [.. state.Rungs.Select(rung => rung.Rung == 0 ? _sampleLimit : state.Rungs[rung.Rung - 1].Promoted)];
        _credit = [.. state.Rungs.Select(rung => IsTop(rung.Rung) ? 0 : Math.Max(0, rung.Completed - rung.Promoted * _reduction))];
        foreach (var trial in state.Running)
            _running.Enqueue(trial.Rung, Math.Max(0, _seconds[trial.Rung] - (now - trial.Since).TotalSeconds));
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
        _credit[rung]++;
        if (_sha && _completed[rung] == _places[rung])
            FillRung(rung + 1, _places[rung] / _reduction);
        return false;
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
            _running.Enqueue(rung, _now + _seconds[rung]);
    }

    private int? Next()
    {
        var waits = Array.FindLastIndex(_waiting, count => count > 0);
        if (waits >= 0)
        {
            _waiting[waits]--;
            return waits;
        }
        var promotes = _sha ? -1 : Array.FindLastIndex(_credit, credit => credit >= _reduction);
        if (promotes >= 0)
        {
            _credit[promotes] -= _reduction;
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
