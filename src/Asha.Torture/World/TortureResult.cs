using Asha.Torture.Faults;
using Asha.Torture.Invariants;

namespace Asha.Torture.World;

/// <summary>What came of one case.</summary>
public sealed record TortureResult
{
    public required TortureCase Case { get; init; }

    /// <summary>Of every message that an actor took, and when.</summary>
    public required ulong Hash { get; init; }

    /// <summary>Messages that actors took.</summary>
    public required long Messages { get; init; }

    /// <summary>Jobs started, reports that counted or were rejected, and faults.</summary>
    public required long Events { get; init; }

    /// <summary>Of virtual time.</summary>
    public required TimeSpan Length { get; init; }

    public required FaultCounts Faults { get; init; }

    /// <summary>How often each law was judged, by its name.</summary>
    public required IReadOnlyList<(string Law, long Times)> Evaluated { get; init; }

    /// <summary>Which transitions of the experiment's state happened.</summary>
    public required IReadOnlySet<string> Transitions { get; init; }

    /// <summary>Work that came from other threads; anything but 0 is a mistake of ours.</summary>
    public required long Foreign { get; init; }

    /// <summary>How the experiment ended; empty: it did not.</summary>
    public required string Outcome { get; init; }

    /// <summary>The law that was broken; <c>null</c>: none was.</summary>
    public ViolationException? Broken { get; init; }
}
