namespace Asha.Host.Scenarios;

/// <summary>The bytes of a table, uncompressed, up to a limit: a small file may hold gigabytes of zeros, or a line without end, and either would be held in memory.</summary>
/// <param name="bytes">Read from its beginning to its end.</param>
internal sealed class TableStream(Stream bytes) : Stream
{
    /// <summary>256 MiB: 5,000,000 rows with 50 characters each.</summary>
    public const long MostBytes = 256L << 20;

    /// <summary>1 MiB: a wide table with 50,000 columns of 20 characters.</summary>
    public const int LongestLine = 1 << 20;

    /// <summary>4 MiB: a row may have many lines, in quotation marks, and its values are held in memory together, each at ten times its size.</summary>
    public const int LongestRow = 4 << 20;

    private long _count;
    private int _line;
    private int _row;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _count;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <exception cref="InvalidDataException">It is too long, or a line of it.</exception>
    public override int Read(Span<byte> buffer)
    {
        var read = bytes.Read(buffer);
        _count += read;
        if (_count > MostBytes)
            throw new InvalidDataException($"it has more than {MostBytes >> 20} MiB, uncompressed");
        _row += read;
        if (_row > LongestRow)
            throw new InvalidDataException($"it has a row of more than {LongestRow >> 20} MiB; is there a quotation mark without its other half?");
        for (var rest = buffer[..read]; !rest.IsEmpty;)
        {
            var end = rest.IndexOfAny((byte)'\n', (byte)'\r');
            _line += end < 0 ? rest.Length : end;
            if (_line > LongestLine)
                throw new InvalidDataException($"it has a line of more than {LongestLine >> 20} MiB");
            if (end < 0)
                break;
            _line = 0;
            rest = rest[(end + 1)..];
        }
        return read;
    }

    /// <summary>Its reader has come to the end of a row.</summary>
    public void EndRow() => _row = 0;

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
