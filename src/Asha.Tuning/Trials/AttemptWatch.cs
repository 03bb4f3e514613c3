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
    private int _looking;

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

    /// <summary>It is to be given up, and its code goes on; <c>false</c>: its code has returned just now.</summary>
    public bool Abandon(InProcessAttempt attempt)
    {
        lock (_lock)
            return _running.Remove(attempt) && _abandoned.Add(attempt);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        // A disk that keeps one look waiting must not keep a thread more waiting with every tick.
        if (Interlocked.Exchange(ref _looking, 1) == 1)
            return;
        try
        {
            CheckAll();
        }
        finally
        {
            Volatile.Write(ref _looking, 0);
        }
    }

    private void CheckAll()
    {
        InProcessAttempt[] running;
        lock (_lock)
            running = [.. _running];
        foreach (var attempt in running)
            attempt.Check();
    }
}
