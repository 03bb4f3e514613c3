namespace Asha.Actors.Execution;

/// <summary>One preparation at a time in a folder, of whatever process of this machine: nodes, or runs, that share it would build in it at the same time. The operating system lets go when the process dies; a file system without locks has none.</summary>
internal sealed class FolderTurn : IDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(200);

    private readonly int _file;

    private FolderTurn(int file) => _file = file;

    /// <summary>Waits until nobody else prepares there.</summary>
    /// <param name="folder">That one.</param>
    /// <param name="waits">Called once, if somebody else does.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static async Task<FolderTurn> TakeAsync(string folder, Action waits, CancellationToken stop)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            if (Libc.TryLockFolder(folder, out var file))
                return new FolderTurn(file);
            if (isFirst)
                waits();
            await Task.Delay(_pause, stop).ConfigureAwait(false);
        }
    }

    public void Dispose() => Libc.Close(_file);
}
