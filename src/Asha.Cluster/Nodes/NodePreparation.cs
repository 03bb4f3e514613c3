using Asha.Actors.Execution;

namespace Asha.Cluster.Nodes;

/// <summary>
/// A run's preparation on a node, one for all attempts that wait for it. One that nobody waits for any more is ended: whoever cancels or pauses a run wants the machine back, and others may wait for their turn in its folder; if somebody comes after all, it is made anew. After a failure it is
/// made again for whoever comes later than <see cref="Pause"/>: attempts that were on their way share the failure.
/// </summary>
/// <param name="prepare">Makes it, or is stopped.</param>
/// <param name="time">The pause is measured by it.</param>
/// <param name="failed">Told why it failed, each time.</param>
internal sealed class NodePreparation(Func<CancellationToken, Task<PrepareResult>> prepare, TimeProvider time, Action<string> failed) : IDisposable
{
    /// <summary>Shorter than the shortest time after which a run comes back to a node.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private Task<PrepareResult>? _newest;
    private Task _before = Task.CompletedTask;
    private CancellationTokenSource? _stop;
    private bool _isClosed;
    private int _waiting;
    private long _endedAt;

    /// <summary>The preparation, made now if it was not: it never fails but in what it returns. Whoever does not wait for its end says so (<see cref="Leave"/>).</summary>
    public Task<PrepareResult> Enter()
    {
        lock (_lock)
        {
            if (_newest is null || (_newest is { IsCompleted: true, Result.IsSuccess: false } && time.GetElapsedTime(_endedAt) >= Pause))
                Begin();
            _waiting++;
            return _newest!;
        }
    }

    /// <summary>Somebody waits no more.</summary>
    public void Leave(Task<PrepareResult> preparation)
    {
        lock (_lock)
        {
            if (preparation != _newest || --_waiting > 0 || preparation.IsCompleted)
                return;
            _newest = null;
            _stop!.Cancel();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            _stop?.Cancel();
        }
    }

    private void Begin()
    {
        _stop = new CancellationTokenSource();
        _waiting = 0;
        var (before, stop) = (_before, _isClosed ? new CancellationToken(canceled: true) : _stop.Token);
        // The one before may not have ended yet: whatever carries its token is ended with it, and this one's is the same.
        _before = _newest = Task.Run(async () =>
        {
            await before.ConfigureAwait(false);
            return await MakeAsync(stop).ConfigureAwait(false);
        }, CancellationToken.None);
    }

    private async Task<PrepareResult> MakeAsync(CancellationToken stop)
    {
        PrepareResult result;
        try
        {
            result = await prepare(stop).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            result = new PrepareResult(false, false, error.GetBaseException().Message);
        }
        lock (_lock)
            _endedAt = time.GetTimestamp();
        if (!result.IsSuccess && !result.IsStopped)
            failed(result.Detail);
        return result;
    }
}
