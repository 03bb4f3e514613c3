using Asha.Core.Spaces;

namespace Asha.Tuning;

/// <summary>Where a parameter is active: made by <see cref="Parameter{T}.Is"/>.</summary>
public sealed class Condition
{
    /// <summary>One parameter and the values that it may have; <c>null</c> stands for one that no parameter can have.</summary>
    internal sealed record Part(SearchSpace Space, string Parameter, IReadOnlyList<ParameterValue?> Values);

    internal Condition(IReadOnlyList<Part> parts) => Parts = parts;

    /// <summary>All of them must hold.</summary>
    internal IReadOnlyList<Part> Parts { get; }

    /// <summary>Both must hold. They are conditions on different parameters.</summary>
    /// <param name="other">The other condition.</param>
    public Condition And(Condition other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new Condition([.. Parts, .. other.Parts]);
    }

    /// <summary>The condition in words.</summary>
    public override string ToString() => string.Join(" and ", Parts.Select(part => $"'{part.Parameter}' to be {string.Join(" or ", part.Values)}"));
}
