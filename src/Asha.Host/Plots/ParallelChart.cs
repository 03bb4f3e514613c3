using Asha.Core.Spaces;
using Asha.Host.Runs;

namespace Asha.Host.Plots;

/// <summary>One axis of the parallel coordinates.</summary>
/// <param name="Name">The parameter's, or the metric's.</param>
/// <param name="Marks">Places, 0 … 1 from the bottom, that have a label.</param>
/// <param name="HasInactive">Whether some trial does not have the parameter: its line passes below the axis.</param>
internal sealed record ParallelAxis(string Name, IReadOnlyList<(double At, string Text)> Marks, bool HasInactive);

/// <summary>One trial's line: a place on each axis, <c>null</c> where it does not have the parameter.</summary>
/// <param name="Standing">0 for the best trial … 1 for the last of those with a finite result; <c>null</c> without one.</param>
internal sealed record ParallelLine(int Trial, IReadOnlyList<double?> Places, double? Standing);

/// <summary>Parameters against outcome, ready to draw. Trials stand by the highest rung in which they have a finite result, then by its metric.</summary>
internal sealed record ParallelChart
{
    /// <summary>So many axes fit side by side, the metric's included.</summary>
    public const int MostAxes = 17;

    private const int MostMarks = 8;

    public required PlottedRun Run { get; init; }

    public required IReadOnlyList<ParallelAxis> Axes { get; init; }

    /// <summary>In the order in which they are drawn: the best last.</summary>
    public required IReadOnlyList<ParallelLine> Lines { get; init; }

    /// <summary>Parameters that are not shown since there are too many.</summary>
    public required int LeftOut { get; init; }

    public static ParallelChart Of(PlottedRun run)
    {
        var trials = run.State.Trials;
        var varied = run.Spec.Space.Parameters.Where(parameter => parameter.Domain.Count != 1).ToList();
        var shown = varied.Take(MostAxes - 1).ToList();
        var ranked = TrialRanking.Of(run.State).Select(entry => entry.Trial).ToList();
        var standing = ranked.Index().ToDictionary(entry => entry.Item.Trial, entry => ranked.Count == 1 ? 0 : entry.Index / (ranked.Count - 1.0));
        var metrics = MetricScale.Of(run.Spec.Metric, ranked.Select(trial => trial.Results[trial.LastFinite].Metric), run.State.Best is { } best ? [best.Results[run.State.BestRung].Metric] : []);
        var lines = trials.Select(trial => new ParallelLine(
            trial.Trial,
            [
                .. shown.Select(parameter => trial.Parameters.TryGet(parameter.Name, out var value) ? Place(parameter.Domain, value, trial.Trial) : (double?)null),
                trial.LastFinite is >= 0 and var last ? Math.Clamp(metrics.Axis.At(trial.Results[last].Metric), 0, 1) : null,
            ],
            standing.TryGetValue(trial.Trial, out var place) ? place : null));
        return new ParallelChart
        {
            Run = run,
            Axes =
            [
                .. shown.Select(parameter => new ParallelAxis(Lettering.Clean(parameter.Name), Marks(parameter.Domain), trials.Any(trial => !trial.Parameters.TryGet(parameter.Name, out _)))),
                new ParallelAxis(run.Metric, [.. metrics.Axis.Ticks(MostMarks).Select(value => (metrics.Axis.At(value), AxisScale.Text(value)))], standing.Count < trials.Count),
            ],
            Lines = [.. lines.OrderByDescending(line => line.Standing ?? 2).ThenByDescending(line => line.Trial)],
            LeftOut = varied.Count - shown.Count,
        };
    }

    /// <summary>Where few values share an axis, each has a band, over which the trials are spread evenly: lines that would be one are seen as many.</summary>
    private static double Place(Domain domain, ParameterValue value, int trial) => domain switch
    {
        ListDomain list => (IndexOf(list, value) + Spread(trial)) / list.Values.Count,
        WholeNumbers { Count: <= MostMarks } few => (value.AsNumber() - few.Min + Spread(trial)) / (few.Max - few.Min + 1),
        _ => Math.Clamp(ScaleOf(domain).At(value.AsNumber()), 0, 1),
    };

    private static IReadOnlyList<(double At, string Text)> Marks(Domain domain) => domain switch
    {
        ListDomain list => [.. Some(list.Values.Count).Select(index => ((index + .5) / list.Values.Count, Lettering.Clean(list.Values[index].ToString()) is { Length: > 0 } text ? text : "(empty)"))],
        WholeNumbers { Count: <= MostMarks } few => [.. Some((int)few.Count!).Select(index => ((index + .5) / few.Count.Value, AxisScale.Text(few.Min + index)))],
        _ => Ends(ScaleOf(domain)),
    };

    /// <summary>Both ends as they are, and round values between that keep away from them.</summary>
    private static IReadOnlyList<(double At, string Text)> Ends(AxisScale scale) =>
    [
        (0, AxisScale.Text(scale.Min)),
        .. scale.Ticks(MostMarks - 2).Select(value => (scale.At(value), AxisScale.Text(value))).Where(mark => mark.Item1 is > .05 and < .95),
        (1, AxisScale.Text(scale.Max)),
    ];

    private static AxisScale ScaleOf(Domain domain) => domain switch
    {
        Continuum continuum => new AxisScale(continuum.Min, continuum.Max, continuum is LogUniformDomain),
        WholeNumbers whole => new AxisScale(whole.Min, whole.Max, whole is LogIntDomain),
        _ => throw new ArgumentOutOfRangeException(nameof(domain), domain, "This domain has no scale."),
    };

    private static int IndexOf(ListDomain list, ParameterValue value) => Enumerable.Range(0, list.Values.Count).First(index => list.Values[index].Means(value));

    private static IEnumerable<int> Some(int count) => Enumerable.Range(0, count).Where(index => index % ((count + MostMarks - 1) / MostMarks) == 0);

    /// <summary>.2 … .8, neighbours far apart: the golden ratio's multiples.</summary>
    private static double Spread(int trial) => .2 + .6 * (trial * .6180339887498949 % 1);
}
