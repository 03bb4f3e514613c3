using Asha.Core.Experiments;
using Asha.Core.Randomness;
using MathNet.Numerics.Distributions;

namespace Asha.Core.Worlds;

/// <summary>What chance gives to an attempt: the same wherever and whenever it runs.</summary>
/// <param name="Straggler">It takes so many times as long; ≥ 1.</param>
/// <param name="DroppedAfter">It is dropped after so many whole seconds, if it lasts as long; infinite: never.</param>
public readonly record struct AttemptDraw(double Straggler, double DroppedAfter);

/// <summary>How long an attempt lasts, and whether it is dropped then.</summary>
public readonly record struct Course(TimeSpan Length, bool IsDropped);

/// <summary>
/// What a world adds to a job: stragglers and drops. Every draw is a function of (seed, stream, trial, rung, attempt), so that schedulers meet the same ones, whatever the timing (docs/semantics.md).
/// </summary>
/// <param name="Cost">What a job costs a trial that goes on.</param>
/// <param name="SecondsPerUnit">How long a unit of resource takes without a straggler; ≥ 0.</param>
/// <param name="Sigma">σ of the stragglers: an attempt takes 1 + |z| times as long, z ~ N(0, σ); 0: none.</param>
/// <param name="Drops">The probability that an attempt is dropped, a second, 0 … 1.</param>
public sealed record WorldRules(JobCost Cost, double SecondsPerUnit = 1, double Sigma = 0, double Drops = 0)
{
    /// <summary>What chance gives to an attempt.</summary>
    public AttemptDraw Draw(long seed, JobStarted job) => new(Sigma > 0 ? Straggler(seed, job) : 1, Drops > 0 ? DroppedAfter(seed, job) : double.PositiveInfinity);

    /// <summary>The course of an attempt that would take so long if it were not for chance and the node, rounded to a tick once.</summary>
    /// <param name="draw">What chance gave to it.</param>
    /// <param name="seconds">Its seconds on a node of speed 1.</param>
    /// <param name="pace">It takes so many times as long on its node: <see cref="WorldNode.Pace"/>.</param>
    public static Course Of(AttemptDraw draw, decimal seconds, decimal pace = 1)
    {
        // A table's seconds are exact decimals, and stay so where nothing is drawn.
        var ticks = draw.Straggler > 1
            ? Math.Round((double)(seconds * pace) * draw.Straggler * TimeSpan.TicksPerSecond, MidpointRounding.AwayFromZero)
            : (double)Math.Round(seconds * pace * TimeSpan.TicksPerSecond, MidpointRounding.AwayFromZero);
        var length = TimeSpan.FromTicks((long)ticks);
        return draw.DroppedAfter <= length.TotalSeconds ? new Course(TimeSpan.FromSeconds(draw.DroppedAfter), true) : new Course(length, false);
    }

    /// <summary>Seconds of a job by its units. With <see cref="JobCost.Restart"/> there are no checkpoints, so that all jobs start at 0, but for those of trials that run on.</summary>
    public decimal Seconds(JobStarted job) => (decimal)((job.Target - job.Start) * SecondsPerUnit);

    /// <summary>1 + |z|: its mean is 1 + σ·√(2/π).</summary>
    private double Straggler(long seed, JobStarted job) => 1 + Math.Abs(Normal.InvCDF(0, Sigma, Of(seed, "straggler", job).InnerUnit()));

    /// <summary>The first whole second in which a draw with probability p succeeds, by inversion of the geometric distribution.</summary>
    private double DroppedAfter(long seed, JobStarted job)
        => Drops >= 1 ? 1 : Math.Max(1, Math.Ceiling(Math.Log(Of(seed, "drop", job).InnerUnit()) / Math.Log(1 - Drops)));

    private static KeyedRandom Of(long seed, string stream, JobStarted job) => KeyedRandom.Of(seed).Stream(stream).Stream(job.Trial).Stream(job.Rung).Stream(job.Attempt);
}
