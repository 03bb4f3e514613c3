namespace Asha.Tuning;

/// <summary>How a run ended.</summary>
public enum TuningOutcome
{
    /// <summary>Nothing was left to do.</summary>
    Completed,
    /// <summary>One of <see cref="TuningOptions.Stop"/> held, or none of the first ten trials could be trained.</summary>
    Stopped,
    /// <summary>The token given to <see cref="Tuner.RunAsync"/> was cancelled; <see cref="TuningOptions.Resume"/> goes on with it.</summary>
    Interrupted,
    /// <summary>It was paused from outside, by <c>asha pause</c>: <see cref="TuningOptions.Resume"/> goes on with it.</summary>
    Paused,
    /// <summary>It was given up from outside, by <c>asha cancel</c>.</summary>
    Cancelled,
    /// <summary>No slot was left: each was given up with a trial that ignored its cancellation.</summary>
    Failed,
}
