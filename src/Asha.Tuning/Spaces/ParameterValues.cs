using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Asha.Core.Spaces;

namespace Asha.Tuning;

/// <summary>
/// The values of the active parameters of one configuration. A trial gets one, results have one, and you make one, to be tried first, from an empty one:
/// <c>new ParameterValues().With(rate, 0.01).With(optimizer, "adam")</c>. It never changes.
/// </summary>
/// <remarks>As a sequence it gives each active parameter's name and recorded value: a <see cref="double"/>, <see cref="long"/>, <see cref="string"/> or <see cref="bool"/>.</remarks>
[SuppressMessage("Naming", "CA1710", Justification = "It is a configuration first, and a sequence for those who print it.")]
public sealed class ParameterValues : IEnumerable<KeyValuePair<string, object>>
{
    /// <summary>No value at all, to begin with.</summary>
    public ParameterValues() : this(Configuration.Empty) { }

    internal ParameterValues(Configuration configuration) => Configuration = configuration;

    internal Configuration Configuration { get; }

    /// <summary>A parameter's value.</summary>
    /// <exception cref="KeyNotFoundException">The parameter is not active here, or is none of this search space; the message says which.</exception>
    public T Get<T>(Parameter<T> parameter) => TryGet(parameter, out var value) ? value : throw new KeyNotFoundException(parameter.When is { } when
        ? $"'{parameter.Name}' is not active in this configuration: it needs {when}. Ask with TryGet, or give Get a second value for that case."
        : $"'{parameter.Name}' has no value in this configuration: it is no parameter of its search space.");

    /// <summary>A parameter's value, or <paramref name="otherwise"/> where it is not active.</summary>
    public T Get<T>(Parameter<T> parameter, T otherwise) => TryGet(parameter, out var value) ? value : otherwise;

    /// <summary>A parameter's value, where it is active.</summary>
    /// <returns>Whether it is.</returns>
    public bool TryGet<T>(Parameter<T> parameter, [MaybeNullWhen(false)] out T value)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (Configuration.TryGet(parameter.Name, out var recorded))
        {
            value = parameter.Read(recorded);
            return true;
        }
        value = default;
        return false;
    }

    /// <summary>The same values, and this one.</summary>
    /// <exception cref="ArgumentException">The value cannot be recorded: it is not finite, or of a type that no parameter has.</exception>
    public ParameterValues With<T>(Parameter<T> parameter, T value)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (Recorded.Of(value) is not { } recorded)
            throw new ArgumentException($"{value} is no value of a parameter.", nameof(value));
        return new ParameterValues(new Configuration([.. Configuration.Values.Where(pair => pair.Key != parameter.Name), new(parameter.Name, recorded)]));
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object>> GetEnumerator()
        => Configuration.Values.Select(pair => KeyValuePair.Create(pair.Key, Recorded.Plain(pair.Value))).GetEnumerator();

    /// <summary>Names and values, separated by commas.</summary>
    public override string ToString() => Configuration.ToString();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
