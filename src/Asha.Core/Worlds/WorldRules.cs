using Asha.Core.Experiments;
using Asha.Core.Randomness;
using Asha.Core.Spaces;
using MathNet.Numerics;

namespace Asha.Core.Worlds;

/// <summary>What chance gives to an attempt: the same wherever and whenever it runs.</summary>
/// <param name="Straggler">It takes so many times as long; &gt; 0.</param>
/// <param name="DroppedAfter">It is dropped after so many whole seconds, if it lasts as long; infinite: never.</param>
public readonly record struct AttemptDraw(double Straggler, double DroppedAfter)
{
    /// <summary>Where nothing is drawn.</summary>
    public static AttemptDraw None { get; } = new(1, double.PositiveInfinity);
}

/// <summary>How long an attempt lasts, and whether it is dropped then.</summary>
public readonly record struct Course(TimeSpan Length, bool IsDropped);

/// <summary>
/// What a world adds to a job: stragglers, drops and fixed costs. Every draw is a function of (seed, stream, trial, rung, attempt), so that schedulers meet the same ones, whatever the timing (docs/semantics.md).
/// </summary>
/// <param name="Cost">What a job costs a trial that goes on.</param>
/// <param name="Drops">The probability that an attempt is dropped, a second, 0 … 1.</param>
public sealed record WorldRules(JobCost Cost, double Drops = 0)
{
    /// <summary>How long a unit of resource takes without a straggler.</summary>
    public UnitCost PerUnit { get; init; } = new(1);

    public Stragglers Stragglers { get; init; }

    /// <summary>σ of the stragglers; 0: there are none.</summary>
    public double Sigma => Stragglers.Sigma;

    /// <summary>No attempt lasts longer, whatever its straggler: 3,000 years. Far below what a <see cref="TimeSpan"/> holds, so that a time and the length of an attempt can be added.</summary>
    public static TimeSpan LongestCourse { get; } = TimeSpan.FromSeconds(1e11);

    /// <summary>At the beginning of every attempt.</summary>
    public TimeSpan StartUp { get; init; }

    /// <summary>At the end of every attempt that reaches its level, where trials resume.</summary>
    public TimeSpan Checkpoint { get; init; }

    /// <summary>What is added to an attempt's length whatever node it runs on and whatever chance says. A trial that goes on has started up already.</summary>
    public TimeSpan Fixed(JobStarted job) => (job.GoesOn ? TimeSpan.Zero : StartUp) + (Cost == JobCost.Resume ? Checkpoint : TimeSpan.Zero);

    /// <summary>What chance gives to an attempt.</summary>
    public AttemptDraw Draw(long seed, JobStarted job) => new(
        Stragglers.Sigma > 0 ? Stragglers.Factor(Of(seed, "straggler", job).InnerUnit()) : 1, Drops > 0 ? DroppedAfter(seed, job) : double.PositiveInfinity);

    /// <summary>The course of an attempt that would take so long if it were not for chance and the node, rounded to a tick once.</summary>
    /// <param name="draw">What chance gave to it.</param>
    /// <param name="seconds">Its seconds on a node of speed 1.</param>
    /// <param name="pace">It takes so many times as long on its node: <see cref="WorldNode.Pace"/>.</param>
    /// <param name="added">What is added whatever the node: <see cref="Fixed(JobStarted)"/>.</param>
    public static Course Of(AttemptDraw draw, decimal seconds, decimal pace = 1, TimeSpan added = default)
    {
        var length = Length(draw.Straggler, seconds, pace) + added;
        return draw.DroppedAfter <= length.TotalSeconds ? new Course(TimeSpan.FromSeconds(draw.DroppedAfter), true) : new Course(length, false);
    }

    private static TimeSpan Length(double straggler, decimal seconds, decimal pace)
    {
        // Decimals overflow as well, so this comes first.
        if ((double)seconds * (double)pace * straggler >= LongestCourse.TotalSeconds)
            return LongestCourse;
        // A table's seconds are exact decimals, and stay so where nothing is drawn.
        var ticks = straggler != 1
            ? Math.Round((double)(seconds * pace) * straggler * TimeSpan.TicksPerSecond, MidpointRounding.AwayFromZero)
            : (double)Math.Round(seconds * pace * TimeSpan.TicksPerSecond, MidpointRounding.AwayFromZero);
        return TimeSpan.FromTicks((long)ticks);
    }

    /// <summary>Seconds of a job by its units, on a node of speed 1. With <see cref="JobCost.Restart"/> there are no checkpoints, so that all jobs start at 0, but for those of trials that run on.</summary>
    public decimal Seconds(JobStarted job, Configuration? parameters = null) => (decimal)((job.Target - job.Start) * PerUnit.Seconds(parameters ?? Configuration.Empty));

    /// <summary>The first whole second in which a draw with probability p succeeds, by inversion of the geometric distribution; ln(1 − p) as such would be 0 where p is below the precision of 1.</summary>
    private double DroppedAfter(long seed, JobStarted job)
        => Drops >= 1 ? 1 : Math.Max(1, Math.Ceiling(Math.Log(Of(seed, "drop", job).InnerUnit()) / SpecialFunctions.Log1p(-Drops)));

    private static KeyedRandom Of(long seed, string stream, JobStarted job) => KeyedRandom.Of(seed).Stream(stream).Stream(job.Trial).Stream(job.Rung).Stream(job.Attempt);
}
