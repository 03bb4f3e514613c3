using Asha.Core.Experiments;

namespace Asha.Host.Plots;

/// <summary>How the best of a run came about, among all results, ready to draw.</summary>
internal sealed record BestChart
{
    public required PlottedRun Run { get; init; }

    public required IReadOnlyList<BestStep> Steps { get; init; }

    /// <summary>The finite results of all trials.</summary>
    public required IReadOnlyList<TimedResult> Results { get; init; }

    public required MetricScale Y { get; init; }

    public static BestChart Of(PlottedRun run)
    {
        var steps = run.Record.Bests!.Steps;
        var results = run.Record.Bests.Results;
        return new BestChart
        {
            Run = run,
            Steps = steps,
            Results = results,
            Y = MetricScale.Of(run.Spec.Metric, results.Select(result => result.Metric).Concat(steps.Select(step => step.Metric)), [.. steps.Select(step => step.Metric)]),
        };
    }
}
