using Asha.Core.Experiments;

namespace Asha.Host.Comparing;

/// <summary>A figure of a scheduler over time: the median of its runs, and a band around it.</summary>
internal sealed record ReportSeries(IReadOnlyList<double?> Middle, IReadOnlyList<double?> Low, IReadOnlyList<double?> High)
{
    private const int Points = 240;

    /// <summary>Utilization jumps with every job where slots are few, so it is taken over longer times.</summary>
    private const int Bins = 120;

    /// <summary>The times of the points, in seconds.</summary>
    public static IReadOnlyList<double> Times(double until) => [.. Enumerable.Range(0, Points + 1).Select(point => until * point / Points)];

    /// <summary>The middles of the times of <see cref="Utilization"/>, in seconds.</summary>
    public static IReadOnlyList<double> BinTimes(double until) => [.. Enumerable.Range(0, Bins).Select(bin => until * (bin + .5) / Bins)];

    /// <summary>In percent, over the runs that go on; nothing where fewer than half of them do.</summary>
    public static ReportSeries Utilization(IReadOnlyList<ObservedRun> runs, double until) => Of(BinTimes(until), time =>
    {
        var shares = runs.Select(run => run.Curves.Utilization(time - until / Bins / 2, time + until / Bins / 2)).OfType<double>().ToList();
        return 2 * shares.Count >= runs.Count ? Band.Of([.. shares.Select(share => 100 * share)]) : default;
    });

    /// <summary>The best metric so far, as reported. Quantiles are those of the metric turned so that smaller is better, where a run without a result is worse than any.</summary>
    public static ReportSeries Best(IReadOnlyList<ObservedRun> runs, MetricSpec metric, double until) => Of(Times(until), time =>
    {
        var (middle, low, high) = Band.Of([.. runs.Select(run => run.Curves.Best(time) is { } best ? metric.Turned(best) : double.PositiveInfinity)]);
        return new Band(Turned(middle), Turned(low), Turned(high));

        double? Turned(double? value) => value is { } known ? metric.Turned(known) : null;
    });

    /// <summary>How many trials are fully trained.</summary>
    public static ReportSeries Trained(IReadOnlyList<ObservedRun> runs, double until) => Of(Times(until), time => Band.Of([.. runs.Select(run => (double)run.Curves.Trained(time))]));

    private static ReportSeries Of(IReadOnlyList<double> times, Func<double, Band> at)
    {
        var bands = times.Select(at).ToList();
        return new ReportSeries([.. bands.Select(band => Short(band.Middle))], [.. bands.Select(band => Short(band.Low))], [.. bands.Select(band => Short(band.High))]);
    }

    /// <summary>As many digits as a picture shows.</summary>
    private static double? Short(double? value) => value is { } known and not 0 ? double.Parse(known.ToString("G5", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture) : value;
}
