using System.Diagnostics.CodeAnalysis;

namespace Asha.Core.Spaces;

/// <summary>The values of the active parameters of one trial, in the order of the search space.</summary>
public sealed class Configuration(IReadOnlyList<KeyValuePair<string, ParameterValue>> values)
{
    /// <summary>No parameter at all: trials of a recorded table have none.</summary>
    public static Configuration Empty { get; } = new([]);

    public IReadOnlyList<KeyValuePair<string, ParameterValue>> Values { get; } = values;

    public bool TryGet(string name, [MaybeNullWhen(false)] out ParameterValue value)
    {
        foreach (var pair in Values)
        {
            if (pair.Key == name)
            {
                value = pair.Value;
                return true;
            }
        }
        value = default;
        return false;
    }

    /// <summary>Whether both name the same parameters with the same values.</summary>
    public bool Means(Configuration other) => Values.Count == other.Values.Count
        && Values.All(own => other.TryGet(own.Key, out var value) && own.Value.Means(value));

    public override string ToString() => string.Join(", ", Values.Select(pair => $"{pair.Key}={pair.Value}"));
}
