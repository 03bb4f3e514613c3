namespace Asha.Tuning;

/// <summary>Where a trial stood at the end of its run.</summary>
public enum TrialStatus
{
    /// <summary>It has a result, and was not promoted from there.</summary>
    Stopped,
    /// <summary>It was trained up to the largest resource.</summary>
    Completed,
    /// <summary>It failed for good.</summary>
    Failed,
    /// <summary>The run ended while it was running, or waiting for a slot.</summary>
    Cancelled,
}
