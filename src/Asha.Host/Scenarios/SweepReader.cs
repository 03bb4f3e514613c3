using Asha.Host.ExperimentFiles;

namespace Asha.Host.Scenarios;

/// <summary>Reads <c>sweep</c>: a map from paths, as <c>--set</c> knows them, to lists of values.</summary>
internal static class SweepReader
{
    public const string Key = "sweep";

    public const int MostCombinations = 1000;

    private const int MostKeys = 16;

    private const string Example = "{world.drops: [0, 0.01]}", ExampleList = "[0, 0.01]";

    private static readonly Dictionary<string, string> _notSwept = new()
    {
        ["name"] = "names the whole sweep",
        ["seed"] = "is the same in all combinations, so that they differ in nothing but what is swept; --repetitions says how many seeds there are",
        ["compare"] = "says which schedulers each combination is run with; sweep a key of 'scheduler', such as scheduler.reduction-factor",
        [Key] = "is what says what is swept",
        ["world.repetitions"] = "is the same in all combinations; --repetitions N sets it",
    };

    /// <summary>Whether it is a map of lists; what is in them is for <see cref="Read"/>.</summary>
    public static void Check(Field? field)
    {
        foreach (var (_, values) in field?.Map(Example)?.All() ?? [])
            values.List(ExampleList, MostCombinations);
    }

    /// <summary>The keys of the file, in its order, each with the values that <c>--over</c> gives in their place; then the other keys of <c>--over</c>.</summary>
    /// <param name="root">The file.</param>
    /// <param name="over">Lists from the command line.</param>
    /// <param name="reading">Collects the mistakes.</param>
    public static IReadOnlyList<SweepAxis> Read(MapNode root, IReadOnlyList<Override> over, Reading reading)
    {
        var asked = new List<(string Path, Place Place, YamlNode Values)>();
        if (root.Entries.FirstOrDefault(entry => entry.Key.Text == Key) is { Key: not null } own && new Field(own.Value, Key, reading).Map(Example) is { } map)
        {
            // Reports keys that occur twice.
            _ = map.Count;
            asked.AddRange(((MapNode)own.Value).Entries.Select(entry => (entry.Key.Text, entry.Key.Place, entry.Value)));
        }
        foreach (var given in over)
        {
            if (YamlTree.OfOverride(given, reading) is not { } values)
                continue;
            var at = asked.FindIndex(one => IsWithin(one.Path, given.Path) && IsWithin(given.Path, one.Path));
            if (at >= 0)
                asked[at] = (given.Path, given.Place, values);
            else
                asked.Add((given.Path, given.Place, values));
        }
        if (asked.Count > MostKeys)
            reading.Wrong(root.Place, Key, $"must have at most {MostKeys} keys, but has {asked.Count}");
        else if (asked.Count == 0 && !reading.Failed)
            reading.Wrong(root.Place, Key, $"is missing: what is swept, such as {Example}; or say --over 'world.drops={ExampleList}'");
        foreach (var (index, (path, place, _)) in asked.Index())
        {
            if (asked.Take(index).FirstOrDefault(other => IsWithin(path, other.Path) || IsWithin(other.Path, path)).Path is { } around)
                reading.Wrong(place, PathOf(place, path), $"and {around} cannot both be swept: one lies in the other");
        }
        return [.. asked.Select(one => Axis(one.Path, one.Place, one.Values, reading)).OfType<SweepAxis>()];
    }

    /// <summary>Whether the path leads to the other's place or into it.</summary>
    public static bool IsWithin(string path, string other)
        => Overrides.Steps(path) is { } steps && Overrides.Steps(other) is { } around && steps.Length >= around.Length && steps.Take(around.Length).SequenceEqual(around);

    /// <summary>How a problem names a swept key.</summary>
    public static string PathOf(Place place, string path) => Override.Names(place.Source, path) ? path : $"{Key}.{YamlText.Shown(path)}";

    private static SweepAxis? Axis(string path, Place place, YamlNode values, Reading reading)
    {
        var name = PathOf(place, path);
        if (_notSwept.Keys.FirstOrDefault(key => IsWithin(path, key)) is { } barred)
            reading.Wrong(place, name, $"cannot be swept: {barred} {_notSwept[barred]}");
        else if (new Field(values, name, reading).List(ExampleList, MostCombinations) is { } list)
        {
            var axis = new SweepAxis(path, place, ((ListNode)values).Elements);
            if (list.Count == 0)
                reading.Wrong(values.Place, name, "must have at least one value");
            else if (axis.Texts.GroupBy(text => text).FirstOrDefault(same => same.Count() > 1) is { } twice)
                reading.Wrong(values.Place, name, $"has the value {YamlText.Shown(twice.Key)} twice");
            else
                return axis;
        }
        return null;
    }
}
