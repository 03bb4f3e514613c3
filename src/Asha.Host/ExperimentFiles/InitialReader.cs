using Asha.Core.Spaces;
using Asha.Tuning;

namespace Asha.Host.ExperimentFiles;

/// <summary>Reads <c>initial</c>: configurations that are tried first. Each must be one that sampling could give.</summary>
internal static class InitialReader
{
    private const int Most = ExperimentRules.MostInitial;

    public static IReadOnlyList<Configuration> Read(Field? field, SpaceReading space)
    {
        var read = new List<(string Path, Configuration Configuration)>();
        foreach (var element in field?.List("[{learning-rate: 0.01, hidden: 64}]", Most) ?? [])
        {
            if (One(element, space) is not { } configuration)
                continue;
            if (read.FirstOrDefault(earlier => earlier.Configuration.Means(configuration)) is { Path: { } path })
                element.Wrong($"is the same as {path}");
            else
                read.Add((element.Path, configuration));
        }
        return [.. read.Select(entry => entry.Configuration)];
    }

    /// <summary>The value as one would write it, so that a text can be told from a number.</summary>
    public static string Written(ParameterValue value)
        => value.Kind == ParameterKind.Text ? $"the text '{YamlText.Shown(value.AsText())}'" : value.ToString();

    private static Configuration? One(Field field, SpaceReading space)
    {
        if (field.Map("{learning-rate: 0.01, hidden: 64}") is not { } map)
            return null;
        foreach (var (key, _) in map.All())
        {
            if (!space.Names.Contains(key.Text) && space.Names.Count > 0)
                map.UnknownKey(key, "there is no such parameter in space", space.Names);
        }
        var values = new List<KeyValuePair<string, ParameterValue>>();
        var configuration = new Configuration(values);
        var unclear = new HashSet<string>();
        foreach (var parameter in space.Parameters)
        {
            if (IsActive(parameter, configuration, unclear) is not { } isActive)
                unclear.Add(parameter.Name);
            else if (!isActive)
                TellInactive(map.Take(parameter.Name), parameter, configuration);
            else if (Value(map, parameter) is { } value)
                values.Add(new(parameter.Name, value));
            else
                unclear.Add(parameter.Name);
        }
        return unclear.Count == 0 && space.Parameters.Count > 0 ? configuration : null;
    }

    /// <summary><c>null</c>: it depends on something that is wrong.</summary>
    private static bool? IsActive(ParameterDraft parameter, Configuration earlier, HashSet<string> unclear)
    {
        if (parameter is not { Domain: not null, Conditions: { } conditions } || conditions.Any(condition => unclear.Contains(condition.Parameter)))
            return null;
        return conditions.All(condition => condition.Holds(earlier));
    }

    private static ParameterValue? Value(MapReader map, ParameterDraft parameter)
    {
        // What can have one value only need not be said.
        var field = parameter.Domain is ListDomain { Values.Count: 1 } ? map.Take(parameter.Name) : map.Require(parameter.Name);
        if (field is null)
            return parameter.Domain is ListDomain { Values: [var only] } ? only : null;
        if (field.Value() is not { } value)
            return null;
        if (DomainReader.Fit(parameter.Domain!, value) is { } fitting)
            return fitting;
        field.Wrong($"must be {DomainReader.Describe(parameter.Domain!)}, but is {Written(value)}");
        return null;
    }

    private static void TellInactive(Field? given, ParameterDraft parameter, Configuration earlier)
    {
        if (given is null)
            return;
        var missed = parameter.Conditions!.First(condition => !condition.Holds(earlier));
        var needed = string.Join(" or ", missed.Values.Take(5).Select(value => YamlText.Shown(value.ToString())));
        given.Wrong($"is not active here: it needs '{missed.Parameter}' to be {needed}; leave it out");
    }
}
