using System.Globalization;
using System.Text.RegularExpressions;

namespace Asha.Host.ExperimentFiles;

/// <summary>Puts values from the command line into the tree of the file, before anything is checked.</summary>
internal static partial class Overrides
{
    public static void Apply(MapNode root, IReadOnlyList<Override> overrides, Reading reading)
    {
        foreach (var given in overrides)
        {
            if (YamlTree.OfOverride(given, reading) is { } value && Put(root, given.Path, value) is { } problem)
                reading.Wrong(given.Place, "", problem);
        }
    }

    /// <summary>The keys of a path, and the numbers of elements; <c>null</c>: it is none.</summary>
    public static string[]? Steps(string path) => Path().IsMatch(path) ? path.Replace("[", ".").Replace("]", "").Split('.') : null;

    /// <summary>Puts a value where the path leads, in place of what is there; answers what is wrong with the path, if anything.</summary>
    public static string? Put(MapNode root, string path, YamlNode value)
    {
        if (Steps(path) is not { } steps)
            return "is not a path such as scheduler.trials or initial[0].hidden";
        YamlNode node = root;
        for (var index = 0; index < steps.Length; index++)
        {
            var next = index + 1 < steps.Length ? null : value;
            var problem = node switch
            {
                MapNode map => Step(map, steps[index], next, value.Place, out node),
                ListNode list => Step(list, steps[index], next, out node),
                _ => "is neither a map nor a list",
            };
            if (problem is not null)
                return index == 0 ? problem : $"{string.Join('.', steps.Take(index))} {problem}";
        }
        return null;
    }

    private static string? Step(MapNode map, string key, YamlNode? value, Place place, out YamlNode node)
    {
        var at = map.Entries.FindIndex(entry => entry.Key.Text == key);
        if (at < 0)
        {
            map.Entries.Add(new MapEntry(new ScalarNode(place, key, Plain: true), node = value ?? new MapNode(place, [])));
            return null;
        }
        node = value ?? (map.Entries[at].Value is ScalarNode { IsNull: true } ? new MapNode(place, []) : map.Entries[at].Value);
        map.Entries[at] = map.Entries[at] with { Value = node };
        return null;
    }

    private static string? Step(ListNode list, string key, YamlNode? value, out YamlNode node)
    {
        node = list;
        if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= list.Elements.Count)
            return $"has no element {YamlText.Shown(key)}; it is a list of {list.Elements.Count}, numbered from 0";
        node = value ?? list.Elements[index];
        list.Elements[index] = node;
        return null;
    }

    [GeneratedRegex(@"^[^.\[\]]+(\.[^.\[\]]+|\[[0-9]{1,9}\])*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Path();
}
