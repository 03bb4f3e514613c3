using Asha.Core.Experiments;
using Asha.Core.Randomness;
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

    /// <summary>SHA's bracket, or the only one.</summary>
    private sealed class Bracket(int rungs)
    {
        public List<(int Trial, double Metric)>[] Results { get; } = [.. Enumerable.Range(0, rungs).Select(_ => new List<(int, double)>())];

        public List<int>[] Promoted { get; } = [.. Enumerable.Range(0, rungs).Select(_ => new List<int>())];

        public List<(int Trial, int Rung)> Waiting { get; } = [];

        public HashSet<int> BarriersPassed { get; } = [];

        public int Places { get; init; }

        public int Sampled { get; set; }
    }

    private readonly List<Bracket> _brackets = [];
    private readonly List<int> _bracketOf = [];
    private readonly List<Job> _running = [];
    private readonly List<(int Trial, int Rung)> _retries = [];
    private readonly List<(int Trial, int Rung)> _ended = [];
    private readonly List<(TimeSpan Until, int Trial, int Rung)> _waits = [];
    private readonly SortedDictionary<int, Doing> _slots = [];
    private readonly Dictionary<(int Trial, int Rung), int> _failures = [];
    private readonly Dictionary<int, int> _attempts = [];
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

    public IEnumerable<int> Completed => Enumerable.Range(0, table.Rungs).Select(rung => _brackets.Sum(bracket => bracket.Results[rung].Count));

    public IEnumerable<int> Promoted => Enumerable.Range(0, table.Rungs).Select(rung => _brackets.Sum(bracket => bracket.Promoted[rung].Count));

    /// <summary>The best finite result of the highest rung that has one.</summary>
    public int? Best => Enumerable.Range(0, table.Rungs).Reverse().Select(rung => Ranked(_brackets.SelectMany(bracket => bracket.Results[rung])).Where(result => double.IsFinite(result.Metric)).Select(result => (int?)result.Trial).FirstOrDefault())
        .FirstOrDefault(trial => trial is not null);

    private bool Synchronous => table.Type == SchedulerType.Sha;

    private bool CannotResume => table.Type == SchedulerType.Stopping;

    private int Top => table.Rungs - 1;

    public NaiveWorld Run()
    {
        var changes = (nodes ?? table.Changes).ToList();
        Open();
        while (!Over && (_running.Count > 0 || changes.Count > 0 || _waits.Count > 0))
        {
            var job = _running.OrderBy(running => running.End).ThenBy(running => running.Order).FirstOrDefault();
            var change = changes.OrderBy(next => next.Time).ThenBy(next => next.Time == TimeSpan.Zero ? 0 : 1 + (int)next.Change).FirstOrDefault();
            var changeIsNext = change is not null && (job is null || (change.Time == TimeSpan.Zero ? _order == 0 : change.Time < job.End));
            var time = changeIsNext ? change!.Time : job?.End ?? TimeSpan.MaxValue;
            var wait = _waits.Count > 0 ? _waits.Min(waiting => waiting.Until) : TimeSpan.MaxValue;
            var waitIsNext = wait < time;
            time = waitIsNext ? wait : time;
            if (table.Horizon < time)
            {
                Pass(table.Horizon.Value);
                Over = true;
                break;
            }
            Pass(time);
            if (waitIsNext)
            {
                EndWaits();
            }
            else if (changeIsNext)
            {
                changes.Remove(change!);
                Change(change!);
            }
            else
            {
                End(job!);
            }
            Serve();
            if (!waitIsNext)
                Steps.Add((time, job?.Trial ?? -1, job?.Rung ?? -1, job?.Attempt ?? -1, changeIsNext ? change : null, Starts.Count));
            Over = _running.Count == 0 && _retries.Count == 0 && _waits.Count == 0 && _brackets.All(bracket => bracket.Waiting.Count == 0 && Promotable(bracket) is null && !MaySample(bracket)) && !MayOpen;
        }
        return this;
    }

    private void Open() => _brackets.Add(new Bracket(table.Rungs)
    {
        Places = Math.Min(table.Trials ?? int.MaxValue, (table.Total ?? int.MaxValue) - _bracketOf.Count),
    });

    private static bool MaySample(Bracket bracket) => bracket.Sampled < bracket.Places;

    private bool MayOpen => table.Repeat != BracketRepeat.None && (table.Total is null || _bracketOf.Count < table.Total)
        && (table.Repeat == BracketRepeat.Overlap || IsOver(_brackets[^1]));

    private bool IsOver(Bracket bracket) => !MaySample(bracket) && bracket.Waiting.Count == 0
        && !_running.Select(job => job.Trial).Concat(_retries.Concat(Waits).Select(job => job.Trial)).Any(trial => _brackets[_bracketOf[trial]] == bracket);

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
        if (_waits.Count > 0)
            return IdleCause.RetryBackOff;
        if (CannotResume)
            return IdleCause.NoWork;
        if (!Synchronous)
            return _running.Any(job => job.Rung < Top) ? IdleCause.NoPromotable : IdleCause.NoWork;
        return _brackets.Any(IsAtBarrier) ? IdleCause.RungBarrier : IdleCause.NoWork;
    }

    private bool IsAtBarrier(Bracket bracket)
    {
        var jobs = _running.Select(job => (job.Trial, job.Rung)).Concat(_retries).Concat(Waits).Where(job => _brackets[_bracketOf[job.Trial]] == bracket);
        var current = jobs.Select(job => job.Rung).DefaultIfEmpty(Top).Min();
        return current < Top && Size(bracket, current) / table.Factor >= 1;
    }

    /// <summary>SHA's n_k: the trials in rung k.</summary>
    private static int Size(Bracket bracket, int rung) => rung == 0 ? bracket.Places : bracket.Promoted[rung - 1].Count;

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
                _ended.Add((lost.Trial, lost.Rung));
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
            if (_failures[(job.Trial, job.Rung)] < Math.Min(table.MaxAttempts, table.ByFault?.Crash ?? int.MaxValue))
            {
                TryAgain(job);
                return;
            }
        }
        var bracket = _brackets[_bracketOf[job.Trial]];
        bracket.Results[job.Rung].Add((job.Trial, metric ?? double.NaN));
        if (CannotResume && job.Rung < Top && GoesOn(bracket.Results[job.Rung], job.Trial))
            GoOn(bracket, job);
    }

    private IEnumerable<(int Trial, int Rung)> Waits => _waits.Select(wait => (wait.Trial, wait.Rung));

    /// <summary>first · factor^(failures − 1), at most `most`, ± jitter.</summary>
    private void TryAgain(Job job)
    {
        _ended.Add((job.Trial, job.Rung));
        var wait = 0.0;
        if (table.BackOff is { } own)
        {
            wait = Math.Min(own.First.TotalSeconds * Math.Pow(own.Factor, _failures[(job.Trial, job.Rung)] - 1), own.Most.TotalSeconds);
            wait *= 1 + own.Jitter * (2 * KeyedRandom.Of(1).Stream("retry").Stream(job.Trial).Stream(job.Rung).Stream(job.Attempt).Unit() - 1);
        }
        if (wait > 0)
            _waits.Add((Now + TimeSpan.FromTicks((long)Math.Round(wait * TimeSpan.TicksPerSecond)), job.Trial, job.Rung));
        else
            _retries.Add((job.Trial, job.Rung));
    }

    /// <summary>Whoever has waited long enough stands where it would have stood without waiting: in the order in which attempts ended.</summary>
    private void EndWaits()
    {
        foreach (var over in _waits.Where(wait => wait.Until <= Now).ToList())
        {
            _waits.Remove(over);
            _retries.Add((over.Trial, over.Rung));
        }
        var ordered = _retries.OrderBy(job => _ended.LastIndexOf(job)).ToList();
        _retries.Clear();
        _retries.AddRange(ordered);
    }

    /// <summary>In the same slot, if it is still there.</summary>
    private void GoOn(Bracket bracket, Job job)
    {
        var next = Promote(bracket, job.Trial, job.Rung);
        if (Now != table.Horizon)
            Start(next, job.Slot);
    }

    private bool GoesOn(List<(int Trial, double Metric)> results, int trial)
        => Ranked(results).Take(Math.Max(1, results.Count / table.Factor)).Any(best => best.Trial == trial && double.IsFinite(best.Metric));

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
            else if (_brackets.Find(HasJob) is { } bracket)
                Start(NextJob(bracket), idle[0]);
            else if (MayOpen)
                Open();
            else
                return;
        }
    }

    private bool HasJob(Bracket bracket) => bracket.Waiting.Count > 0 || Promotable(bracket) is not null || MaySample(bracket);

    private (int Trial, int Rung) NextJob(Bracket bracket)
    {
        if (bracket.Waiting.Count > 0)
            return Take(bracket.Waiting);
        if (Promotable(bracket) is { } next)
            return Promote(bracket, next.Trial, next.Rung);
        _bracketOf.Add(_brackets.IndexOf(bracket));
        bracket.Sampled++;
        return (_bracketOf.Count - 1, 0);
    }

    private void PassBarriers()
    {
        foreach (var bracket in _brackets)
        {
            for (var rung = 0; rung < Top; rung++)
            {
                var size = Size(bracket, rung);
                if (bracket.Results[rung].Count != size || size == 0 || !bracket.BarriersPassed.Add(rung))
                    continue;
                foreach (var (trial, metric) in Ranked(bracket.Results[rung]).Take(size / table.Factor).Where(result => double.IsFinite(result.Metric)))
                    bracket.Waiting.Add(Promote(bracket, trial, rung));
            }
        }
    }

    private (int Trial, int Rung)? Promotable(Bracket bracket)
    {
        for (var rung = Top - 1; rung >= 0 && table.Type == SchedulerType.Asha; rung--)
        {
            foreach (var (trial, metric) in Ranked(bracket.Results[rung]).Take(bracket.Results[rung].Count / table.Factor))
            {
                if (double.IsFinite(metric) && !bracket.Promoted[rung].Contains(trial))
                    return (trial, rung);
            }
        }
        return null;
    }

    private (int Trial, int Rung) Promote(Bracket bracket, int trial, int rung)
    {
        bracket.Promoted[rung].Add(trial);
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
