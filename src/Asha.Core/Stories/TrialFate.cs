using Asha.Core.Experiments;

namespace Asha.Core.Stories;

/// <summary>Why a trial's story ends where it does.</summary>
public enum TrialFate
{
    /// <summary>It was trained up to the top rung.</summary>
    Completed,
    /// <summary>It has a result in its rung and was never promoted from there: the run has ended, or it could not be promoted any more whatever came.</summary>
    NotPromoted,
    /// <summary>Its result in its rung is not finite, and such results are never promoted.</summary>
    NotFinite,
    /// <summary>It failed for good.</summary>
    Failed,
    /// <summary>The run ended while it ran, or waited for a slot.</summary>
    Cut,
    /// <summary>It has a result in its rung, and may still be promoted.</summary>
    Paused,
    /// <summary>Its job waits for a slot.</summary>
    Waiting,
    Running,
}

/// <summary>What became of trials.</summary>
public static class TrialFates
{
    extension(TrialStory story)
    {
        /// <summary>What became of the trial, at the end of the recording. It must have been sampled.</summary>
        /// <param name="state">The state after the last event.</param>
        public TrialFate FateIn(ExperimentState state) => state.Trials[story.Trial].Phase switch
        {
            TrialPhase.Completed => TrialFate.Completed,
            TrialPhase.Failed => TrialFate.Failed,
            TrialPhase.Cancelled => TrialFate.Cut,
            TrialPhase.Pending => TrialFate.Waiting,
            TrialPhase.Running => TrialFate.Running,
            _ when !double.IsFinite(story.Rungs[^1].Metric) => TrialFate.NotFinite,
            _ when state.Ended is not null || story.Rungs[^1].HopelessSince is not null => TrialFate.NotPromoted,
            _ => TrialFate.Paused,
        };
    }
}
