using Asha.Core.Scheduling;

namespace Asha.Core.Experiments;

/// <summary>
/// Promotions that hindsight would not have made: the trial is not among the best ⌊n/η⌋ of the n results that its rung has in the end; where trials stop in their rungs (<see cref="SchedulerType.Stopping"/>), the best max(1, ⌊n/η⌋), as that rule lets the best of a few go on. ASHA decides on what it knows by then, and so makes some; SHA, which waits for all results, none.
/// From the events alone; it decides nothing.
/// </summary>
public sealed class Mispromotions
{
    private sealed class RungResults
    {
        public int Count { get; set; }

        public List<(double Metric, int Trial)> Finite { get; } = [];

        public List<int> Promoted { get; } = [];
    }

    private readonly Dictionary<(int Bracket, int Rung), RungResults> _rungs = [];

    /// <summary>How many of a rung's results may be promoted at least, once there are any.</summary>
    private int _least;

    /// <summary>Looks at the state after the next event. O(1).</summary>
    public void Advance(ExperimentState after, ExperimentEvent happened)
    {
        switch (happened)
        {
            case ExperimentStarted:
                _least = after.Spec.Scheduler.Type == SchedulerType.Stopping ? 1 : 0;
                break;
            case JobCompleted done:
                var results = Of(done.Bracket, done.Rung);
                results.Count++;
                if (double.IsFinite(done.Metric))
                    results.Finite.Add((after.Spec.Metric.Turned(done.Metric), done.Trial));
                break;
            case AttemptFailed { Last: true } failed:
                Of(failed.Bracket, failed.Rung).Count++;
                break;
            case TrialPromoted up:
                Of(up.Bracket, up.Rung).Promoted.Add(up.Trial);
                break;
        }
    }

    /// <summary>How many there are, of all rungs, by the results so far. O(n log n).</summary>
    /// <param name="reductionFactor">η.</param>
    public int Count(int reductionFactor) => _rungs.Values.Sum(rung =>
    {
        rung.Finite.Sort((one, other) => Ranking.IsBefore(one.Metric, one.Trial, other.Metric, other.Trial) ? -1 : one == other ? 0 : 1);
        var best = rung.Finite.Take(Math.Max(_least, rung.Count / reductionFactor)).Select(result => result.Trial).ToHashSet();
        return rung.Promoted.Count(trial => !best.Contains(trial));
    });

    private RungResults Of(int bracket, int rung)
    {
        if (!_rungs.TryGetValue((bracket, rung), out var results))
            _rungs[(bracket, rung)] = results = new RungResults();
        return results;
    }
}
