using Asha.Core.Scheduling;

namespace Asha.Core.Experiments;

/// <summary>A result in its rung.</summary>
/// <param name="Rank">From 1; results that are not finite come last.</param>
/// <param name="Metric">As reported; NaN where it failed.</param>
/// <param name="Promoted">Whether its trial has left the rung upwards.</param>
public readonly record struct ResultInRung(int Rank, int Trial, double Metric, bool Promoted);

/// <summary>How a rung stands, for people: it decides nothing. Ranked by the class that the experiment's own rungs are made of.</summary>
public static class RungRanking
{
    /// <summary>All results of a rung, best first. O(n log n).</summary>
    public static IReadOnlyList<ResultInRung> Of(ExperimentState state, int bracket, int rung)
    {
        var ranked = new Rung(RungRule.Top, state.Spec.Scheduler.ReductionFactor);
        var own = state.Brackets[bracket];
        for (var trial = own.FirstTrial; trial < own.FirstTrial + own.Sampled; trial++)
        {
            if (state.Trials[trial].Results is var results && results.Length > rung)
                ranked.Insert(trial, state.Spec.Metric.Turned(results[rung].Metric), null, []);
        }
        return [.. ranked.Ranking().Select((result, index) => new ResultInRung(index + 1, result.Trial, state.Trials[result.Trial].Results[rung].Metric, state.Trials[result.Trial].Rung > rung))];
    }
}
