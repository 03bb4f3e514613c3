using Asha.Host.Scenarios;

namespace Asha.Host.Sweeping;

/// <summary>Every combination of what is swept with every scheduler and the same seeds.</summary>
internal sealed class Sweep
{
    /// <summary>All runs' figures are held: about a kilobyte each.</summary>
    public const int MostRuns = 200_000;

    private Sweep(SweepReading read, long first, IReadOnlyList<SweptCell> cells, double? target)
    {
        (Axes, FirstSeed, Cells, Target) = (read.Axes, first, cells, target);
        // A scheduler's name may depend on what is swept.
        Labels = [.. Enumerable.Range(0, read.Cells[0].Contenders.Count).Select(contender => string.Join(" or ", read.Cells.Select(cell => cell.Contenders[contender].Label).Distinct().Take(3)))];
        Figures = SweepFigure.All([.. read.Cells.Select(cell => cell.Contenders[0].Scenario.Spec)], target);
    }

    public IReadOnlyList<SweepAxis> Axes { get; }

    /// <summary>What the schedulers are called; the others are compared with the first.</summary>
    public IReadOnlyList<string> Labels { get; }

    public long FirstSeed { get; }

    /// <summary>How many runs there are of each combination and scheduler.</summary>
    public int Seeds => Cells[0].Runs[0].Count;

    /// <summary>A metric to be reached, where there is one.</summary>
    public double? Target { get; }

    /// <summary>The last key changes fastest.</summary>
    public IReadOnlyList<SweptCell> Cells { get; }

    /// <summary>What is shown of them.</summary>
    public IReadOnlyList<SweepFigure> Figures { get; }

    /// <summary>The name of the scenario.</summary>
    public string Name => Cells[0].Cell.Contenders[0].Scenario.Spec.Name;

    /// <summary>Whether each combination has a horizon, that times count as where they never came.</summary>
    public bool IsBounded => Cells.All(cell => cell.Cell.Horizon is not null);

    /// <summary>Runs all of it, on all cores.</summary>
    /// <param name="read">What is swept.</param>
    /// <param name="first">The first seed.</param>
    /// <param name="seeds">How many.</param>
    /// <param name="target">A metric whose time is asked for.</param>
    public static Sweep Of(SweepReading read, long first, int seeds, double? target)
    {
        var contenders = read.Cells[0].Contenders.Count;
        var runs = read.Cells.Select(_ => Enumerable.Range(0, contenders).Select(_ => new SimulatedRunSummary[seeds]).ToArray()).ToArray();
        Repetitions.Run(read.Cells.Count * contenders * seeds, number =>
        {
            var (cell, contender, seed) = (number / seeds / contenders, number / seeds % contenders, number % seeds);
            var (label, scenario) = read.Cells[cell].Contenders[contender];
            // What grows with the run is not kept.
            runs[cell][contender][seed] = SimulatedRecord.Run(scenario, first + seed, target, label) with { Promotions = [], Rungs = [] };
        });
        return new Sweep(read, first, [.. read.Cells.Zip(runs, (cell, of) => new SweptCell(cell, of))], target);
    }
}
