using Asha.Core.Experiments;

namespace Asha.Actors.Execution;

/// <summary>Brings the checkpoint here that an attempt is to go on from, where it is not here yet.</summary>
/// <param name="launch">The attempt; <see cref="TrialLaunch.Holder"/> has the checkpoint.</param>
/// <param name="checkpoint">What it is to go on from.</param>
/// <param name="stop">The attempt is not wanted any more.</param>
/// <returns><c>null</c>: it was here. Otherwise how it came, in <see cref="CheckpointFinding.Detail"/>; or with a fault, why it is not to be had.</returns>
public delegate Task<CheckpointFinding?> CheckpointFetch(TrialLaunch launch, CheckpointRef checkpoint, CancellationToken stop);
