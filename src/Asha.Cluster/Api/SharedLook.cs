namespace Asha.Cluster.Api;

/// <summary>
/// One question that many ask at the same time: it is put once for all who wait, and not more often than it may. Whoever asks gets an answer to a question that was put after he came (so he sees what he has done himself), or,
/// where that is allowed, one that was there shortly before. A waiting question costs no thread.
/// </summary>
/// <param name="look">Puts the question.</param>
/// <param name="apart">At least so long from one question's beginning to the next one's.</param>
/// <param name="fresh">An answer may be so old; zero: none may.</param>
/// <param name="time">The clock.</param>
internal sealed class SharedLook<T>(Func<Task<T>> look, TimeSpan apart, TimeSpan fresh, TimeProvider time)
{
    private readonly Lock _lock = new();
    private Task<T>? _last, _next;
    private long _begun, _ended;

    /// <summary>Whether nobody has asked for so long, and nobody waits.</summary>
    public bool IsIdleFor(TimeSpan span)
    {
        lock (_lock)
        {
            return _next is null && _last is null or { IsCompleted: true } && time.GetElapsedTime(_begun) > span;
        }
    }

    /// <summary>Asks. What the question fails with, all who wait for it get.</summary>
    public Task<T> AskAsync()
    {
        lock (_lock)
        {
            return _last is { IsCompletedSuccessfully: true } && fresh > TimeSpan.Zero && time.GetElapsedTime(_ended) < fresh ? _last : _next ??= PutAsync(_last);
        }
    }

    private async Task<T> PutAsync(Task<T>? before)
    {
        await Task.Yield(); // The lock is held by whoever began this.
        if (before is not null)
        {
            await ((Task)before).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (apart - time.GetElapsedTime(_begun) is var left && left > TimeSpan.Zero)
                await Task.Delay(left, time).ConfigureAwait(false);
        }
        lock (_lock)
        {
            (_last, _next, _begun) = (_next, null, time.GetTimestamp());
        }
        try
        {
            return await look().ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                _ended = time.GetTimestamp();
            }
        }
    }
}
