using Asha.Actors.Execution;
using Asha.Actors.Messages;

namespace Asha.Tuning.Runs;

/// <summary>
/// The deletions of a run's checkpoints. Deleting may wait for the disk: not on an actor's thread. But one at a time, in the order of the messages: two at work on one folder find things gone under their hands, and give up.
/// </summary>
/// <param name="checkpoints">The run's.</param>
internal sealed class CheckpointLine(CheckpointStore checkpoints)
{
    private readonly TaskFactory _line = new(new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler);
    private int _underWay;

    /// <summary>Completes when all that is to be deleted so far is; <c>null</c>: nothing is.</summary>
    public Task? UnderWay => Volatile.Read(ref _underWay) == 0 ? null : _line.StartNew(() => { });

    /// <summary>Deletes what an experiment needs no longer.</summary>
    /// <returns>It fails where something could not be deleted.</returns>
    public Task Release(ReleaseCheckpoints release) => Delete(() =>
    {
        var deleted = release.Keep is { } keep ? checkpoints.Prune(release.Trial, keep, release.Also)
            : release.Attempts is { } attempts ? checkpoints.DiscardFirst(release.Trial, attempts) : checkpoints.Discard(release.Trial);
        if (!deleted)
            throw new IOException($"The checkpoints of trial {release.Trial}{(release.Run is { } run ? $" of {run}" : "")} could not be deleted.");
    });

    /// <summary>In line with what is to be deleted already. It counts as under way until it is over, however it ends: a start waits for it.</summary>
    public Task Delete(Action delete)
    {
        Interlocked.Increment(ref _underWay);
        return _line.StartNew(() =>
        {
            try
            {
                delete();
            }
            finally
            {
                Interlocked.Decrement(ref _underWay);
            }
        });
    }
}
