using Asha.Core.Scheduling;

namespace Asha.Core.Experiments;

/// <summary>
/// What a result must be now to be among the best ⌊m/η⌋ of its rung in the newest bracket, for people who watch: it decides nothing. The experiment's own rungs are in their actors; this ranks the results a second time,
/// from the events, with the same class.
/// </summary>
public sealed class RungStandings
{
    private Rung[] _rungs = [];

    /// <summary>The metric of the last of the best ⌊m/η⌋ of the m results so far, as reported; <c>null</c> where ⌊m/η⌋ is 0, in the top rung, or where that result is not finite.</summary>
    public double? CutOff(ExperimentState state, int rung)
        => rung < _rungs.Length - 1 && _rungs[rung].CutOff is { } cutOff ? state.Spec.Metric.Turned(cutOff) : null;

    /// <summary>Looks at the state after the next event. O(log n).</summary>
    public void Advance(ExperimentState after, ExperimentEvent happened)
    {
        switch (happened)
        {
            case ExperimentStarted or BracketOpened:
                var rule = after.Spec.Scheduler.Type == SchedulerType.Stopping ? RungRule.Stopping : RungRule.Asynchronous;
                _rungs = [.. after.Brackets[^1].Rungs.Select(_ => new Rung(rule, after.Spec.Scheduler.ReductionFactor))];
                break;
            case JobCompleted done when done.Bracket == after.Brackets.Count - 1:
                Insert(done.Rung, done.Trial, after.Spec.Metric.Turned(done.Metric));
                break;
            case AttemptFailed { Last: true } failed when failed.Bracket == after.Brackets.Count - 1:
                Insert(failed.Rung, failed.Trial, double.NaN);
                break;
        }
    }

    private void Insert(int rung, int trial, double metric) => _rungs[rung].Insert(trial, metric, null, []);
}
