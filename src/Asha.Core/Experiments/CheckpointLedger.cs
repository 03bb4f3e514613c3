using Asha.Core.Scheduling;

namespace Asha.Core.Experiments;

/// <summary>
/// What the checkpoints of trials that do not run take on the disk, and which of them goes first where that is more than the budget: folded from the events, so that a run that is resumed or decided again knows the same.
/// It counts what is kept: a rung's word that it can never promote a trial any more is asked for once more of the class that the experiment's own rungs are of. O(log n) an event.
/// </summary>
/// <param name="budget">Bytes.</param>
public sealed class CheckpointLedger(long budget)
{
    private readonly record struct Held(int Rung, double Metric, long Bytes);

    private readonly Dictionary<int, Held> _held = [];

    /// <summary>By rung, those that may go, best first.</summary>
    private readonly List<SortedSet<(double Metric, int Trial)>> _order = [];

    /// <summary>By bracket.</summary>
    private readonly List<Rung[]> _rungs = [];
    private readonly List<int> _released = [];
    private int _firstOpen;

    /// <summary>Bytes that may be used.</summary>
    public long Budget => budget;

    /// <summary>Bytes in use.</summary>
    public long Used { get; private set; }

    /// <summary>
    /// Where the budget is exceeded, the worst result of the rung in which most checkpoints are kept, of equal ones the lowest; <c>null</c>: it is not exceeded, or nothing may go. The best trial's stays whatever it takes;
    /// trials that run or wait for a slot are not in question.
    /// </summary>
    /// <remarks>
    /// Whom a rung promotes next is its best open trial, so what counts is a trial's place in its rung. A rung promotes η times as often as the next higher one, and what starts again there costs 1/η as much: places in all
    /// rungs are worth the same (docs/decisions/018-checkpoints.md).
    /// </remarks>
    public (int Trial, int Rung, long Bytes)? Surplus(ExperimentState state)
    {
        if (Used <= budget)
            return null;
        var (most, from) = (0, -1);
        for (var rung = 0; rung < _order.Count; rung++)
        {
            var count = _order[rung].Count - (state.Best is { } best && _held.TryGetValue(best.Trial, out var own) && own.Rung == rung ? 1 : 0);
            if (count > most)
                (most, from) = (count, rung);
        }
        if (from < 0)
            return null;
        var worst = _order[from].Reverse().First(kept => kept.Trial != state.Best?.Trial).Trial;
        return (worst, from, _held[worst].Bytes);
    }

    /// <summary>Looks at the state after the next event.</summary>
    internal void Apply(ExperimentState state, ExperimentEvent happened)
    {
        switch (happened)
        {
            case ExperimentStarted or BracketOpened:
                Open(state);
                break;
            case JobCompleted done:
                Rank(state, state.Trials[done.Trial], done.Rung, state.Spec.Metric.Turned(done.Metric));
                break;
            case AttemptFailed { Last: true } failed:
                Rank(state, state.Trials[failed.Trial], failed.Rung, double.NaN);
                break;
            case TrialPromoted promoted:
                Remove(promoted.Trial);
                break;
            case CheckpointDropped dropped:
                Remove(dropped.Trial);
                break;
        }
    }

    private void Open(ExperimentState state)
    {
        var (scheduler, count) = (state.Spec.Scheduler, state.Brackets[^1].Rungs.Count);
        _rungs.Add([.. Enumerable.Range(0, count).Select(rung => new Rung(Rung.RuleOf(scheduler, rung, count), scheduler.ReductionFactor))]);
        while (_order.Count < count)
            _order.Add([]);
        foreach (var unneeded in state.UnneededFrom(_firstOpen))
            Remove(unneeded);
        for (; _firstOpen < state.FirstOpen; _firstOpen++)
            _rungs[_firstOpen] = [];
    }

    private void Rank(ExperimentState state, TrialState trial, int rung, double metric)
    {
        _released.Clear();
        _rungs[trial.Bracket][rung].Insert(trial.Trial, metric, state.Population(trial.Bracket, rung), _released);
        if ((trial.ResultCheckpoint ?? trial.Checkpoint) is { Bytes: { } bytes })
            Add(trial.Trial, new Held(rung, double.IsFinite(metric) ? metric : double.PositiveInfinity, bytes));
        foreach (var released in _released)
        {
            // Nobody tells these rungs of promotions: a trial that is in a higher one by now is that one's.
            if (released != state.Best?.Trial && _held.TryGetValue(released, out var own) && own.Rung == rung)
                Remove(released);
        }
        foreach (var unneeded in state.UnneededAfter(trial))
            Remove(unneeded);
    }

    private void Add(int trial, Held held)
    {
        _held.Add(trial, held);
        _order[held.Rung].Add((held.Metric, trial));
        Used += held.Bytes;
    }

    private void Remove(int trial)
    {
        if (!_held.Remove(trial, out var held))
            return;
        _order[held.Rung].Remove((held.Metric, trial));
        Used -= held.Bytes;
    }
}
