using Asha.Core.Experiments;
using Asha.Core.Worlds;
using Asha.Host.ExperimentFiles;

namespace Asha.Host.Scenarios;

/// <summary>One of the schedulers that are compared.</summary>
/// <param name="Label">What it is called: its type, and what tells it from others of that type.</param>
/// <param name="Scenario">The scenario with this scheduler.</param>
internal sealed record Contender(string Label, Scenario Scenario) : ICompared
{
    public ExperimentSpec Spec => Scenario.Spec;

    public void Run(long seed, Action<ExperimentEvent> told, Action<JobStarted, AttemptDraw> drawn) => Scenario.WithSeed(seed).Run(told, drawn: drawn).Run();
}

/// <summary>Reads <c>compare</c>: a list of maps, each of which is laid over <c>scheduler</c>; a key without a value takes the file's away.</summary>
internal static class ContendersReader
{
    public const string Key = "compare";

    /// <summary>More could not be told apart in a picture.</summary>
    public const int Most = 6;

    private const string Example = "[{type: sha}, {type: asha}]";

    /// <summary>Whether it is a list of maps; what is in them is for <see cref="Overlaid"/>.</summary>
    public static void Check(Field? field)
    {
        if (field?.List(Example, Most) is not { } elements)
            return;
        if (elements.Count < 2)
            field.Wrong($"must name at least two schedulers, such as {Example}");
        foreach (var element in elements)
            element.Map("{type: sha}");
    }

    /// <summary>The maps of the file, or of the names given in their place; SHA and ASHA where there are neither.</summary>
    /// <param name="root">The file.</param>
    /// <param name="names">Types, from the command line.</param>
    public static IReadOnlyList<MapNode> Of(MapNode root, IReadOnlyList<string>? names)
    {
        if (names is null && root.Entries.FirstOrDefault(entry => entry.Key.Text == Key).Value is ListNode list)
            return [.. list.Elements.OfType<MapNode>()];
        var place = new Place("--schedulers", 0, 0);
        return [.. (names ?? ["sha", "asha"]).Select(name => new MapNode(place, [new MapEntry(new ScalarNode(place, "type", true), new ScalarNode(place, name, true))]))];
    }

    /// <summary>The file with a scheduler laid over its own.</summary>
    public static MapNode Overlaid(MapNode root, MapNode contender)
    {
        const string Scheduler = "scheduler";
        var at = root.Entries.FindIndex(entry => entry.Key.Text == Scheduler);
        if (at >= 0 && root.Entries[at].Value is not MapNode)
            return root;
        var own = at >= 0 ? ((MapNode)root.Entries[at].Value).Entries : [];
        var keys = contender.Entries.Select(entry => entry.Key.Text).ToHashSet();
        var merged = new MapNode(contender.Place, [.. own.Where(entry => !keys.Contains(entry.Key.Text)), .. contender.Entries.Where(entry => entry.Value is not ScalarNode { IsNull: true })]);
        var key = at >= 0 ? root.Entries[at].Key : new ScalarNode(contender.Place, Scheduler, true);
        return root with { Entries = [.. root.Entries.Where((_, index) => index != at), new MapEntry(key, merged)] };
    }

    /// <summary>What the schedulers are called: by type, and where several have the same, by the keys in which they differ.</summary>
    public static IReadOnlyList<string> Labels(IReadOnlyList<(MapNode Map, Scenario Scenario)> contenders)
    {
        var types = contenders.Select(contender => TypeName(contender.Scenario)).ToList();
        var labels = contenders.Select((contender, index) => types.Count(type => type == types[index]) == 1 ? types[index]
            : string.Join(", ", contender.Map.Entries.Where(entry => entry.Key.Text != "type").Select(Words)) is { Length: > 0 } own ? $"{types[index]} ({own})" : types[index]).ToList();
        return [.. labels.Select((label, index) => labels.IndexOf(label) == index ? label : $"{label} ({labels.Take(index + 1).Count(other => other == label)})")];
    }

    private static string Words(MapEntry entry) => entry.Value is ScalarNode { IsNull: false } value ? $"{entry.Key.Text} {YamlText.Shown(value.Text)}" : $"{entry.Key.Text} left out";

    private static string TypeName(Scenario scenario) => scenario.Spec.Scheduler.Name;
}
