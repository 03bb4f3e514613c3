using Asha.Core.Randomness;

namespace Asha.Core.Worlds;

/// <summary>Jobs that start at or after <paramref name="From"/> take <paramref name="Factor"/> &gt; 0 times as long.</summary>
public sealed record Slowdown(TimeSpan From, double Factor);

/// <summary>A node fails by chance, and comes back.</summary>
/// <param name="MeanTimeBetween">The mean of the exponential time from joining to failing; &gt; 0.</param>
/// <param name="Repair">So long after a failure it joins again; &gt; 0.</param>
public sealed record NodeFailures(TimeSpan MeanTimeBetween, TimeSpan Repair);

/// <summary>What happens to a node. Of changes at one time, the first kind comes first.</summary>
public enum NodeChangeKind
{
    /// <summary>Its slots may be given jobs.</summary>
    Joins,
    /// <summary>It takes no more jobs, and finishes those that it has.</summary>
    Leaves,
    /// <summary>It does not answer any more; its slots still count.</summary>
    Dies,
    /// <summary>It is given up: its slots count no longer.</summary>
    Removed,
}

/// <summary>At a time, something happens to a node.</summary>
public readonly record struct NodeChange(TimeSpan Time, NodeChangeKind Kind);

/// <summary>One machine of a world: how fast it is, and when it is there (docs/scenarios.md). Nothing here depends on what runs on it.</summary>
/// <param name="Slots">How many jobs it runs at a time; ≥ 1.</param>
public sealed record WorldNode(int Slots)
{
    /// <summary>Divides the length of its jobs; &gt; 0.</summary>
    public double Speed { get; init; } = 1;

    public Slowdown? Slow { get; init; }

    public TimeSpan Joins { get; init; }

    /// <summary>After <see cref="Joins"/>; <c>null</c>: it stays.</summary>
    public TimeSpan? Leaves { get; init; }

    /// <summary>After <see cref="Joins"/>; <c>null</c>: it does not die, but for <see cref="Failures"/>.</summary>
    public TimeSpan? Dies { get; init; }

    /// <summary>So long after its death it is given up.</summary>
    public TimeSpan RemovedAfter { get; init; }

    public NodeFailures? Failures { get; init; }

    /// <summary>How many times as long a job takes here that starts now.</summary>
    public decimal Pace(TimeSpan now) => (Slow is { } slow && now >= slow.From ? (decimal)slow.Factor : 1) / (decimal)Speed;

    /// <summary>The greatest <see cref="Pace"/> of any time.</summary>
    public decimal SlowestPace => Math.Max(Pace(TimeSpan.Zero), Pace(TimeSpan.MaxValue));

    /// <summary>The least <see cref="Pace"/> of any time.</summary>
    public decimal FastestPace => Math.Min(Pace(TimeSpan.Zero), Pace(TimeSpan.MaxValue));

    /// <summary>
    /// What happens to it, in the order of time; without end where it fails by chance. How long it is up is drawn by (seed, "node", node, how often it was up before). One that leaves may still fail while it finishes its jobs, and does not
    /// come back then.
    /// </summary>
    /// <param name="seed">The run's.</param>
    /// <param name="number">The node's, from 0.</param>
    public IEnumerable<NodeChange> Changes(long seed, int number)
    {
        var joins = Joins;
        for (var life = 0; ; life++)
        {
            yield return new NodeChange(joins, NodeChangeKind.Joins);
            var fails = Failures is { } drawn ? joins + Lifetime(drawn, seed, number, life) : TimeSpan.MaxValue;
            var dies = Dies < fails ? Dies.Value : fails;
            if (Leaves <= dies)
                yield return new NodeChange(Leaves.Value, NodeChangeKind.Leaves);
            if (dies == TimeSpan.MaxValue)
                yield break;
            yield return new NodeChange(dies, NodeChangeKind.Dies);
            var removed = dies + RemovedAfter;
            var back = Failures is { } repaired ? dies + repaired.Repair : TimeSpan.MaxValue;
            if (dies == Dies || back >= Dies || back >= Leaves || back == TimeSpan.MaxValue)
            {
                yield return new NodeChange(removed, NodeChangeKind.Removed);
                yield break;
            }
            yield return new NodeChange(removed < back ? removed : back, NodeChangeKind.Removed);
            joins = back;
        }
    }

    /// <summary>Exponential, by inversion; never nothing.</summary>
    private static TimeSpan Lifetime(NodeFailures failures, long seed, int number, int life)
    {
        var ticks = -Math.Log(KeyedRandom.Of(seed).Stream("node").Stream(number).Stream(life).InnerUnit()) * failures.MeanTimeBetween.Ticks;
        return TimeSpan.FromTicks(Math.Max(1, (long)Math.Round(ticks, MidpointRounding.AwayFromZero)));
    }
}
