using Asha.Core.Utilization;

namespace Asha.Host.Scenarios;

/// <summary>Each figure over some runs of a scheduler, or, of two schedulers, its differences pair by pair. <c>Idle</c> has slot-seconds by cause.</summary>
internal sealed record SimulationEstimates(
    int Runs, Estimate EndTime, Estimate Busy, IReadOnlyDictionary<string, Estimate> Idle, Estimate Utilization, IReadOnlyDictionary<string, Estimate> IdleShares, Estimate Trials, Estimate ResourceSpent, Estimate FullyTrained,
    Estimate FirstFullyTrained, Estimate TimeToTarget, Estimate Best, Estimate Mispromotions)
{
    public static SimulationEstimates Of(IReadOnlyList<SimulatedRunSummary> runs) => Of(runs.Count, figure => Estimate.Of(runs.Select(figure).OfType<double>()));

    /// <summary>How much more the second of each pair had, which differ in the scheduler alone; pairs of which one lacks a figure are left out there.</summary>
    public static SimulationEstimates OfDifferences(IReadOnlyList<(SimulatedRunSummary Base, SimulatedRunSummary Other)> pairs)
        => Of(pairs.Count, figure => Estimate.Of(pairs.Select(pair => figure(pair.Other) - figure(pair.Base)).OfType<double>()));

    private static SimulationEstimates Of(int runs, Func<Func<SimulatedRunSummary, double?>, Estimate> of)
    {
        var causes = Enum.GetValues<IdleCause>().Select(cause => cause.Name()).ToList();
        return new SimulationEstimates(
            runs, of(run => run.EndTime), of(run => run.Busy), causes.ToDictionary(cause => cause, cause => of(run => run.Idle[cause])), of(run => run.Utilization),
            causes.ToDictionary(cause => cause, cause => of(run => run.IdleShare(cause))), of(run => run.Trials), of(run => run.ResourceSpent), of(run => run.FullyTrained), of(run => run.FirstFullyTrained), of(run => run.TimeToTarget),
            of(run => run.Best?.Metric), of(run => run.Mispromotions));
    }
}
