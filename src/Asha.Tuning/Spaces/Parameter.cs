using Asha.Core.Spaces;

namespace Asha.Tuning;

/// <summary>The handle of one parameter of a <see cref="SearchSpace"/>, whose methods make it.</summary>
/// <typeparam name="T">The type of its values.</typeparam>
public sealed class Parameter<T>
{
    private readonly Func<ParameterValue, T> _read;

    internal Parameter(SearchSpace space, string name, Condition? when, Func<ParameterValue, T> read)
        => (Space, Name, When, _read) = (space, name, when, read);

    /// <summary>Its name, in the search space and in the run's folder.</summary>
    public string Name { get; }

    internal SearchSpace Space { get; }

    internal Condition? When { get; }

    /// <summary>
    /// The condition that this parameter is active and has one of the values, for the parameters that depend on it: <c>space.Uniform("momentum", 0.5, 0.99, when: optimizer.Is("sgd"))</c>. Nothing can
    /// depend on a real number, or on a value that the parameter never takes.
    /// </summary>
    /// <param name="values">One value or more.</param>
    public Condition Is(params IReadOnlyList<T> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new Condition([new Condition.Part(Space, Name, [.. values.Select(Recorded.Of)])]);
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    internal T Read(ParameterValue value) => _read(value);
}
