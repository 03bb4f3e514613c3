using Asha.Core.Spaces;
using Asha.Tuning;
using Condition = Asha.Core.Spaces.Condition;
using SearchSpace = Asha.Core.Spaces.SearchSpace;

namespace Asha.Host.ExperimentFiles;

/// <summary>A parameter as far as it could be read.</summary>
internal sealed class ParameterDraft(ScalarNode key)
{
    public string Name => key.Text;

    public ScalarNode Key => key;

    /// <summary><c>null</c> where it is wrong.</summary>
    public Domain? Domain { get; set; }

    /// <summary>What was written under <c>when</c>, other parameters and their values; <c>null</c> where that cannot be read.</summary>
    public IReadOnlyList<(ScalarNode Key, Field Value)>? When { get; set; } = [];

    /// <summary>The conditions; <c>null</c> where one is wrong.</summary>
    public IReadOnlyList<Condition>? Conditions { get; set; }
}

/// <summary>What could be read of a space.</summary>
/// <param name="Space"><c>null</c> where there are mistakes.</param>
/// <param name="Parameters">Each after those that its conditions name, as far as possible.</param>
internal sealed record SpaceReading(SearchSpace? Space, IReadOnlyList<ParameterDraft> Parameters)
{
    /// <summary>A space without parameters: of a world that has its trials in a table.</summary>
    public static SpaceReading None { get; } = new(new SearchSpace([]), []);

    public IReadOnlyCollection<string> Names { get; } = [.. Parameters.Select(parameter => parameter.Name)];
}

/// <summary>Reads <c>space</c>: the parameters, in any order.</summary>
internal static class SpaceReader
{
    private const int MostParameters = ExperimentRules.MostParameters;
    private const int LongestName = ExperimentRules.LongestName;

    public static SpaceReading Read(Field? field, Reading reading)
    {
        if (field?.Map("{learning-rate: {type: log-uniform, min: 0.0001, max: 1}}") is not { } map)
            return new SpaceReading(null, []);
        if (map.Count is 0 or > MostParameters)
        {
            field.Wrong(map.Count == 0 ? "must have at least one parameter" : $"must have at most {MostParameters} parameters, but has {map.Count}");
            return new SpaceReading(null, []);
        }
        var drafts = map.All().Select(entry => Draft(map, entry.Key, entry.Value)).ToList();
        TellSameVariables(map, drafts);
        var byName = drafts.ToDictionary(draft => draft.Name);
        foreach (var draft in drafts)
            draft.Conditions = ConditionReader.Read(draft, byName);
        var ordered = ParameterOrder.Of(drafts, byName);
        return new SpaceReading(reading.Failed ? null : Space(ordered), ordered);
    }

    /// <summary>Mistakes elsewhere in the file keep the experiment from being made; here only what the space needs is asked for.</summary>
    private static SearchSpace? Space(IReadOnlyList<ParameterDraft> drafts) => drafts.All(draft => draft is { Domain: not null, Conditions: not null })
        ? new SearchSpace(drafts.Select(draft => new Parameter(draft.Name, draft.Domain!, draft.Conditions!)))
        : null;

    private static ParameterDraft Draft(MapReader space, ScalarNode key, Field field)
    {
        if (!ExperimentRules.IsParameterName(key.Text))
            space.WrongKey(key, $"the name of a parameter is a letter or '_', then letters, digits, '-' and '_', at most {LongestName} in all");
        var draft = new ParameterDraft(key);
        if (field.Map("{type: uniform, min: 0, max: 1}") is not { } map)
            return draft;
        draft.Domain = DomainReader.Read(map);
        if (map.Take("when") is { } when)
            draft.When = When(when);
        map.End();
        return draft;
    }

    private static IReadOnlyList<(ScalarNode, Field)>? When(Field field)
    {
        if (field.Map("{optimizer: sgd}") is not { } map)
            return null;
        if (map.Count > 0)
            return [.. map.All()];
        field.Wrong("names no parameter; give one, or remove it");
        return null;
    }

    /// <summary>A trial reads its parameters from variables, in which a-b, a_b and A_B are one.</summary>
    private static void TellSameVariables(MapReader space, IEnumerable<ParameterDraft> drafts)
    {
        foreach (var same in drafts.GroupBy(draft => draft.Name.ToUpperInvariant().Replace('-', '_')))
        {
            foreach (var later in same.Skip(1))
                space.WrongKey(later.Key, $"'{YamlText.Shown(same.First().Name)}' and it would both be ASHA_PARAM_{YamlText.Shown(same.Key)} in a trial's environment; rename one");
        }
    }
}
