using Asha.Core.Randomness;

namespace Asha.Core.Spaces;

/// <summary>The parameter is active only where <paramref name="Parameter"/> is active and has one of these values.</summary>
public sealed record Condition(string Parameter, IReadOnlyList<ParameterValue> Values)
{
    public bool Holds(Configuration configuration)
        => configuration.TryGet(Parameter, out var value) && Values.Any(allowed => allowed.Means(value));
}

/// <summary>A named parameter, its values, and when it is active (all conditions hold).</summary>
public sealed record Parameter(string Name, Domain Domain, IReadOnlyList<Condition> When)
{
    public Parameter(string name, Domain domain) : this(name, domain, []) { }

    public bool IsActive(Configuration earlier)
    {
        // A loop: this is asked for each parameter of each trial.
        for (var index = 0; index < When.Count; index++)
        {
            if (!When[index].Holds(earlier))
                return false;
        }
        return true;
    }
}

/// <summary>
/// The parameters, each after the ones that its conditions name. Sampling is a function of (seed, trial) alone: every
/// parameter draws from a stream of its own name, so adding one leaves the others as they were.
/// </summary>
public sealed class SearchSpace
{
    /// <exception cref="ArgumentException">Two of a name, or a condition names no earlier parameter.</exception>
    public SearchSpace(IEnumerable<Parameter> parameters)
    {
        Parameters = [.. parameters];
        var earlier = new HashSet<string>();
        foreach (var parameter in Parameters)
        {
            if (parameter.When.FirstOrDefault(condition => !earlier.Contains(condition.Parameter)) is { } unknown)
                throw new ArgumentException($"'{parameter.Name}' depends on '{unknown.Parameter}', which does not come before it.");
            if (!earlier.Add(parameter.Name))
                throw new ArgumentException($"'{parameter.Name}' occurs twice.");
        }
    }

    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>One configuration: each parameter in turn, active or not, from its own stream of <paramref name="random"/>.</summary>
    public Configuration Sample(KeyedRandom random)
    {
        // An array of just the right length: it is kept as long as the run.
        var values = new KeyValuePair<string, ParameterValue>[Parameters.Count];
        var active = 0;
        for (var index = 0; index < values.Length; index++)
        {
            var parameter = Parameters[index];
            if (parameter.When.Count == 0 || parameter.IsActive(new Configuration(new ArraySegment<KeyValuePair<string, ParameterValue>>(values, 0, active))))
                values[active++] = new(parameter.Name, parameter.Domain.Sample(random.Stream(parameter.Name)));
        }
        return new Configuration(active == values.Length ? values : values[..active]);
    }

    /// <summary>Every configuration with its probability, as long as there are at most <paramref name="limit"/>; otherwise <c>null</c>.</summary>
    public IReadOnlyList<(Configuration Configuration, double Probability)>? Enumerate(int limit)
    {
        var found = new List<(Configuration Configuration, double Probability)> { (Configuration.Empty, 1) };
        foreach (var parameter in Parameters)
        {
            var extended = new List<(Configuration Configuration, double Probability)>();
            foreach (var (prefix, probability) in found)
            {
                if (!parameter.IsActive(prefix))
                {
                    extended.Add((prefix, probability));
                    continue;
                }
                if (parameter.Domain.Count is not { } count || count > limit - extended.Count)
                    return null;
                for (var index = 0L; index < count; index++)
                {
                    var (value, share) = parameter.Domain.Outcome(index);
                    extended.Add((new Configuration([.. prefix.Values, new(parameter.Name, value)]), probability * share));
                }
            }
            if (extended.Count > limit)
                return null;
            found = extended;
        }
        return found;
    }
}
