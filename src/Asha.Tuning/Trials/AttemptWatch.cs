namespace Asha.Tuning.Trials;

/// <summary>One timer for the limits and graces of all attempts of a run: an attempt that is done at once must cost none.</summary>
internal sealed class AttemptWatch : IDisposable
{
    /// <summary>So much later than due an attempt may be told to end.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly HashSet<InProcessAttempt> _running = [];
    private readonly HashSet<InProcessAttempt> _abandoned = [];
    private readonly ITimer _timer;

    public AttemptWatch(TimeProvider time) => _timer = time.CreateTimer(_ => Look(), null, Period, Period);

    /// <summary>The trials that were given up and whose code has not returned since.</summary>
    public IReadOnlyList<int> Abandoned
    {
        get
        {
            lock (_lock)
                return [.. _abandoned.Select(attempt => attempt.Launch.Trial).Distinct().Order()];
        }
    }

    public void Add(InProcessAttempt attempt)
    {
        lock (_lock)
            _running.Add(attempt);
    }

    /// <summary>Its code has returned.</summary>
    public void Remove(InProcessAttempt attempt)
    {
        lock (_lock)
        {
            if (!_running.Remove(attempt))
                _abandoned.Remove(attempt);
        }
    }

    /// <summary>It was given up; its code goes on.</summary>
    public void Abandon(InProcessAttempt attempt)
    {
        lock (_lock)
        {
            if (_running.Remove(attempt))
                _abandoned.Add(attempt);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        InProcessAttempt[] running;
        lock (_lock)
            running = [.. _running];
        foreach (var attempt in running)
            attempt.Check();
    }
}
