using System.Globalization;

namespace Asha.Host.Comparing;

/// <summary>A time as people say it, in the unit that a report's axis would have.</summary>
internal static class ShortTime
{
    public static string Of(double seconds) => seconds switch
    {
        <= 600 => Text(seconds, "s"),
        <= 3 * 3600 => Text(seconds / 60, "min"),
        <= 4 * 86400 => Text(seconds / 3600, "h"),
        _ => Text(seconds / 86400, "days"),
    };

    private static string Text(double value, string unit) => $"{value.ToString("0.0", CultureInfo.InvariantCulture)} {unit}";
}
