using System.Globalization;
using System.Text.RegularExpressions;

namespace Asha.Host.ExperimentFiles;

internal enum ScalarKind { Text, Null, Flag, Integer, Number }

/// <summary>What an unquoted scalar means: the core schema of YAML 1.2 (chapter 10.3.2), in which <c>yes</c> is a text.</summary>
internal static partial class CoreSchema
{
    public static ScalarKind KindOf(string plain) => plain switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ScalarKind.Null,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => ScalarKind.Flag,
        _ when Integers().IsMatch(plain) => ScalarKind.Integer,
        _ when Numbers().IsMatch(plain) => ScalarKind.Number,
        _ => ScalarKind.Text,
    };

    /// <summary>Texts that YAML 1.1 took for booleans, and readers of files still do.</summary>
    public static bool WasFlag(string plain) => plain.ToUpperInvariant() is "YES" or "NO" or "ON" or "OFF" or "Y" or "N";

    public static bool Flag(string plain) => plain[0] is 't' or 'T';

    /// <summary>The value of an <see cref="ScalarKind.Integer"/>, or of a <see cref="ScalarKind.Number"/> that is whole; <c>null</c>: it is not, or beyond 64 bits.</summary>
    public static long? Integer(string plain)
    {
        if (plain.StartsWith("0x", StringComparison.Ordinal))
            return Based(plain.AsSpan(2), 16);
        if (plain.StartsWith("0o", StringComparison.Ordinal))
            return Based(plain.AsSpan(2), 8);
        if (long.TryParse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
            return integer;
        return decimal.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && decimal.IsInteger(number) && double.IsInteger(Number(plain)) && number >= long.MinValue && number <= long.MaxValue
            ? (long)number
            : null;
    }

    /// <summary>The value of an <see cref="ScalarKind.Integer"/> or <see cref="ScalarKind.Number"/>, infinities and NaN included.</summary>
    public static double Number(string plain) => plain.TrimStart('+', '-').ToUpperInvariant() switch
    {
        ".INF" => plain[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity,
        ".NAN" => double.NaN,
        ['0', 'X' or 'O', ..] => Integer(plain) ?? double.PositiveInfinity,
        _ => double.Parse(plain, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    private static long? Based(ReadOnlySpan<char> digits, int radix)
    {
        var value = 0L;
        foreach (var digit in digits)
        {
            if (value > (long.MaxValue - radix) / radix)
                return null;
            value = value * radix + (char.IsAsciiDigit(digit) ? digit - '0' : char.ToUpperInvariant(digit) - 'A' + 10);
        }
        return value;
    }

    [GeneratedRegex(@"^([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Integers();

    [GeneratedRegex(@"^([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();
}
