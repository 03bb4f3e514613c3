using System.Globalization;

namespace Asha.TestKit;

/// <summary>A test says times in seconds; the engine counts ticks of 100 ns. Decimal on the way, so that 0.29 s are 2,900,000 ticks and not one less.</summary>
internal static class Seconds
{
    /// <summary>More than this no scenario may say: 10⁹ s, some 30 years.</summary>
    public const double Most = 1e9;

    public static TimeSpan Span(double seconds) => TimeSpan.FromTicks((long)decimal.Round((decimal)seconds * TimeSpan.TicksPerSecond, MidpointRounding.AwayFromZero));

    public static double Of(TimeSpan span) => (double)((decimal)span.Ticks / TimeSpan.TicksPerSecond);

    /// <summary>For people: as short as it can be said exactly.</summary>
    public static string Text(TimeSpan span) => Of(span).ToString("R", CultureInfo.InvariantCulture);
}
