namespace Asha.Actors.Execution;

/// <summary>Calls once a limit has passed since some moment, which may move on meanwhile.</summary>
internal sealed class Deadline : IDisposable
{
    /// <summary>Timers take some 49 days at most.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromDays(40);

    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(1);

    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly Action _passed;
    private readonly ITimer _timer;
    private long _since;

    public Deadline(TimeProvider time, TimeSpan limit, Action passed)
    {
        (_time, _limit, _passed, _since) = (time, limit, passed, time.GetTimestamp());
        _timer = time.CreateTimer(_ => Check(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Check();
    }

    /// <summary>The limit counts from now. Cheap: the timer finds out when it fires.</summary>
    public void Restart() => Volatile.Write(ref _since, _time.GetTimestamp());

    public void Dispose() => _timer.Dispose();

    private void Check()
    {
        var rest = _limit - _time.GetElapsedTime(Volatile.Read(ref _since));
        if (rest <= TimeSpan.Zero)
            _passed();
        else
            // Timers count in whole milliseconds and may fire a little early; less than one would be a busy loop.
            _timer.Change(rest < _shortest ? _shortest : rest < _longest ? rest : _longest, Timeout.InfiniteTimeSpan);
    }
}
