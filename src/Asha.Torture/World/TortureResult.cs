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

    /// <summary>How each experiment ended, in their order; empty: it did not.</summary>
    public required IReadOnlyList<string> Outcomes { get; init; }

    /// <summary>The law that was broken; <c>null</c>: none was.</summary>
    public ViolationException? Broken { get; init; }

    /// <summary>Only the last experiment of it, where a law was broken.</summary>
    public TortureCase Last => Case.IsWhole ? Case with { Experiment = Outcomes.Count } : Case;

    /// <summary>Of a seed: what came of its experiments so far, and of the next one.</summary>
    internal TortureResult And(TortureResult next)
    {
        var faults = new FaultCounts();
        faults.Add(Faults);
        faults.Add(next.Faults);
        return this with
        {
            Hash = (Hash ^ next.Hash) * 0x9E3779B97F4A7C15UL,
            Messages = Messages + next.Messages,
            Events = Events + next.Events,
            Length = Length + next.Length,
            Faults = faults,
            Evaluated = [.. Evaluated.Zip(next.Evaluated, (one, other) => (one.Law, one.Times + other.Times))],
            Transitions = Transitions.Union(next.Transitions).ToHashSet(),
            Foreign = Foreign + next.Foreign,
            Outcomes = [.. Outcomes, .. next.Outcomes],
            Broken = next.Broken,
        };
    }
}
