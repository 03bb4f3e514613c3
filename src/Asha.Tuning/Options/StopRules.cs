namespace Asha.Tuning;

/// <summary>When a run stops although there is work left: whichever comes first. Running trials are cancelled.</summary>
public sealed record StopRules
{
    /// <summary>So much time has passed since the start.</summary>
    public TimeSpan? After { get; init; }

    /// <summary>So many trials have a first result, or failed; 1 … 10 000 000.</summary>
    public int? Trials { get; init; }

    /// <summary>So much resource was trained, over all attempts; more than 0, at most 1e18.</summary>
    public double? Resource { get; init; }

    /// <summary>A result is at least as good.</summary>
    public double? Metric { get; init; }

    /// <summary>So many trials have failed for good and none has had a result; 1 … 10 000 000. Left out: 10. What ends a run that does well is one of the other rules.</summary>
    public int? Hopeless { get; init; }
}
