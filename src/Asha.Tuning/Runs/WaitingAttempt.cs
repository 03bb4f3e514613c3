using Asha.Actors.Execution;
using Asha.Core.Experiments;

namespace Asha.Tuning.Runs;

/// <summary>An attempt that may be ended before it has begun: then it is over at once, whatever it waits for.</summary>
internal sealed class WaitingAttempt : IAttempt
{
    private readonly Lock _lock = new();
    private readonly IAttemptListener _listener;
    private readonly Action? _givenUp;
    private IAttempt? _attempt;
    private bool _hasBegun, _isStopped;

    private WaitingAttempt(IAttemptListener listener, Action? givenUp) => (_listener, _givenUp) = (listener, givenUp);

    /// <summary>Starts an attempt when something is over, however it went.</summary>
    /// <param name="before">What is waited for.</param>
    /// <param name="start">Starts it.</param>
    /// <param name="listener">The attempt's.</param>
    /// <param name="givenUp">Called, once, when it was ended before that: it waits no more.</param>
    public static WaitingAttempt After(Task before, Func<IAttempt> start, IAttemptListener listener, Action? givenUp = null)
    {
        var waiting = new WaitingAttempt(listener, givenUp);
        _ = before.ContinueWith(_ => waiting.Begin(start), TaskScheduler.Default);
        return waiting;
    }

    public void Stop()
    {
        IAttempt? begun;
        lock (_lock)
        {
            if (!_hasBegun && _isStopped)
                return;
            _isStopped = true;
            begun = _attempt;
            if (_hasBegun && begun is null)
                return; // It failed to start, and has said so.
        }
        if (begun is not null)
        {
            begun.Stop();
            return;
        }
        _givenUp?.Invoke();
        _listener.Ended(new TrialEnding(EndingCause.Stopped));
    }

    private void Begin(Func<IAttempt> start)
    {
        TrialEnding? ending = null;
        lock (_lock)
        {
            if (_isStopped)
                return;
            _hasBegun = true;
            try
            {
                _attempt = start();
            }
            catch (Exception error)
            {
                // Nobody waits for this task: without an ending its slot would be taken for ever.
                ending = new(EndingCause.StartFailed, error.Message);
            }
        }
        if (ending is not null)
            _listener.Ended(ending);
    }
}
