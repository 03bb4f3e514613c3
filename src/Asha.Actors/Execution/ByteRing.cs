namespace Asha.Actors.Execution;

/// <summary>The last bytes of a stream, as many as fit.</summary>
/// <param name="capacity">So many.</param>
/// <param name="before">Bytes that were dropped before this ring took over.</param>
internal sealed class ByteRing(int capacity, long before = 0)
{
    private readonly byte[] _bytes = new byte[capacity];
    private long _written;
    private int _next;

    /// <summary>All bytes of the stream so far.</summary>
    public long Total => before + _written;

    /// <summary>Those that are in it no more.</summary>
    public long Dropped => before + Math.Max(0, _written - _bytes.Length);

    public void Write(ReadOnlySpan<byte> bytes)
    {
        _written += bytes.Length;
        if (bytes.Length > _bytes.Length)
            bytes = bytes[^_bytes.Length..];
        var first = Math.Min(bytes.Length, _bytes.Length - _next);
        bytes[..first].CopyTo(_bytes.AsSpan(_next));
        bytes[first..].CopyTo(_bytes);
        _next = (_next + bytes.Length) % _bytes.Length;
    }

    /// <summary>Writes what it holds, the oldest first.</summary>
    public void CopyTo(Stream target)
    {
        var held = (int)(Total - Dropped);
        var start = (_next - held + _bytes.Length) % _bytes.Length;
        var first = Math.Min(held, _bytes.Length - start);
        target.Write(_bytes, start, first);
        target.Write(_bytes, 0, held - first);
    }
}
