using System.Text;

namespace Asha.Actors.Execution;

/// <summary>The last few lines of some output, made fit to be shown in a message.</summary>
internal sealed class OutputTail
{
    private const int Capacity = 4096;
    private const int LineLength = 200;

    private readonly Lock _lock = new();
    private readonly byte[] _bytes = new byte[Capacity];
    private int _length;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (bytes.Length > Capacity)
                bytes = bytes[^Capacity..];
            var kept = Math.Min(_length, Capacity - bytes.Length);
            _bytes.AsSpan(_length - kept, kept).CopyTo(_bytes);
            bytes.CopyTo(_bytes.AsSpan(kept));
            _length = kept + bytes.Length;
        }
    }

    /// <summary>The last lines that are not blank, without colours and other control characters, each cut to a bearable length.</summary>
    public IReadOnlyList<string> Lines(int count)
    {
        string text;
        lock (_lock)
            text = Encoding.UTF8.GetString(_bytes, 0, _length);
        return [.. text.Split('\n').Select(Readable).Where(line => line != "").TakeLast(count)];
    }

    private static string Readable(string line)
    {
        // A progress bar writes over itself: what stands after its last return is what was seen.
        line = line.TrimEnd('\r');
        var text = new StringBuilder();
        var escape = false;
        foreach (var c in line.AsSpan(line.LastIndexOf('\r') + 1))
        {
            if (c == '\e')
                escape = true;
            else if (escape)
                escape = !char.IsAsciiLetter(c);
            else if (c == '\t' || !char.IsControl(c))
                text.Append(c == '\t' ? ' ' : c);
        }
        var readable = text.ToString().Trim();
        return readable.Length <= LineLength ? readable : readable[..LineLength] + "…";
    }
}
