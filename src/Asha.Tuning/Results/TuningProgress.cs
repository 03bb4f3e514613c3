using System.Globalization;

namespace Asha.Tuning;

/// <summary>What <see cref="TuningProgress"/> tells of.</summary>
public enum TuningProgressKind
{
    /// <summary>A trial has a result.</summary>
    Result,
    /// <summary>A trial goes on to the next rung.</summary>
    Promoted,
    /// <summary>An attempt failed, and will be made again.</summary>
    TriedAgain,
    /// <summary>A trial failed for good.</summary>
    Failed,
    /// <summary>A report did not count.</summary>
    ReportRejected,
    /// <summary>A slot was given up.</summary>
    SlotRetired,
    /// <summary>No more trials are sampled: the search space is used up.</summary>
    SamplingEnded,
    /// <summary>A trial was promoted and starts again from nothing: its checkpoint had gone to keep within the disk budget.</summary>
    StartedAgain,
}

/// <summary>Something worth knowing of a run under way.</summary>
/// <param name="Elapsed">Since the run's start.</param>
/// <param name="Kind">What.</param>
/// <param name="Trial">Which trial; <c>null</c> where it is of none.</param>
/// <param name="Resource">The result's resource, or the level that a trial is promoted to; otherwise NaN.</param>
/// <param name="Metric">The metric, as reported; NaN where there is none.</param>
/// <param name="Detail">In words: why.</param>
public sealed record TuningProgress(TimeSpan Elapsed, TuningProgressKind Kind, int? Trial, double Resource, double Metric, string Detail)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"[{Elapsed:hh\\:mm\\:ss\\.f}] {(Trial is null ? "" : $"trial {Trial} ")}{Kind}{(double.IsNaN(Resource) ? "" : $" at {Resource}: {Metric}")}{(Detail.Length == 0 ? "" : $" ({Detail})")}");
}
