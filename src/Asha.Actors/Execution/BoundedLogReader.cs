namespace Asha.Actors.Execution;

/// <summary>
/// Reads a <see cref="BoundedLog"/> from its beginning, also while it is being written: each call gives what came since the last one. Where the log has meanwhile left out bytes that were not read yet,
/// it gives the log's own line that says so, once. Not for several threads.
/// </summary>
/// <param name="open">Opens the file, as it is then; <c>null</c>: there is none yet.</param>
/// <param name="limit">The limit that the log is written with.</param>
public sealed class BoundedLogReader(Func<FileStream?> open, int limit = BoundedLog.DefaultLimit)
{
    private const int Looks = 10;

    private readonly int _headSize = limit / 2;

    private long _read;

    /// <param name="path">The file; it need not be there yet.</param>
    /// <param name="limit">The limit that the log is written with.</param>
    public BoundedLogReader(string path, int limit = BoundedLog.DefaultLimit)
        : this(() => File.Exists(path) ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : null, limit)
    {
    }

    /// <summary>How much has been read of all that was ever written: another reader, told so, goes on from there.</summary>
    public long Position
    {
        get => _read;
        init => _read = value;
    }

    /// <summary>What is new; empty where nothing is.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public ReadOnlySpan<byte> ReadNew()
    {
        if (Contents() is not { } bytes)
            return [];
        // The end of a long log is written over the old one, not in one step: what looks the same twice is whole.
        for (var look = 0; look < Looks && bytes.Length > _headSize && Contents() is { } again && !bytes.AsSpan().SequenceEqual(again); look++)
            bytes = again;
        if (bytes.Length <= _headSize)
        {
            // The first half only ever grows: one that is shorter than what was read has been begun anew.
            _read = _read > bytes.Length ? 0 : _read;
            return Take(bytes, 0);
        }
        var middle = BoundedLog.MiddleLength(bytes.AsSpan(_headSize), out var dropped);
        if (middle == 0 || _read >= _headSize + dropped)
            return Take(bytes, middle - dropped);
        // Some of it was left out: the lines in the middle say so, and all behind them is new.
        var start = (int)Math.Min(_read, _headSize);
        _read = bytes.Length - middle + dropped;
        return bytes.AsSpan(start);
    }

    /// <summary>What was not read yet, where byte number n of all that was written lies at n + <paramref name="shift"/>.</summary>
    private ReadOnlySpan<byte> Take(byte[] bytes, long shift)
    {
        var start = (int)Math.Clamp(_read + shift, 0, bytes.Length);
        _read = Math.Max(_read, bytes.Length - shift);
        return bytes.AsSpan(start);
    }

    private byte[]? Contents()
    {
        using var file = open();
        if (file is null)
            return null;
        var bytes = new byte[file.Length];
        return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }
}
