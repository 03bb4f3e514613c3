using Asha.Core.Experiments;
using Asha.Core.Scheduling;

namespace Asha.Core.Stories;

/// <summary>
/// The results of one bracket, ranked once more from its events by the class that the experiment's own rungs are of (those are in their actors): the newest bracket, until it is told to keep to this one. It decides nothing.
/// </summary>
public sealed class BracketRanks
{
    private readonly List<int> _released = [];
    private Rung[] _rungs = [];
    private int _bracket;
    private bool _isKept;

    /// <summary>Trials sampled from now on belong to later brackets, which are not looked at.</summary>
    public void Keep() => _isKept = true;

    /// <summary>
    /// Looks at the state after the next event. Where that is a result of the bracket: its rung, and the trials that the rung can never promote any more, seldom more than one; the list is used again. O(log n).
    /// </summary>
    public (int Rung, IReadOnlyList<int> Released)? Advance(ExperimentState after, ExperimentEvent happened)
    {
        switch (happened)
        {
            case ExperimentStarted or BracketOpened when !_isKept:
                var scheduler = after.Spec.Scheduler;
                var rungs = after.Brackets[^1].Rungs.Count;
                (_bracket, _rungs) = (after.Brackets.Count - 1, [.. Enumerable.Range(0, rungs).Select(rung => new Rung(Rung.RuleOf(scheduler, rung, rungs), scheduler.ReductionFactor))]);
                return null;
            case JobCompleted done when done.Bracket == _bracket:
                return Insert(after, done.Rung, done.Trial, after.Spec.Metric.Turned(done.Metric));
            case AttemptFailed { Last: true } failed when failed.Bracket == _bracket:
                return Insert(after, failed.Rung, failed.Trial, double.NaN);
            default:
                return null;
        }
    }

    /// <summary>Where a result of the bracket stands now. O(log n).</summary>
    /// <param name="state">The state that was looked at last.</param>
    /// <param name="rung">From 0.</param>
    /// <param name="trial">A trial that has a result there.</param>
    /// <param name="metric">That result, as reported; NaN where the trial failed.</param>
    public RungMoment Of(ExperimentState state, int rung, int trial, double metric)
    {
        var place = _rungs[rung].PlaceOf(trial, state.Spec.Metric.Turned(metric), state.Population(_bracket, rung));
        return new RungMoment(state.Time, place.Rank, place.Results, place.Candidates, place.CutOff is { } cutOff ? state.Spec.Metric.Turned(cutOff) : null);
    }

    private (int, IReadOnlyList<int>) Insert(ExperimentState after, int rung, int trial, double metric)
    {
        _released.Clear();
        _rungs[rung].Insert(trial, metric, after.Population(_bracket, rung), _released);
        return (rung, _released);
    }
}
