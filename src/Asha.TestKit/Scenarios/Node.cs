using Asha.Core.Worlds;

namespace Asha.TestKit;

/// <summary>
/// A machine of a scenario: how many jobs it runs at a time, how fast, and when it is there. Immutable; each method returns a changed copy. Times are seconds since the run's start. Nodes are <c>node-0</c>, <c>node-1</c> … in the order of
/// <see cref="Scenario.Nodes(Node[])"/>, and slots are numbered in the order in which they join.
/// </summary>
public sealed record Node
{
    /// <param name="slots">How many jobs it runs at a time; ≥ 1.</param>
    public Node(int slots = 1) => World = new WorldNode(slots);

    internal Node(WorldNode world) => World = world;

    internal WorldNode World { get; private init; }

    internal (int Rung, double Times)? SlowRung { get; private init; }

    /// <summary>Divides the length of its jobs, but neither start-up nor checkpoint nor latency.</summary>
    /// <param name="speed">&gt; 0; 1 where nothing is said.</param>
    public Node Speed(double speed) => this with { World = World with { Speed = speed } };

    /// <summary>Jobs that start here at a time or later take so many times as long. One that is under way keeps its length.</summary>
    /// <param name="time">Seconds, ≥ 0.</param>
    /// <param name="times">&gt; 0.</param>
    public Node SlowFrom(double time, double times) => this with { World = World with { Slow = new Slowdown(Time(time), times) } };

    /// <summary>Jobs to one rung take so many times as long here; the others do not.</summary>
    /// <param name="rung">Numbered from 0: the second rung is 1.</param>
    /// <param name="times">&gt; 0.</param>
    public Node SlowAtRung(int rung, double times) => this with { SlowRung = (rung, times) };

    /// <summary>It is there from this time on, and not from the beginning.</summary>
    /// <param name="time">Seconds, ≥ 0.</param>
    public Node Joins(double time) => this with { World = World with { Joins = Time(time) } };

    /// <summary>It takes no more jobs from this time on, and finishes those that it has.</summary>
    /// <param name="time">Seconds, after it joined.</param>
    public Node Leaves(double time) => this with { World = World with { Leaves = Time(time) } };

    /// <summary>It stops answering: what it runs is lost, and tried again elsewhere.</summary>
    /// <param name="time">Seconds, after it joined.</param>
    /// <param name="removedAfter">So many seconds later it is given up; until then its slots count, idle as <c>node-lost</c>.</param>
    public Node Dies(double time, double removedAfter = 0) => this with { World = World with { Dies = Time(time), RemovedAfter = Time(removedAfter) } };

    /// <summary>A time that nobody could mean is told when the scenario is checked, and not here.</summary>
    private static TimeSpan Time(double seconds) => double.IsFinite(seconds) && Math.Abs(seconds) <= Seconds.Most ? Seconds.Span(seconds) : TimeSpan.MinValue;
}
