using Asha.Core.Spaces;
using Engine = Asha.Core.Spaces;

namespace Asha.Tuning;

/// <summary>Makes the engine's search space and first configurations of what a program described, and tells every mistake in it.</summary>
internal sealed class SpaceBuilder(SearchSpace space, Problems problems)
{
    private readonly Dictionary<string, Domain?> _domains = [];

    /// <summary><c>null</c> where there are mistakes.</summary>
    public Engine.SearchSpace? Space()
    {
        if (space.Drafts.Count is 0 or > ExperimentRules.MostParameters)
            problems.Add($"{nameof(TuningOptions.Space)}: must have 1 to {ExperimentRules.MostParameters} parameters, but has {space.Drafts.Count}");
        var parameters = new List<Parameter>();
        foreach (var draft in space.Drafts)
        {
            if (!ExperimentRules.IsParameterName(draft.Name))
                problems.Add($"'{draft.Name}': the name of a parameter is a letter or '_', then letters, digits, '-' and '_', at most {ExperimentRules.LongestName} in all");
            var when = Conditions(draft);
            var domain = draft.Domain(problems);
            if (!_domains.TryAdd(draft.Name, domain))
                problems.Add($"{draft.Name}: there are two parameters of this name");
            else if (domain is not null)
                parameters.Add(new Parameter(draft.Name, domain, when));
        }
        return problems.Any ? null : new Engine.SearchSpace(parameters);
    }

    /// <summary>Each must be one that sampling could give.</summary>
    public IReadOnlyList<Configuration> Initial(IReadOnlyList<ParameterValues> given, Engine.SearchSpace resolved)
    {
        if (given.Count > ExperimentRules.MostInitial)
            problems.Add($"{nameof(TuningOptions.Initial)}: must have at most {ExperimentRules.MostInitial} configurations, but has {given.Count}");
        var initial = new List<Configuration>();
        for (var index = 0; index < given.Count; index++)
        {
            var configuration = Configuration($"{nameof(TuningOptions.Initial)}[{index}]", given[index].Configuration, resolved);
            if (initial.FindIndex(configuration.Means) is >= 0 and var same)
                problems.Add($"{nameof(TuningOptions.Initial)}[{index}]: is the same as {nameof(TuningOptions.Initial)}[{same}]");
            initial.Add(configuration);
        }
        return initial;
    }

    private Configuration Configuration(string path, Configuration given, Engine.SearchSpace resolved)
    {
        foreach (var (name, _) in given.Values.Where(pair => !_domains.ContainsKey(pair.Key)))
            problems.Add($"{path}: '{name}' is no parameter of this search space");
        var values = new List<KeyValuePair<string, ParameterValue>>();
        var configuration = new Configuration(values);
        foreach (var parameter in resolved.Parameters)
        {
            var isGiven = given.TryGet(parameter.Name, out var value);
            if (!parameter.IsActive(configuration))
            {
                if (isGiven)
                    problems.Add($"{path}: '{parameter.Name}' is not active here; leave it out");
            }
            else if (isGiven && parameter.Domain.Contains(value))
                values.Add(new(parameter.Name, value));
            else if (isGiven)
                problems.Add($"{path}: '{parameter.Name}' can never be {value}");
            else if (parameter.Domain is ListDomain { Values: [var only] })
                values.Add(new(parameter.Name, only)); // What can have one value only need not be said.
            else
                problems.Add($"{path}: '{parameter.Name}' is missing");
        }
        return configuration;
    }

    private List<Engine.Condition> Conditions(SearchSpace.Draft draft)
    {
        var conditions = new List<Engine.Condition>();
        foreach (var part in draft.When?.Parts ?? [])
        {
            if (part.Space != space || !_domains.TryGetValue(part.Parameter, out var parent))
                problems.Add($"{draft.Name}: depends on '{part.Parameter}', which is a parameter of another search space");
            else if (conditions.Any(earlier => earlier.Parameter == part.Parameter))
                problems.Add($"{draft.Name}: depends on '{part.Parameter}' twice; give Is all its values at once");
            else if (parent is Continuum)
                problems.Add($"{draft.Name}: depends on '{part.Parameter}', which is a real number, and nothing can depend on that");
            else if (part.Values.Count == 0)
                problems.Add($"{draft.Name}: depends on '{part.Parameter}' with no value; give Is at least one");
            else if (parent is not null && part.Values.Where(value => !CanBe(parent, value)).ToArray() is [var never, ..])
                problems.Add($"{draft.Name}: depends on '{part.Parameter}' being {never?.ToString() ?? "something that no parameter can be"}, which it never is");
            else if (parent is not null)
                conditions.Add(new Engine.Condition(part.Parameter, [.. part.Values.Select(value => value!.Value)]));
        }
        return conditions;
    }

    private static bool CanBe(Domain domain, ParameterValue? value) => value is { } known && domain.Contains(known);
}
