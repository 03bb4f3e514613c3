namespace Asha.Core.Experiments;

/// <summary>A checkpoint that was missing or corrupt when an attempt was to go on from it.</summary>
/// <param name="Event">The attempt's ending; what was wrong is its detail.</param>
/// <param name="Checkpoint">The one that was at fault.</param>
/// <param name="Next">The one before, from which the trial starts again; <c>null</c>: from nothing.</param>
public sealed record CheckpointLoss(AttemptLost Event, CheckpointRef Checkpoint, CheckpointRef? Next);
