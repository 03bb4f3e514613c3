using System.Globalization;
using System.Text.RegularExpressions;
using Asha.Tuning;

namespace Asha.Host.ExperimentFiles;

/// <summary>Sizes as people write them: <c>500MB</c>, <c>10GB</c>, <c>2TiB</c>; <c>k</c> is 1000, <c>Ki</c> is 1024.</summary>
internal static partial class Sizes
{
    private static readonly (string Unit, long Bytes)[] _units =
    [
        ("PB", 1_000_000_000_000_000), ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000),
        ("PiB", 1L << 50), ("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("B", 1),
    ];

    /// <summary>A whole number with its unit, in bytes, <see cref="ExperimentRules.LargestSize"/> at most; <c>null</c> where it is something else.</summary>
    public static long? Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success)
            return null;
        var unit = Array.Find(_units, known => known.Unit.Equals(match.Groups["unit"].Value, StringComparison.OrdinalIgnoreCase));
        var bytes = decimal.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) * unit.Bytes;
        return bytes <= ExperimentRules.LargestSize ? (long)bytes : null;
    }

    /// <summary>In the largest unit that leaves it whole; reading it back gives the same.</summary>
    public static string Format(long bytes)
    {
        var best = (Unit: "B", Bytes: 1L);
        foreach (var unit in _units)
        {
            if (bytes > 0 && bytes % unit.Bytes == 0 && unit.Bytes > best.Bytes)
                best = unit;
        }
        return $"{bytes / best.Bytes}{best.Unit}";
    }

    [GeneratedRegex(@"^(?<number>[0-9]{1,18})(?<unit>[kKmMgGtTpP]i?[bB]|[bB])\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
