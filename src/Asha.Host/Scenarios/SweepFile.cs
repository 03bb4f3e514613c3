using Asha.Host.ExperimentFiles;

namespace Asha.Host.Scenarios;

/// <summary>One combination of the swept values.</summary>
/// <param name="Values">Of each key which of its values, from 0.</param>
/// <param name="Contenders">The schedulers, each with the scenario that it is run in.</param>
internal sealed record SweepCell(IReadOnlyList<int> Values, IReadOnlyList<Contender> Contenders)
{
    /// <summary>What a time counts as, at least, in runs where it never came; <c>null</c>: nobody knows, as the run has no horizon, or may be stopped before it by what it found.</summary>
    public TimeSpan? Horizon => Contenders[0].Scenario.Spec.Stop is { Trials: null, Resource: null, Metric: null } stop ? stop.After : null;
}

/// <summary>What came of reading a scenario for all combinations; no cells where there are problems.</summary>
/// <param name="Axes">The last one changes fastest from cell to cell.</param>
internal sealed record SweepReading(IReadOnlyList<SweepAxis> Axes, IReadOnlyList<SweepCell> Cells, IReadOnlyList<FileProblem> Problems, IReadOnlyList<string> Warnings);

/// <summary>Reads a scenario once for each combination of what is swept and each scheduler.</summary>
internal static class SweepFile
{
    /// <summary>People do not read more, and each costs a reading of the file.</summary>
    private const int MostProblems = 20;

    /// <param name="path">The file.</param>
    /// <param name="overrides">Values that take the place of the file's.</param>
    /// <param name="over">Lists of values to sweep, in place of the file's <c>sweep</c> or beside it.</param>
    /// <param name="schedulers">Types in place of the file's <c>compare</c>; <c>null</c>: the file's.</param>
    public static SweepReading Load(string path, IReadOnlyList<Override> overrides, IReadOnlyList<Override> over, IReadOnlyList<string>? schedulers)
        => ExperimentFile.Load(path, (text, folder) => Read(text, path, folder, overrides, over, schedulers), problem => new SweepReading([], [], [problem], []));

    private static SweepReading Read(string text, string fileName, string folder, IReadOnlyList<Override> overrides, IReadOnlyList<Override> over, IReadOnlyList<string>? schedulers)
    {
        var tree = new Reading(PeerNames.Keys);
        if (ComparisonFile.Tree(text, fileName, overrides, tree) is not { } map)
            return new SweepReading([], [], tree.Problems, []);
        var axes = SweepReader.Read(map, over, tree);
        foreach (var axis in axes)
        {
            foreach (var set in overrides.Where(set => SweepReader.IsWithin(set.Path, axis.Path)))
                tree.Wrong(set.Place, "", $"is swept; say {Override.Over} '{axis.Path}=[…]'");
            if (Overrides.Steps(axis.Path) is ["scheduler", var key, ..] && ContendersReader.Of(map, schedulers).All(contender => contender.Entries.Any(entry => entry.Key.Text == key)))
                tree.Wrong(axis.Place, SweepReader.PathOf(axis.Place, axis.Path), $"would change nothing: every scheduler that is compared says its own {YamlText.Shown(key)}");
        }
        var count = axes.Aggregate(1.0, (product, axis) => product * axis.Values.Count);
        if (count > SweepReader.MostCombinations)
            tree.Wrong(axes[0].Place, SweepReader.Key, FormattableString.Invariant($"makes {count:#,0} combinations ({string.Join(" × ", axes.Select(axis => axis.Values.Count))}); at most {SweepReader.MostCombinations:#,0}"));
        return tree.Failed ? new SweepReading(axes, [], tree.Problems, []) : Cells(map, folder, axes, (int)count, schedulers, tree);
    }

    private static SweepReading Cells(MapNode map, string folder, IReadOnlyList<SweepAxis> axes, int count, IReadOnlyList<string>? schedulers, Reading tree)
    {
        var (cells, problems, warnings, tables) = (new List<SweepCell>(), new List<FileProblem>(), new List<string>(), new Tables());
        for (var number = 0; number < count && problems.Count < MostProblems; number++)
        {
            var values = Numbers(axes, number);
            foreach (var (axis, value) in axes.Zip(values))
            {
                // No key lies in another one, so each combination can be put over the one before.
                if (Overrides.Put(map, axis.Path, axis.Values[value]) is { } problem)
                    return new SweepReading(axes, [], [new FileProblem(axis.Place.Source, axis.Place.Line, axis.Place.Column, SweepReader.PathOf(axis.Place, axis.Path), problem)], []);
            }
            var read = ComparisonFile.Of(map, folder, schedulers, tree, tables);
            problems.AddRange(read.Problems.Except(problems));
            warnings.AddRange(read.Warnings.Except(warnings));
            cells.Add(new SweepCell(values, read.Contenders));
        }
        return new SweepReading(axes, problems.Count == 0 ? cells : [], problems, warnings);
    }

    /// <summary>Which values a combination has; the last key changes fastest.</summary>
    private static int[] Numbers(IReadOnlyList<SweepAxis> axes, int cell)
    {
        var values = new int[axes.Count];
        for (var axis = axes.Count - 1; axis >= 0; axis--)
            (cell, values[axis]) = (cell / axes[axis].Values.Count, cell % axes[axis].Values.Count);
        return values;
    }
}
