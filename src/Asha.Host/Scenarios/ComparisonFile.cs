using Asha.Host.ExperimentFiles;

namespace Asha.Host.Scenarios;

/// <summary>What came of reading a scenario for several schedulers; no contenders where there are problems.</summary>
internal sealed record ComparisonReading(IReadOnlyList<Contender> Contenders, IReadOnlyList<FileProblem> Problems, IReadOnlyList<string> Warnings);

/// <summary>Reads a scenario once for each scheduler that is compared: all else is the same.</summary>
internal static class ComparisonFile
{
    /// <param name="path">The file.</param>
    /// <param name="overrides">Values that take the place of the file's.</param>
    /// <param name="schedulers">Types in place of the file's <c>compare</c>; <c>null</c>: the file's.</param>
    public static ComparisonReading Load(string path, IReadOnlyList<Override> overrides, IReadOnlyList<string>? schedulers)
        => ExperimentFile.Load(path, (text, folder) => Read(text, path, folder, overrides, schedulers), problem => new ComparisonReading([], [problem], []));

    private static ComparisonReading Read(string text, string fileName, string folder, IReadOnlyList<Override> overrides, IReadOnlyList<string>? schedulers)
    {
        var tree = new Reading(PeerNames.Keys);
        return Tree(text, fileName, overrides, tree) is { } map ? Of(map, folder, schedulers, tree, new Tables()) : new ComparisonReading([], tree.Problems, []);
    }

    /// <summary>The file as a tree, the overrides in it; <c>null</c> where there is none.</summary>
    public static MapNode? Tree(string text, string fileName, IReadOnlyList<Override> overrides, Reading tree)
    {
        var root = YamlTree.OfFile(text, fileName, tree);
        if (root is MapNode map)
            Overrides.Apply(map, overrides, tree);
        else if (root is not null)
            new Field(root, "", tree).Map(ScenarioFile.Example);
        return root as MapNode;
    }

    /// <summary>Reads a tree once for each scheduler.</summary>
    /// <param name="map">The file.</param>
    /// <param name="folder">Where its relative paths start from.</param>
    /// <param name="schedulers">Types in place of the file's <c>compare</c>.</param>
    /// <param name="tree">What was found wrong with the tree.</param>
    /// <param name="tables">Those that have been read.</param>
    public static ComparisonReading Of(MapNode map, string folder, IReadOnlyList<string>? schedulers, Reading tree, Tables tables)
    {
        var read = ContendersReader.Of(map, schedulers).Select(contender => (Map: contender, Read: Read(ContendersReader.Overlaid(map, contender), folder, tables))).ToList();
        // What is wrong with the file is wrong with each reading of it.
        var problems = tree.Problems.Concat(read.SelectMany(one => one.Read.Reading.Problems)).Distinct().ToList();
        var warnings = read.SelectMany(one => one.Read.Reading.WarningLines).Distinct().ToList();
        if (problems.Count > 0 || read.Any(one => one.Read.Scenario is null))
            return new ComparisonReading([], problems, warnings);
        var labels = ContendersReader.Labels([.. read.Select(one => (one.Map, one.Read.Scenario!))]);
        return new ComparisonReading([.. labels.Zip(read, (label, one) => new Contender(label, one.Read.Scenario!))], [], warnings);
    }

    private static (Scenario? Scenario, Reading Reading) Read(MapNode map, string folder, Tables tables)
    {
        var reading = new Reading(PeerNames.Keys);
        var scenario = new Field(map, "", reading).Map(ScenarioFile.Example) is { } file ? ScenarioFile.Of(file, folder, reading, tables) : null;
        return (reading.Failed ? null : scenario, reading);
    }
}
