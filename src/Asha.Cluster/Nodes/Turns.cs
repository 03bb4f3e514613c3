namespace Asha.Cluster.Nodes;

/// <summary>One at a time of each key; of one that nobody has or waits for, nothing is kept.</summary>
internal sealed class Turns<TKey> where TKey : notnull
{
    private sealed class Turn
    {
        public SemaphoreSlim Gate { get; } = new(1);

        public int Wanted { get; set; }
    }

    private sealed class Held(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }

    private readonly Dictionary<TKey, Turn> _turns = [];

    /// <summary>Keys that somebody has or waits for.</summary>
    public int Count
    {
        get
        {
            lock (_turns)
                return _turns.Count;
        }
    }

    /// <summary>Waits for a turn, which lasts until what is returned is disposed of, once.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<IDisposable> TakeAsync(TKey key, CancellationToken stop)
    {
        Turn? turn;
        lock (_turns)
        {
            if (!_turns.TryGetValue(key, out turn))
                _turns.Add(key, turn = new Turn());
            turn.Wanted++;
        }
        try
        {
            await turn.Gate.WaitAsync(stop).ConfigureAwait(false);
        }
        catch
        {
            Leave(key, turn);
            throw;
        }
        return new Held(() =>
        {
            turn.Gate.Release();
            Leave(key, turn);
        });
    }

    private void Leave(TKey key, Turn turn)
    {
        lock (_turns)
        {
            if (--turn.Wanted > 0)
                return;
            _turns.Remove(key);
            turn.Gate.Dispose();
        }
    }
}
