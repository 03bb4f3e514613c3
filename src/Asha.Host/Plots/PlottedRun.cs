using Asha.Core.Experiments;
using Asha.Host.Cli;

namespace Asha.Host.Plots;

/// <summary>A run to draw: its whole record, and the moment up to which it is drawn: its end, now where it goes on, or its last event where it broke off.</summary>
internal sealed record PlottedRun(RunRecord Record, TimeSpan Until, bool IsRunning)
{
    public ExperimentState State => Record.State;

    public ExperimentSpec Spec => Record.State.Spec;

    public string Name => Lettering.Clean(State.Origin.Run);

    public string Scheduler => Spec.Scheduler.Name;

    public string Metric => Lettering.Clean(Spec.Metric.Name);

    public string Resource => Lettering.Clean(Spec.Resource.Name);

    /// <summary>The metric with the direction that is better.</summary>
    public string MetricTitle => $"{Metric} ({(Spec.Metric.Mode == MetricMode.Min ? "lower" : "higher")} is better)";

    /// <summary>Scheduler, trials, slots, and how long.</summary>
    public string Summary => $"{Scheduler}, reduction factor {Spec.Scheduler.ReductionFactor} · {Count(State.Trials.Count, "trial")} on {Count(Record.Utilization.MostSlots, "slot")} · {Ending}";

    private string Ending => State.Ended is { } ended ? $"{ended.Outcome} after {Output.Duration(Until)}" : $"{(IsRunning ? "running for" : "broken off after")} {Output.Duration(Until)}";

    public string Level(int rung) => $"{AxisScale.Text(State.Rungs[rung].Level)} {Resource}";

    public static string Count(int count, string what) => $"{count:#,0} {what}{(count == 1 ? "" : "s")}";

    /// <summary>Of so many rungs, at most so many for a legend: the lowest, the highest, and others evenly between.</summary>
    public static IReadOnlyList<int> SomeRungs(int rungs, int most) => rungs <= most
        ? [.. Enumerable.Range(0, rungs)]
        : [.. Enumerable.Range(0, most).Select(index => (int)Math.Round(index * (rungs - 1.0) / (most - 1))).Distinct()];
}
