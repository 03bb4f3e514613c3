using Asha.Torture.Faults;

namespace Asha.Torture.World;

/// <summary>One case: a seed, and what is taken away of what it draws, so that a failure can be made smaller. The same case gives the same run.</summary>
/// <param name="Seed">What everything is drawn from.</param>
public sealed record TortureCase(long Seed)
{
    /// <summary>Of the seed's experiments only this one, counted from 1; <c>null</c>: all of them, or, of a case of which anything but kinds of faults is taken away, the first.</summary>
    public int? Experiment { get; init; }

    /// <summary>No more nodes at the beginning than these; <c>null</c>: as many as are drawn.</summary>
    public int? Nodes { get; init; }

    /// <summary>No more trials than these.</summary>
    public int? Trials { get; init; }

    /// <summary>Kinds of faults that do not happen, though they were drawn.</summary>
    public IReadOnlyList<Fault> Without { get; init; } = [];

    /// <summary>The share of its time that the fire lasts, 0 … 1.</summary>
    public double Fire { get; init; } = 1;

    /// <summary>All the seed's experiments, one after the other, each as it was drawn; else it is one experiment.</summary>
    public bool IsWhole => Experiment is null && Nodes is null && Trials is null && Fire >= 1;
}
