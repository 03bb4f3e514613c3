using Asha.Core.Experiments;
using Asha.Core.Utilization;

namespace Asha.Core.Tests;

/// <summary>
/// SHA and ASHA over a table, written once more from docs/semantics.md alone: lists, sorts, and no thought of speed. It shares nothing with the core but the
/// names of the causes, so that where both agree, both follow the rules.
/// </summary>
internal sealed class NaiveWorld(RandomTable table, IReadOnlyList<SlotChange>? nodes = null)
{
    private sealed record Job(TimeSpan End, int Order, int Trial, int Rung, int Attempt, int Slot);

    private enum Doing { Nothing, Working, Gone }

    private readonly List<(int Trial, double Metric)>[] _results = [.. Enumerable.Range(0, table.Rungs).Select(_ => new List<(int, double)>())];
    private readonly List<int>[] _promoted = [.. Enumerable.Range(0, table.Rungs).Select(_ => new List<int>())];
    private readonly List<Job> _running = [];
    private readonly List<(int Trial, int Rung)> _retries = [];
    private readonly List<(int Trial, int Rung)> _waiting = [];
    private readonly SortedDictionary<int, Doing> _slots = [];
    private readonly Dictionary<(int Trial, int Rung), int> _failures = [];
    private readonly Dictionary<int, int> _attempts = [];
    private readonly HashSet<int> _barriersPassed = [];
    private int _sampled;
    private int _order;

    public TimeSpan Now { get; private set; }

    public bool Over { get; private set; }

    public TimeSpan Busy { get; private set; }

    public Dictionary<IdleCause, TimeSpan> Idle { get; } = Enum.GetValues<IdleCause>().ToDictionary(cause => cause, _ => TimeSpan.Zero);

    public List<string> Starts { get; } = [];

    /// <summary>What happened to the world, one after the other: an attempt's end or a node's change, and how many starts there were after it.</summary>
    public List<(TimeSpan Time, int Trial, int Rung, int Attempt, SlotChange? Change, int Starts)> Steps { get; } = [];

    public List<string> Promotions { get; } = [];

    public int[] Started { get; } = new int[table.Rungs];

    public IEnumerable<int> Completed => _results.Select(rung => rung.Count);

    public IEnumerable<int> Promoted => _promoted.Select(rung => rung.Count);

    /// <summary>The best finite result of the highest rung that has one.</summary>
    public int? Best => _results.Reverse().Select(rung => Ranked(rung).Where(result => double.IsFinite(result.Metric)).Select(result => (int?)result.Trial).FirstOrDefault())
        .FirstOrDefault(trial => trial is not null);

    private bool Synchronous => table.Type == SchedulerType.Sha;

    private int Top => table.Rungs - 1;

    public NaiveWorld Run()
    {
        var changes = (nodes ?? table.Changes).ToList();
        while (!Over && (_running.Count > 0 || changes.Count > 0))
        {
            var job = _running.OrderBy(running => running.End).ThenBy(running => running.Order).FirstOrDefault();
            var change = changes.OrderBy(next => next.Time).ThenBy(next => next.Time == TimeSpan.Zero ? 0 : 1 + (int)next.Change).FirstOrDefault();
            var changeIsNext = job is null || (change is not null && (change.Time == TimeSpan.Zero ? _order == 0 : change.Time < job.End));
            var time = changeIsNext ? change!.Time : job!.End;
            if (table.Horizon < time)
            {
                Pass(table.Horizon.Value);
                Over = true;
                break;
            }
            Pass(time);
            if (changeIsNext)
            {
                changes.Remove(change!);
                Change(change!);
            }
            else
            {
                End(job!);
            }
            Serve();
            Steps.Add((time, job?.Trial ?? -1, job?.Rung ?? -1, job?.Attempt ?? -1, changeIsNext ? change : null, Starts.Count));
            Over = _running.Count == 0 && _retries.Count == 0 && _waiting.Count == 0 && Promotable() is null && !MaySample;
        }
        return this;
    }

    private bool MaySample => table.Trials is null || _sampled < table.Trials;

    private void Pass(TimeSpan until)
    {
        foreach (var doing in _slots.Values)
        {
            if (doing == Doing.Working)
                Busy += until - Now;
            else
                Idle[doing == Doing.Gone ? IdleCause.NodeLost : Cause()] += until - Now;
        }
        Now = until;
    }

    private IdleCause Cause()
    {
        if (!Synchronous)
            return _running.Any(job => job.Rung < Top) ? IdleCause.NoPromotable : IdleCause.NoWork;
        var current = _running.Select(job => job.Rung).Concat(_retries.Select(job => job.Rung)).DefaultIfEmpty(Top).Min();
        return current < Top && Size(current) / table.Factor >= 1 ? IdleCause.RungBarrier : IdleCause.NoWork;
    }

    /// <summary>SHA's n_k: the trials in rung k.</summary>
    private int Size(int rung) => rung == 0 ? table.Trials!.Value : _promoted[rung - 1].Count;

    private void Change(SlotChange change)
    {
        foreach (var slot in change.Slots)
        {
            if (change.Change == NodeChange.Remove)
            {
                _slots.Remove(slot);
                continue;
            }
            if (_running.Find(job => job.Slot == slot) is { } lost)
            {
                _running.Remove(lost);
                _retries.Add((lost.Trial, lost.Rung));
            }
            _slots[slot] = change.Change == NodeChange.Join ? Doing.Nothing : Doing.Gone;
        }
    }

    private void End(Job job)
    {
        _running.Remove(job);
        _slots[job.Slot] = Doing.Nothing;
        var metric = table.AttemptOf(job.Trial, job.Rung, job.Attempt).Metric;
        if (metric is null)
        {
            _failures[(job.Trial, job.Rung)] = _failures.GetValueOrDefault((job.Trial, job.Rung)) + 1;
            if (_failures[(job.Trial, job.Rung)] < table.MaxAttempts)
            {
                _retries.Add((job.Trial, job.Rung));
                return;
            }
        }
        _results[job.Rung].Add((job.Trial, metric ?? double.NaN));
    }

    private void Serve()
    {
        while (true)
        {
            if (Synchronous)
                PassBarriers();
            var idle = _slots.Where(slot => slot.Value == Doing.Nothing).Select(slot => slot.Key).ToList();
            if (idle.Count == 0 || Now == table.Horizon)
                return;
            if (_retries.Count > 0)
                Start(Take(_retries), idle[0]);
            else if (_waiting.Count > 0)
                Start(Take(_waiting), idle[0]);
            else if (Promotable() is { } next)
                Start(Promote(next.Trial, next.Rung), idle[0]);
            else if (MaySample)
                Start((_sampled++, 0), idle[0]);
            else
                return;
        }
    }

    private void PassBarriers()
    {
        for (var rung = 0; rung < Top; rung++)
        {
            if (_results[rung].Count == Size(rung) && Size(rung) > 0 && _barriersPassed.Add(rung))
            {
                foreach (var (trial, metric) in Ranked(_results[rung]).Take(Size(rung) / table.Factor).Where(result => double.IsFinite(result.Metric)))
                    _waiting.Add(Promote(trial, rung));
            }
        }
    }

    private (int Trial, int Rung)? Promotable()
    {
        for (var rung = Top - 1; rung >= 0 && !Synchronous; rung--)
        {
            foreach (var (trial, metric) in Ranked(_results[rung]).Take(_results[rung].Count / table.Factor))
            {
                if (double.IsFinite(metric) && !_promoted[rung].Contains(trial))
                    return (trial, rung);
            }
        }
        return null;
    }

    private (int Trial, int Rung) Promote(int trial, int rung)
    {
        _promoted[rung].Add(trial);
        Promotions.Add($"{Now} {trial}: {rung}");
        return (trial, rung + 1);
    }

    private void Start((int Trial, int Rung) job, int slot)
    {
        var attempt = _attempts[job.Trial] = _attempts.GetValueOrDefault(job.Trial) + 1;
        if (!Starts.Any(start => start.Contains($" {job.Trial}@{job.Rung} ")))
            Started[job.Rung]++;
        Starts.Add($"{Now} {job.Trial}@{job.Rung} attempt {attempt} on {slot}");
        _slots[slot] = Doing.Working;
        _running.Add(new Job(Now + table.AttemptOf(job.Trial, job.Rung, attempt).Length, ++_order, job.Trial, job.Rung, attempt, slot));
    }

    private IEnumerable<(int Trial, double Metric)> Ranked(IEnumerable<(int Trial, double Metric)> results)
        => results.OrderBy(result => !double.IsFinite(result.Metric))
            .ThenBy(result => !double.IsFinite(result.Metric) ? 0 : table.Mode == MetricMode.Min ? result.Metric + 0.0 : 0.0 - result.Metric)
            .ThenBy(result => result.Trial);

    private static (int Trial, int Rung) Take(List<(int Trial, int Rung)> jobs)
    {
        var first = jobs[0];
        jobs.RemoveAt(0);
        return first;
    }
}
