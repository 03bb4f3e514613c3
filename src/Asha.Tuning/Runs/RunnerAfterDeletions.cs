using Asha.Actors.Execution;
using Asha.Core.Experiments;

namespace Asha.Tuning.Runs;

/// <summary>Starts an attempt when what was to be deleted before it is deleted: otherwise the next checkpoint might be there before the room for it, and the disk budget a wish.</summary>
/// <param name="runner">Runs the attempts.</param>
/// <param name="deletions">Completes when all that is to be deleted so far is; <c>null</c>: nothing is.</param>
internal sealed class RunnerAfterDeletions(ITrialRunner runner, Func<Task?> deletions) : ITrialRunner
{
    public IAttempt Start(TrialLaunch launch, IAttemptListener listener)
    {
        if (deletions() is not { } deleted)
            return runner.Start(launch, listener);
        var waiting = new Waiting();
        _ = deleted.ContinueWith(_ => waiting.Begin(() => runner.Start(launch, listener), listener), TaskScheduler.Default);
        return waiting;
    }

    /// <summary>An attempt that may be stopped before it has begun.</summary>
    private sealed class Waiting : IAttempt
    {
        private readonly Lock _lock = new();
        private IAttempt? _attempt;
        private bool _isStopped;

        public void Begin(Func<IAttempt> start, IAttemptListener listener)
        {
            TrialEnding? ending = null;
            lock (_lock)
            {
                try
                {
                    if (_isStopped)
                        ending = new(EndingCause.Stopped);
                    else
                        _attempt = start();
                }
                catch (Exception error)
                {
                    // Nobody waits for this task: without an ending its slot would be taken for ever.
                    ending = new(EndingCause.StartFailed, error.Message);
                }
            }
            if (ending is not null)
                listener.Ended(ending);
        }

        public void Stop()
        {
            lock (_lock)
                _isStopped = true;
            _attempt?.Stop();
        }
    }
}
