namespace Asha.Actors.Execution;

/// <summary>
/// The three numbers that Python's <c>json</c> writes and JSON does not know. Each is masked by a zero of the same length, so
/// that a strict reader takes it where a number may stand and nowhere else, and what was meant is looked up at its place.
/// </summary>
internal static class PythonNumbers
{
    /// <summary>The same text with a plain number in each one's place.</summary>
    public static byte[] Masked(ReadOnlySpan<byte> text)
    {
        var masked = text.ToArray();
        for (var at = 0; at < masked.Length; at++)
        {
            if (masked[at] == '"')
            {
                at = EndOfString(text, at);
            }
            else if (masked[at] is (byte)'N' or (byte)'I' or (byte)'-' && Length(text[at..]) is > 0 and var length && StandsAlone(text, at, length))
            {
                "0.0000000"u8[..length].CopyTo(masked.AsSpan(at));
                at += length - 1;
            }
        }
        return masked;
    }

    /// <summary>What stands at the beginning of this text, as long as <see cref="Masked"/> took it for such a number.</summary>
    public static double? Value(ReadOnlySpan<byte> text) => Length(text) switch
    {
        3 => double.NaN,
        8 => double.PositiveInfinity,
        9 => double.NegativeInfinity,
        _ => null,
    };

    /// <summary>The same as a text, for languages whose JSON is strict.</summary>
    public static double? Quoted(string text) => text switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ => null,
    };

    private static int Length(ReadOnlySpan<byte> text)
        => text.StartsWith("NaN"u8) ? 3 : text.StartsWith("Infinity"u8) ? 8 : text.StartsWith("-Infinity"u8) ? 9 : 0;

    /// <summary>Without this, 1NaN would become 10.0.</summary>
    private static bool StandsAlone(ReadOnlySpan<byte> text, int at, int length)
        => (at == 0 || ":,[ \t\r\n"u8.Contains(text[at - 1]))
        && (at + length == text.Length || ",]} \t\r\n"u8.Contains(text[at + length]));

    private static int EndOfString(ReadOnlySpan<byte> text, int at)
    {
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\')
                at++;
        }
        return at;
    }
}
