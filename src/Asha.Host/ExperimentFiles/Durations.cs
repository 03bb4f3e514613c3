using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Asha.Tuning;

namespace Asha.Host.ExperimentFiles;

/// <summary>Durations as people write them: <c>500ms</c>, <c>90s</c>, <c>10m</c>, <c>2h</c>, <c>1d</c>, <c>1h30m</c>.</summary>
internal static partial class Durations
{
    public static TimeSpan Longest => ExperimentRules.LongestDuration;

    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)),
        ("ms", TimeSpan.FromMilliseconds(1)),
    ];

    /// <summary>Whole numbers with their units, largest unit first, each at most once; <c>null</c> where it is something else.</summary>
    public static TimeSpan? Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success || text.Length == 0)
            return null;
        var total = 0m;
        foreach (var (unit, length) in Units)
        {
            if (match.Groups[unit] is { Success: true, Value: var digits })
                total += decimal.Parse(digits, CultureInfo.InvariantCulture) * length.Ticks;
        }
        return total < long.MaxValue ? new TimeSpan((long)total) : TimeSpan.MaxValue;
    }

    /// <summary>The shortest way to write it; reading it back gives the same, down to the millisecond.</summary>
    public static string Format(TimeSpan duration)
    {
        var text = new StringBuilder();
        foreach (var (unit, length) in Units)
        {
            if (duration.Ticks / length.Ticks is > 0 and var count)
                text.Append(CultureInfo.InvariantCulture, $"{count}{unit}");
            duration = new TimeSpan(duration.Ticks % length.Ticks);
        }
        return text.Length > 0 ? text.ToString() : "0s";
    }

    [GeneratedRegex(@"^((?<d>[0-9]{1,12})d)?((?<h>[0-9]{1,12})h)?((?<m>[0-9]{1,12})m(?!s))?((?<s>[0-9]{1,12})s)?((?<ms>[0-9]{1,12})ms)?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
