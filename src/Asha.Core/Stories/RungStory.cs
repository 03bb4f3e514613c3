using Asha.Core.Scheduling;

namespace Asha.Core.Stories;

/// <summary>Where a trial's result stood in its rung at a moment.</summary>
/// <param name="Rank">Its rank among the results of that moment, from 1.</param>
/// <param name="Results">How many there were, those that are not finite included.</param>
/// <param name="Candidates">How many of the best might be promoted: of SHA 0 until the barrier, of the top rung always.</param>
/// <param name="CutOff">The metric, as reported, of the last of the best ⌊m/η⌋ (of at least one where trials stop); <c>null</c> where there is none, in the top rung, or where it is not finite.</param>
public readonly record struct RungMoment(TimeSpan Time, int Rank, int Results, int Candidates, double? CutOff)
{
    /// <summary>Whether it was among those that might be promoted, were it finite.</summary>
    public bool IsAmong => Rank <= Candidates;

    /// <summary>Whether it came closer to being promoted than at another moment: first of all, somebody could be; then by how many ranks it lacked.</summary>
    public bool IsCloserThan(RungMoment other)
        => Candidates > 0 != other.Candidates > 0 ? Candidates > 0 : Rank - Candidates < other.Rank - other.Candidates;
}

/// <summary>A trial's result in a rung, and what became of it there.</summary>
public sealed class RungStory(int rung, double level, RungRule rule, double resource, double metric, bool isFailure, RungMoment arrival)
{
    public int Rung { get; } = rung;

    public double Level { get; } = level;

    public RungRule Rule { get; } = rule;

    /// <summary>As reported; where it failed, how far it got.</summary>
    public double Resource { get; } = resource;

    /// <summary>As reported; NaN where it failed.</summary>
    public double Metric { get; } = metric;

    /// <summary>It failed for good on its way here, which counts as a result that is not finite.</summary>
    public bool IsFailure { get; } = isFailure;

    /// <summary>When its result counted, itself included.</summary>
    public RungMoment Arrival { get; } = arrival;

    /// <summary>How many results SHA's rung waits for; <c>null</c> with another rule.</summary>
    public int? WaitsFor { get; internal set; }

    /// <summary>When it was promoted, as recorded; <c>null</c>: it was not.</summary>
    public RungMoment? Promotion { get; internal set; }

    /// <summary>The first of the moments, until it was promoted, at which it was closest to it; with <see cref="RungRule.Stopping"/> that of its arrival, the only one.</summary>
    public RungMoment BestChance { get; internal set; } = arrival;

    /// <summary>Whether it was passed over here, so that <see cref="BestChance"/> says how closely: a finite result below the top rung that was not promoted.</summary>
    public bool HasChance => Promotion is null && Rule != RungRule.Top && double.IsFinite(Metric);

    /// <summary>From when on it could not be promoted any more, whatever results were to come; <c>null</c>: it could, as far as its rung knew.</summary>
    public TimeSpan? HopelessSince { get; internal set; }

    /// <summary>Now, at the end of the recording.</summary>
    public RungMoment Last { get; internal set; } = arrival;
}
