using System.Buffers;
using System.Text;

namespace Asha.Actors.Persistence;

/// <summary>
/// What a node has reported and no journal has yet, in a file: a line for each that is kept or dropped, each behind its manifest. It is there for the node's next process, if this one is killed: so nothing is synced, and a power cut may cost the last seconds
/// (docs/decisions/026). Of a line that was cut off nothing is read.
/// </summary>
internal sealed class ReportFile : IDisposable
{
    /// <summary>Beyond this it is written anew, with what is still kept; what does not fit even so is in memory alone.</summary>
    public const long MostBytes = 32 << 20;

    private readonly string _path;
    private readonly AshaFormat _format;
    private readonly Action<string> _warn;
    private FileStream _file;
    private bool _isWarned;

    /// <summary>So many were kept when the file was full of them; it is left as it is until there are half as many. What it does not say of them then is said again, and does no harm. 0: it is not full.</summary>
    private int _fullAt;

    /// <param name="path">Where; nobody else writes it.</param>
    /// <param name="format">How.</param>
    /// <param name="warn">Told, once, that something cannot be kept.</param>
    public ReportFile(string path, AshaFormat format, Action<string> warn)
    {
        (_path, _format, _warn) = (path, format, warn);
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
    }

    /// <summary>What the process before has left, in the order in which it came.</summary>
    public IReadOnlyList<KeptReport> Read()
    {
        var kept = new Dictionary<(string, int, int, int), KeptReport>();
        var bytes = new byte[_file.Length];
        _file.Seek(0, SeekOrigin.Begin);
        _file.ReadExactly(bytes);
        for (var rest = bytes.AsSpan(); rest.IndexOf((byte)'\n') is >= 0 and var end; rest = rest[(end + 1)..])
        {
            var line = rest[..end];
            if (line.IndexOf((byte)' ') is not (> 0 and var gap) || Parsed(line[(gap + 1)..], Encoding.ASCII.GetString(line[..gap])) is not { } parsed)
                continue;
            if (parsed is KeptReport report)
                kept[(report.Run, report.Report.Trial, report.Report.Attempt, report.Report.Message)] = report;
            else if (parsed is DroppedReport dropped)
                kept.Remove((dropped.Run, dropped.Trial, dropped.Attempt, dropped.Message));
        }
        return [.. kept.Values];
    }

    /// <summary>Keeps one.</summary>
    /// <param name="report">That one.</param>
    /// <param name="all">All that are kept, this one included.</param>
    public void Keep(KeptReport report, IReadOnlyCollection<KeptReport> all) => Append(report, all);

    /// <summary>Drops one.</summary>
    /// <param name="dropped">That one.</param>
    /// <param name="left">All that are still kept.</param>
    public void Drop(DroppedReport dropped, IReadOnlyCollection<KeptReport> left)
    {
        if (left.Count > 0)
            Append(dropped, left);
        else if (_file.Length > 0)
            Rewrite(left);
    }

    /// <summary>Writes it anew with these alone.</summary>
    public void Rewrite(IReadOnlyCollection<KeptReport> left) => Try(() =>
    {
        if (left.Count == 0)
        {
            (_fullAt, _file.Position) = (0, 0);
            _file.SetLength(0);
            return;
        }
        var whole = new ArrayBufferWriter<byte>();
        foreach (var line in left.Select(Line).TakeWhile(line => whole.WrittenCount + line.Length <= MostBytes))
            whole.Write(line);
        var anew = $"{_path}.new";
        File.WriteAllBytes(anew, whole.WrittenSpan);
        File.Move(anew, _path, overwrite: true);
        _file.Dispose();
        _file = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
    });

    public void Dispose() => _file.Dispose();

    private void Append(object entry, IReadOnlyCollection<KeptReport> all)
    {
        var line = Line(entry);
        if (_fullAt > 0 && all.Count > _fullAt / 2)
            return;
        if (_fullAt > 0 || _file.Length + line.Length > MostBytes)
        {
            Rewrite(all);
            _fullAt = _file.Length > MostBytes / 2 ? all.Count : 0;
            if (_fullAt > 0)
                Warn($"{_file.Length >> 20} MiB of reports wait for a journal: those that come now are lost if this process ends before there is one");
            return;
        }
        Try(() =>
        {
            _file.Seek(0, SeekOrigin.End);
            _file.Write(line);
        });
    }

    private byte[] Line(object entry) => [.. Encoding.ASCII.GetBytes(AshaFormat.ManifestOf(entry)), (byte)' ', .. _format.Write(entry), (byte)'\n'];

    private object? Parsed(ReadOnlySpan<byte> json, string manifest)
    {
        try
        {
            return _format.Read(json, manifest);
        }
        catch (UnknownFormatException)
        {
            return null; // Of a later version, or two lines that a killed process has left as one.
        }
    }

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Warn($"{_path}: reports that no journal has yet cannot be kept on the disk, and are lost if this process ends: {error.Message}");
        }
    }

    private void Warn(string reason)
    {
        if (!_isWarned)
            _warn(reason);
        _isWarned = true;
    }
}
