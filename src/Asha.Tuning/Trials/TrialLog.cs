using System.Text;
using Asha.Actors.Execution;

namespace Asha.Tuning.Trials;

/// <summary>A trial's log as it writes it: the file is there from the first word on.</summary>
internal sealed class TrialLog(string path, Func<string> heading, Action written) : TextWriter
{
    private readonly Lock _lock = new();
    private BoundedLog? _log;
    private bool _closed;

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (buffer.IsEmpty)
            return;
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(buffer.Length)];
        var length = Encoding.UTF8.GetBytes(buffer, bytes);
        Open()?.Write(bytes.AsSpan(0, length));
        written();
    }

    public override void WriteLine(string? value) => Write((value + "\n").AsSpan());

    public override void WriteLine() => Write("\n".AsSpan());

    /// <summary>A line of Asha's own; where nothing else was logged, it makes no file unless it matters.</summary>
    public void Own(string line, bool matters = false)
    {
        lock (_lock)
        {
            if (_log is not null || matters)
                Open()?.Line(line);
        }
    }

    /// <summary>The attempt is over: what comes later is not heard.</summary>
    protected override void Dispose(bool disposing)
    {
        lock (_lock)
        {
            _closed = true;
            _log?.Dispose();
        }
        base.Dispose(disposing);
    }

    /// <summary>A full disk must not fail a trial: from the first error on, nothing more is written.</summary>
    private BoundedLog? Open()
    {
        lock (_lock)
        {
            if (_closed || _log is not null)
                return _closed ? null : _log;
            try
            {
                return _log = new BoundedLog(path, heading());
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                _closed = true;
                return null;
            }
        }
    }
}
