using Asha.Actors.Execution;

namespace Asha.Tuning.Runs;

/// <summary>Starts an attempt when what was to be deleted before it is deleted: otherwise the next checkpoint might be there before the room for it, and the disk budget a wish.</summary>
/// <param name="runner">Runs the attempts.</param>
/// <param name="deletions">Completes when all that is to be deleted so far is; <c>null</c>: nothing is.</param>
internal sealed class RunnerAfterDeletions(ITrialRunner runner, Func<Task?> deletions) : ITrialRunner
{
    public IAttempt Start(TrialLaunch launch, IAttemptListener listener)
        => deletions() is { } deleted ? WaitingAttempt.After(deleted, () => runner.Start(launch, listener), listener) : runner.Start(launch, listener);
}
