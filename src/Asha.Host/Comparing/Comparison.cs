using Asha.Core.Experiments;
using Asha.Host.Scenarios;

namespace Asha.Host.Comparing;

/// <summary>Two or more schedulers on common random numbers: all runs, seed by seed.</summary>
internal sealed class Comparison
{
    /// <summary>How many shared draws are listed where no list of them was asked for.</summary>
    public const int MostListed = 1000;

    private readonly ObservedRun[][] _runs;

    private Comparison(IReadOnlyList<ICompared> sides, IComparisonWords words, ObservedRun[][] runs, SharedDraws[] draws, double? target)
    {
        (Sides, Words, _runs, Draws, Target) = (sides, words, runs, draws, target);
        Estimates = [.. Enumerable.Range(0, sides.Count).Select(contender => SimulationEstimates.Of([.. RunsOf(contender).Select(run => run.Summary)]))];
        Differences = [.. Enumerable.Range(1, sides.Count - 1).Select(contender => SimulationEstimates.OfDifferences([.. _runs.Select(pair => (pair[0].Summary, pair[contender].Summary))]))];
    }

    public IReadOnlyList<ICompared> Sides { get; }

    public IComparisonWords Words { get; }

    /// <summary>What is called the same on all sides: the experiment, its metric and its resource.</summary>
    public ExperimentSpec Spec => Sides[0].Spec;

    /// <summary>Whether all sides train as far; otherwise their best are of other levels.</summary>
    public bool IsAlike => Sides.All(side => side.Spec.Resource.Max == Spec.Resource.Max);

    public IReadOnlyList<string> Labels => [.. Sides.Select(side => side.Label)];

    /// <summary>How many seeds there are.</summary>
    public int Seeds => _runs.Length;

    public long FirstSeed => _runs[0][0].Summary.Seed;

    /// <summary>The metric that was to be reached, where there is one.</summary>
    public double? Target { get; }

    /// <summary>By scheduler.</summary>
    public IReadOnlyList<SimulationEstimates> Estimates { get; }

    /// <summary>What each scheduler but the first has more than the first, pair by pair.</summary>
    public IReadOnlyList<SimulationEstimates> Differences { get; }

    /// <summary>By seed.</summary>
    public IReadOnlyList<SharedDraws> Draws { get; }

    /// <summary>The runs of the first seed, which pictures are drawn of, by scheduler.</summary>
    public IReadOnlyList<ObservedRun> Shown => _runs[0];

    /// <summary>Seed by seed, in each by scheduler.</summary>
    public IEnumerable<ObservedRun> Runs => _runs.SelectMany(pair => pair);

    /// <summary>The runs of a scheduler, by seed.</summary>
    public IEnumerable<ObservedRun> RunsOf(int contender) => _runs.Select(pair => pair[contender]);

    /// <summary>Runs each scheduler with each seed, on all cores.</summary>
    /// <param name="contenders">Two or more.</param>
    /// <param name="words">What a report says of them.</param>
    /// <param name="first">The first seed.</param>
    /// <param name="seeds">How many.</param>
    /// <param name="target">A metric whose time is asked for.</param>
    /// <param name="listed">How many shared draws are listed of each seed.</param>
    public static Comparison Of(IReadOnlyList<ICompared> contenders, IComparisonWords words, long first, int seeds, double? target, int listed)
    {
        var runs = Enumerable.Range(0, seeds).Select(_ => new ObservedRun[contenders.Count]).ToArray();
        var (left, draws) = (Enumerable.Repeat(contenders.Count, seeds).ToArray(), new SharedDraws[seeds]);
        Repetitions.Run(seeds * contenders.Count, number =>
        {
            var (seed, contender) = (number / contenders.Count, number % contenders.Count);
            runs[seed][contender] = ObservedRun.Of(contenders[contender], first + seed, target, isDrawn: seed == 0);
            if (Interlocked.Decrement(ref left[seed]) > 0)
                return;
            draws[seed] = SharedDraws.Of(first + seed, [.. contenders.Select(one => one.Label)], [.. runs[seed].Select(run => run.Detail!.Draws)], listed);
            foreach (var run in seed > 0 ? runs[seed] : [])
                run.Forget();
        });
        return new Comparison(contenders, words, runs, draws, target);
    }
}
