using System.Text;

namespace Asha.Actors.Execution;

/// <summary>Cuts bytes into lines of text. A line longer than a screen comes in pieces: no output can use up the memory.</summary>
internal sealed class LineCallback(Action<string> line)
{
    private const int MaxLength = 4096;

    private readonly byte[] _bytes = new byte[MaxLength];
    private int _length;

    /// <param name="bytes">Empty: the end; a last line needs no newline.</param>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty && _length > 0)
            HandOut();
        while (!bytes.IsEmpty)
        {
            var newline = bytes.IndexOf((byte)'\n');
            var piece = bytes[..Math.Min(newline < 0 ? bytes.Length : newline, MaxLength - _length)];
            piece.CopyTo(_bytes.AsSpan(_length));
            _length += piece.Length;
            if (piece.Length == newline)
            {
                HandOut();
                bytes = bytes[(newline + 1)..];
            }
            else
            {
                if (_length == MaxLength)
                    HandOut();
                bytes = bytes[piece.Length..];
            }
        }
    }

    private void HandOut()
    {
        line(Encoding.UTF8.GetString(_bytes, 0, _length).TrimEnd('\r'));
        _length = 0;
    }
}
