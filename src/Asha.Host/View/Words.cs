using Asha.Core.Spaces;
using Asha.Host.Cli;

namespace Asha.Host.View;

/// <summary>Times and values as the view words them: short, and no finer than anyone reads them at a glance.</summary>
internal static class Words
{
    /// <summary>As on a clock: 0:07, 12:34, 1:02:03, 2d 03:04.</summary>
    public static string Clock(TimeSpan span) => span switch
    {
        { TotalHours: < 1 } => $"{span.Minutes}:{span.Seconds:00}",
        { TotalDays: < 1 } => $"{span.Hours}:{span.Minutes:00}:{span.Seconds:00}",
        _ => $"{span.Days}d {span.Hours:00}:{span.Minutes:00}",
    };

    /// <summary>In four signs: 0:07, 34m, 1h02, 47h, 12d.</summary>
    public static string Short(TimeSpan span) => span switch
    {
        { TotalMinutes: < 10 } => $"{span.Minutes}:{span.Seconds:00}",
        { TotalHours: < 1 } => $"{span.Minutes}m",
        { TotalHours: < 10 } => $"{span.Hours}h{span.Minutes:00}",
        { TotalHours: < 100 } => $"{Math.Floor(span.TotalHours)}h",
        _ => $"{span.Days}d",
    };

    /// <summary>An estimate, as coarse as it is.</summary>
    public static string About(TimeSpan? rest) => rest switch
    {
        null => "-",
        { TotalSeconds: < 10 } => "a few seconds",
        { TotalSeconds: < 55 } span => $"about {Math.Ceiling(span.TotalSeconds / 10) * 10:0} s",
        { TotalMinutes: <= 59 } span => $"about {Math.Ceiling(span.TotalMinutes):0} min",
        { TotalHours: < 23.9 } span => $"about {Math.Floor((span.TotalMinutes + 5) / 60):0} h {Math.Floor((span.TotalMinutes + 5) % 60 / 10) * 10:0} min",
        { TotalDays: < 365 } span => $"about {Math.Floor((span.TotalHours + 0.5) / 24):0} d {Math.Floor((span.TotalHours + 0.5) % 24):0} h",
        _ => "more than a year",
    };

    public static string Value(ParameterValue value) => value.Kind == ParameterKind.Number ? Output.Number(value.AsNumber()) : value.ToString();

    /// <summary>A count and its noun: 1 slot, 2 slots.</summary>
    public static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>Causes with their counts ("exit 2" would read as an exit code), the most frequent first.</summary>
    public static string Counts(IReadOnlyDictionary<string, int> counts)
        => string.Join(", ", counts.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Value}x {entry.Key}"));
}
