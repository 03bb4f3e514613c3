using Akka.Actor;
using Asha.Actors.Messages;

namespace Asha.Actors;

/// <summary>An experiment's own time, and its alarms in it: <see cref="TimeIsUp"/>, when it is to stop, and <see cref="RetryIsDue"/>, when the first back-off ends.</summary>
/// <param name="timers">The experiment's.</param>
/// <param name="scheduler">Whose clock is looked at.</param>
internal sealed class ExperimentClock(ITimerScheduler timers, IScheduler scheduler)
{
    private TimeSpan? _zero;
    private TimeSpan? _retryAlarm, _shunAlarm;

    /// <summary>The time since the experiment's time 0; <c>null</c>: no time is counted yet.</summary>
    public TimeSpan? Elapsed => _zero is { } zero ? Now - zero : null;

    /// <summary>Where time stood when it began to be counted: what had come before that came no earlier, as far as anybody can tell.</summary>
    public TimeSpan WentOn { get; private set; }

    private TimeSpan Now => scheduler.HighResMonotonicClock;

    /// <summary>Time is counted from now on, from where it stood.</summary>
    /// <param name="elapsed">Where that is.</param>
    /// <param name="stop">When the experiment is to stop; <c>null</c>: whenever.</param>
    public void GoOn(TimeSpan elapsed, TimeSpan? stop) => Begin(Now - elapsed, stop);

    /// <summary>Time is counted.</summary>
    /// <param name="zero">Time 0, on the scheduler's clock.</param>
    /// <param name="stop">When the experiment is to stop; <c>null</c>: whenever.</param>
    public void Begin(TimeSpan zero, TimeSpan? stop)
    {
        _zero = zero;
        WentOn = Now - zero;
        if (stop is { } after)
            Ring(zero + after, TimeIsUp.Now);
    }

    /// <summary>Rings when the first back-off ends; that it rang is on record, and nothing else makes a job that waits one that may start.</summary>
    /// <param name="earliest">When that is; <c>null</c>: no job waits.</param>
    public void SetRetryAlarm(TimeSpan? earliest)
    {
        if (_zero is not { } zero || earliest is not { } due || due == _retryAlarm)
            return;
        _retryAlarm = due;
        Ring(zero + due, RetryIsDue.Now);
    }

    /// <summary>Rings when the supervisor is to be told of nodes that are left alone no longer, or otherwise than before.</summary>
    /// <param name="next">When that is; <c>null</c>: there are none.</param>
    public void SetShunAlarm(TimeSpan? next)
    {
        if (_zero is not { } zero || next is not { } due || due == _shunAlarm)
            return;
        _shunAlarm = due;
        Ring(zero + due, HoldAgain.Now, nameof(SetShunAlarm));
    }

    /// <summary>It has rung; perhaps a moment early: then it is set once more.</summary>
    public void RetryAlarmRang() => _retryAlarm = null;

    /// <summary>The same of the other; it is set once more also where something else had the supervisor told.</summary>
    public void ShunAlarmRang() => _shunAlarm = null;

    /// <summary>At once, where that time is past: a run that is gone on with may be beyond it.</summary>
    private void Ring(TimeSpan time, object alarm, object? key = null)
    {
        var wait = time - Now;
        timers.StartSingleTimer(key ?? alarm, alarm, wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
    }
}
