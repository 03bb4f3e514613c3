using System.Globalization;
using System.Text;

namespace Asha.Actors.Execution;

/// <summary>
/// A log file that never grows past its limit: the first half of all that was written, and the last half, with a line between
/// them that says how much is missing. Opening it again goes on where it was left.
/// </summary>
/// <remarks>
/// As long as all fits, bytes go straight to the file. After that the last half lives in a ring and is written over the old
/// one a second after it changed and at the end, so a live log is useful and a killed Asha loses a second of it.
/// A full disk must not fail a trial: from the first error on, nothing more is written.
/// </remarks>
public sealed class BoundedLog : IDisposable
{
    public const int DefaultLimit = 1 << 20;

    /// <summary>Room for the lines in the middle, so that the limit holds for the whole file.</summary>
    private const int MarkerRoom = 256;

    private static readonly TimeSpan _delay = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private readonly int _headSize;
    private readonly Timer _timer;
    private readonly string _heading;
    private ByteRing? _tail;
    private long _headingAt;
    private bool _fresh, _scheduled, _closed;

    /// <param name="path">The file; it and its folder are created as needed, and neither may be a link.</param>
    /// <param name="heading">What the coming lines stand under.</param>
    /// <param name="limit">The longest that the file may get.</param>
    public BoundedLog(string path, string heading, int limit = DefaultLimit)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        OwnPath.MakeFolder(Path.GetDirectoryName(folder) ?? folder, folder);
        OwnPath.CheckFile(folder, path);
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        _headSize = limit / 2;
        _heading = heading;
        _timer = new Timer(_ => Flush());
        if (_file.Length > _headSize)
            _tail = ReadTail(limit - _headSize - MarkerRoom);
        _fresh = _file.Length == 0 || LastByte() == '\n';
        _file.Seek(0, SeekOrigin.End);
        _headingAt = _tail?.Total ?? -1;
        Line($"=== {heading} ===");
    }

    /// <summary>Appends bytes as they are.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_closed || bytes.IsEmpty)
                return;
            _fresh = bytes[^1] == '\n';
            try
            {
                Append(bytes);
            }
            catch (Exception error) when (IsOfTheDisk(error))
            {
                _closed = true;
            }
        }
    }

    /// <summary>Appends a line of Asha's own.</summary>
    public void Line(string text)
    {
        lock (_lock)
            Write(Encoding.UTF8.GetBytes((_fresh ? "" : "\n") + text + "\n"));
    }

    public void Dispose()
    {
        _timer.Dispose();
        Flush();
        lock (_lock)
        {
            _closed = true;
            _file.Dispose();
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_tail is null)
        {
            var head = bytes[..(int)Math.Min(bytes.Length, _headSize - _file.Position)];
            _file.Write(head);
            bytes = bytes[head.Length..];
            if (bytes.IsEmpty)
                return;
            _tail = new ByteRing(_headSize - MarkerRoom);
        }
        _tail.Write(bytes);
        if (_tail.Dropped == 0)
            _file.Write(bytes);
        else if (!_scheduled)
            _scheduled = _timer.Change(_delay, Timeout.InfiniteTimeSpan);
    }

    internal void Flush()
    {
        lock (_lock)
        {
            if (_closed || !_scheduled || _tail is null)
                return;
            _scheduled = false;
            try
            {
                _file.Seek(_headSize, SeekOrigin.Begin);
                _file.Write(Encoding.UTF8.GetBytes(Marker(_tail.Dropped) + (_headingAt < _tail.Dropped ? $"=== {Shortened(_heading)}{ContinuedEnd}" : "")));
                _tail.CopyTo(_file);
                _file.SetLength(_file.Position);
            }
            catch (Exception error) when (IsOfTheDisk(error))
            {
                _closed = true;
            }
        }
    }

    /// <summary>A file that may grow no further is an argument out of range to .NET.</summary>
    private static bool IsOfTheDisk(Exception error) => error is IOException or ArgumentOutOfRangeException;

    private ByteRing ReadTail(int capacity)
    {
        _file.Seek(_headSize, SeekOrigin.Begin);
        var bytes = new byte[_file.Length - _headSize];
        _file.ReadExactly(bytes);
        var start = MarkerLength(bytes, out var dropped);
        var ring = new ByteRing(capacity, dropped);
        ring.Write(bytes.AsSpan(start));
        return ring;
    }

    private int LastByte()
    {
        _file.Seek(-1, SeekOrigin.End);
        return _file.ReadByte();
    }

    private const string MarkerStart = "\n=== ", MarkerEnd = " bytes left out ===\n", ContinuedEnd = ", continued ===\n";

    private static string Marker(long dropped) => MarkerStart + dropped.ToString(CultureInfo.InvariantCulture) + MarkerEnd;

    /// <summary>The length of the lines of the log's own that the last half begins with, 0 where nothing is missing; and how much is.</summary>
    internal static int MiddleLength(ReadOnlySpan<byte> lastHalf, out long dropped)
    {
        var marker = MarkerLength(lastHalf, out dropped);
        var rest = lastHalf[marker..];
        var line = rest[..(rest.IndexOf((byte)'\n') + 1)];
        return marker > 0 && line.StartsWith("=== "u8) && line.EndsWith(Encoding.UTF8.GetBytes(ContinuedEnd)) ? marker + line.Length : marker;
    }

    private static int MarkerLength(ReadOnlySpan<byte> bytes, out long dropped)
    {
        dropped = 0;
        var text = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, MarkerRoom)]);
        var end = text.IndexOf(MarkerEnd, StringComparison.Ordinal);
        return end > 0 && text.StartsWith(MarkerStart, StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(MarkerStart.Length, end - MarkerStart.Length), NumberStyles.None, CultureInfo.InvariantCulture, out dropped)
            ? end + MarkerEnd.Length : 0;
    }

    private static string Shortened(string heading) => heading.Length <= 100 ? heading : heading[..100];
}
