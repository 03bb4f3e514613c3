using Asha.Core.Experiments;

namespace Asha.Host.Plots;

/// <summary>A trial's learning curve.</summary>
/// <param name="Rung">The rung that it was promoted to, 0 for none.</param>
/// <param name="Pieces">Its reports by rising resource, cut where one was not finite.</param>
/// <param name="Promotions">The results with which it was promoted, lowest rung first.</param>
internal sealed record Curve(int Trial, int Rung, IReadOnlyList<IReadOnlyList<CurvePoint>> Pieces, IReadOnlyList<(double Resource, double Metric)> Promotions, bool IsBest);

/// <summary>All learning curves of a run, ready to draw.</summary>
internal sealed record CurvesChart
{
    public required PlottedRun Run { get; init; }

    /// <summary>Those that reported, in the order in which they are drawn: the higher the rung, the later, and the best one last.</summary>
    public required IReadOnlyList<Curve> Curves { get; init; }

    /// <summary>Logarithmic where the rungs are geometric, which they are wherever there are two.</summary>
    public required AxisScale X { get; init; }

    public required MetricScale Y { get; init; }

    /// <summary>Trials with a report that was not finite.</summary>
    public required int Diverged { get; init; }

    /// <summary>Trials with a report that lies outside <see cref="Y"/>.</summary>
    public required int OffScale { get; init; }

    public static CurvesChart Of(PlottedRun run)
    {
        var state = run.State;
        var curves = state.Trials.Select(trial => Curve(run, trial)).Where(curve => run.Record.Curves!.Of(curve.Trial).Count > 0)
            .OrderBy(curve => curve.IsBest).ThenBy(curve => curve.Rung).ThenByDescending(curve => curve.Trial).ToList();
        var points = curves.SelectMany(curve => curve.Pieces).SelectMany(piece => piece).ToList();
        var y = MetricScale.Of(state.Spec.Metric, points.Select(point => point.Metric), state.Best is { } best ? [best.Results[state.BestRung].Metric] : []);
        var (first, last) = (points.Select(point => point.Resource).DefaultIfEmpty(state.Rungs[0].Level).Min(), state.Rungs[^1].Level);
        return new CurvesChart
        {
            Run = run,
            Curves = curves,
            X = AxisScale.Around(Math.Min(first, state.Rungs[0].Level), last, isLog: state.Rungs.Count > 1 && first > 0).Padded(.03),
            Y = y,
            Diverged = curves.Count(curve => run.Record.Curves!.Of(curve.Trial).Any(point => !double.IsFinite(point.Metric))),
            OffScale = curves.Count(curve => curve.Pieces.Any(piece => piece.Any(point => !y.Shows(point.Metric)))),
        };
    }

    private static Curve Curve(PlottedRun run, TrialState trial) => new(
        trial.Trial, trial.Rung, Pieces(run.Record.Curves!.Of(trial.Trial)), [.. trial.Results.Take(trial.Rung)], trial == run.State.Best);

    private static List<IReadOnlyList<CurvePoint>> Pieces(IReadOnlyList<CurvePoint> points)
    {
        var pieces = new List<IReadOnlyList<CurvePoint>>();
        for (var next = 0; next < points.Count;)
        {
            var piece = points.Skip(next).TakeWhile(point => double.IsFinite(point.Metric)).ToList();
            if (piece.Count > 0)
                pieces.Add(piece);
            next += piece.Count + 1;
        }
        return pieces;
    }
}
