using Asha.Core.Experiments;

namespace Asha.Host.Plots;

/// <summary>A result of a rung, and when it was reported.</summary>
internal readonly record struct TimedResult(TimeSpan Time, int Rung, double Metric);

/// <summary>How the best of a run came about, among all results, ready to draw.</summary>
internal sealed record BestChart
{
    public required PlottedRun Run { get; init; }

    public required IReadOnlyList<BestStep> Steps { get; init; }

    /// <summary>The finite results of all trials. One that an attempt took back, having begun again from below, is not among them.</summary>
    public required IReadOnlyList<TimedResult> Results { get; init; }

    public required MetricScale Y { get; init; }

    public static BestChart Of(PlottedRun run)
    {
        var steps = run.Record.Bests!.Steps;
        var results = run.State.Trials.SelectMany(trial => ResultsOf(run.Record, trial)).ToList();
        return new BestChart
        {
            Run = run,
            Steps = steps,
            Results = results,
            Y = MetricScale.Of(run.Spec.Metric, results.Select(result => result.Metric).Concat(steps.Select(step => step.Metric)), [.. steps.Select(step => step.Metric)]),
        };
    }

    private static IEnumerable<TimedResult> ResultsOf(RunRecord record, TrialState trial)
    {
        var times = record.Curves!.Of(trial.Trial).ToDictionary(point => point.Resource, point => point.Time);
        return trial.Results.Index().Where(result => double.IsFinite(result.Item.Metric) && times.ContainsKey(result.Item.Resource))
            .Select(result => new TimedResult(times[result.Item.Resource], result.Index, result.Item.Metric));
    }
}
