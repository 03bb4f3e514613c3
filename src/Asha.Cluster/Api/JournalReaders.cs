namespace Asha.Cluster.Api;

/// <summary>Lets few journals be read at the same time: each takes a thread and a connection, and after a start, or while many runs are taken over, there may be thousands to read.</summary>
internal sealed class JournalReaders : IDisposable
{
    private readonly SemaphoreSlim _places = new(2);

    /// <summary>Reads, when it is its turn.</summary>
    public async Task<T> ReadAsync<T>(Func<T> read)
    {
        await _places.WaitAsync().ConfigureAwait(false);
        try
        {
            return await Task.Run(read).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();
}
