using Asha.Core.Experiments;
using Asha.Core.Utilization;
using Asha.Host.Cli;
using Spectre.Console;

namespace Asha.Host.Runs;

/// <summary>A run in words and tables.</summary>
internal static class RunReport
{
    /// <param name="record">The run.</param>
    /// <param name="console">Where to.</param>
    /// <param name="sinceStart">How long it has been running, where it still is.</param>
    public static void Write(RunRecord record, IAnsiConsole console, TimeSpan? sinceStart = null)
    {
        var state = record.State;
        console.Line($"{state.Origin.Run}: {Outcome(state, sinceStart)}; {state.Trials.Count} trials, {state.Jobs} jobs, {state.Attempts} attempts on {record.Utilization.MostSlots} slots");
        if (state.LimitReason.Length > 0)
            console.Line($"sampling ended at {state.TrialLimit} trials: {state.LimitReason}");
        if (record.Utilization.MostSlots == 0)
            return; // It ended before it began, or has only just begun.
        var rungs = Output.Table("rung", state.Spec.Resource.Name, "started", "running", "completed", "failed", "promoted");
        foreach (var rung in state.Rungs)
            rungs.Row($"{rung.Rung}", Output.Number(rung.Level), $"{rung.Started}", $"{rung.Running}", $"{rung.Completed}", $"{rung.Failed}", $"{rung.Promoted}");
        console.Write(rungs);
        console.Line($"utilization {record.Utilization.Utilization:P1}; idle: {Idle(record.Utilization)}");
        if (state.Failures.Count > 0 || state.RejectedReports > 0)
            console.Line($"failed attempts: {Counts(state.Failures)}; rejected reports: {state.RejectedReports}");
        foreach (var left in state.RetiredSlots)
            console.Line($"slot {left.Slot} was given up after {Output.Duration(left.Time)}: {left.Reason}");
        WriteBest(state, console);
    }

    private static void WriteBest(ExperimentState state, IAnsiConsole console)
    {
        if (state.Best is not { } best)
        {
            console.Line("no trial has a finite result");
            return;
        }
        var (resource, metric) = best.Results[state.BestRung];
        console.Line($"best: trial {best.Trial}, {state.Spec.Metric.Name} {Output.Number(metric)} at {Output.Number(resource)} {state.Spec.Resource.Name}, the highest rung with a result");
        foreach (var (name, value) in best.Parameters.Values)
            console.Line($"  {name}: {value}");
    }

    private static string Outcome(ExperimentState state, TimeSpan? sinceStart) => state.Ended switch
    {
        null when sinceStart is { } running => $"running for {Output.Duration(running)}, its last event after {Output.Duration(state.Time)}",
        null => $"broken off after {Output.Duration(state.Time)}",
        { Reason.Length: > 0 } ended => $"{ended.Outcome} ({ended.Reason}) after {Output.Duration(state.Time)}",
        var ended => $"{ended.Outcome} after {Output.Duration(state.Time)}",
    };

    private static string Idle(UtilizationTally tally)
    {
        var causes = Enum.GetValues<IdleCause>().Where(cause => tally.Idle(cause) > TimeSpan.Zero)
            .Select(cause => $"{cause.Name()} {tally.Idle(cause).TotalSeconds:0.00} s");
        return string.Join(", ", causes) is { Length: > 0 } text ? text : "none";
    }

    private static string Counts(IReadOnlyDictionary<string, int> counts) => counts.Count == 0
        ? "none"
        : string.Join(", ", counts.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key).Select(entry => $"{entry.Key} {entry.Value}"));
}
