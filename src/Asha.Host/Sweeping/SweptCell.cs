using Asha.Host.Scenarios;

namespace Asha.Host.Sweeping;

/// <summary>The runs of one combination.</summary>
internal sealed class SweptCell
{
    /// <param name="cell">The combination.</param>
    /// <param name="runs">By scheduler, of each by seed.</param>
    public SweptCell(SweepCell cell, IReadOnlyList<IReadOnlyList<SimulatedRunSummary>> runs)
    {
        (Cell, Runs) = (cell, runs);
        Estimates = [.. runs.Select(SimulationEstimates.Of)];
        var bounded = runs.Select(of => of.Select(run => Bounded(run, cell.Horizon)).ToList()).ToList();
        BoundedEstimates = [.. bounded.Select(SimulationEstimates.Of)];
        BoundedDifferences = [.. bounded.Skip(1).Select(other => SimulationEstimates.OfDifferences([.. bounded[0].Zip(other)]))];
    }

    public SweepCell Cell { get; }

    /// <summary>By scheduler, of each by seed.</summary>
    public IReadOnlyList<IReadOnlyList<SimulatedRunSummary>> Runs { get; }

    /// <summary>By scheduler; of a time, those runs that had it.</summary>
    public IReadOnlyList<SimulationEstimates> Estimates { get; }

    /// <summary>By scheduler; a time that never came counts as the horizon, so that its mean is the restricted mean, a lower bound.</summary>
    public IReadOnlyList<SimulationEstimates> BoundedEstimates { get; }

    /// <summary>What each scheduler but the first has more than the first, seed by seed, with times in the same way.</summary>
    public IReadOnlyList<SimulationEstimates> BoundedDifferences { get; }

    private static SimulatedRunSummary Bounded(SimulatedRunSummary run, TimeSpan? horizon)
        => run with { FirstFullyTrained = run.FirstFullyTrained ?? horizon?.TotalSeconds, TimeToTarget = run.TimeToTarget ?? horizon?.TotalSeconds };
}
