using System.Globalization;
using Asha.Core.Experiments;
using Asha.Core.Utilization;
using Asha.Host.Cli;
using Asha.Host.View;
using Spectre.Console;

namespace Asha.Host.Runs;

/// <summary>A run in words and tables: what was found, then how it came about.</summary>
/// <param name="record">The run; its curves and standings are shown where it keeps them.</param>
/// <param name="console">Where to.</param>
internal sealed class RunReport(RunRecord record, IAnsiConsole console)
{
    private const int Best = 10;
    private const int ShownLosses = 5;
    private bool _hasLogs;

    private ExperimentState State => record.State;

    /// <param name="record">The run.</param>
    /// <param name="console">Where to.</param>
    /// <param name="sinceStart">How long it has been running, where it still is.</param>
    /// <param name="checkpoint">Full path of the best trial's checkpoint, where there is one.</param>
    /// <param name="hasLogs">Whether what trials printed can be looked at.</param>
    public static void Write(RunRecord record, IAnsiConsole console, TimeSpan? sinceStart = null, string? checkpoint = null, bool hasLogs = true)
    {
        var report = new RunReport(record, console) { _hasLogs = hasLogs };
        report.WriteHead(sinceStart);
        if (record.Utilization.MostSlots == 0)
            return; // It ended before it began, or has only just begun.
        report.WriteBest(checkpoint);
        report.WriteRungs();
        report.WriteUtilization(sinceStart);
        report.WriteFailures();
        report.WriteTheBest();
    }

    private void WriteHead(TimeSpan? sinceStart)
    {
        console.Line($"{State.Origin.Run}: {Outcome(sinceStart)}; {State.Trials.Count} trials, {State.Jobs} jobs, {State.Attempts} attempts on {record.Utilization.MostSlots} slots");
        if (State.LimitReason.Length > 0)
            console.Line($"sampling ended at {State.TrialLimit} trials: {State.LimitReason}");
    }

    private void WriteBest(string? checkpoint)
    {
        console.WriteLine();
        if (State.Best is not { } best)
        {
            console.Line("no trial has a finite result");
            return;
        }
        var (resource, metric) = best.Results[State.BestRung];
        console.Line($"best: trial {best.Trial}, {State.Spec.Metric.Name} {Output.Number(metric)} at {Output.Number(resource)} {State.Spec.Resource.Name}, the highest rung with a result");
        foreach (var (name, value) in best.Parameters.Values)
            console.Line($"  {name}: {value}");
        console.Line($"  seed of the trial: {State.Spec.SeedOf(best.Trial)}");
        if (checkpoint is not null)
            console.Line($"  checkpoint: {checkpoint}");
        var curve = CurveText.Of(record.Curves?.Of(best.Trial) ?? [], [.. State.Rungs.Select(rung => rung.Level)], State.Spec.Resource.Name, console.Profile.Capabilities.Unicode);
        if (curve.Count == 0)
            return;
        console.WriteLine();
        console.Line($"its {State.Spec.Metric.Name}, as reported:");
        foreach (var line in curve)
            console.Line(line);
    }

    private void WriteRungs()
    {
        var table = Output.Table("rung", State.Spec.Resource.Name, "started", "running", "completed", "of these failed", "promoted", State.Brackets.Count == 1 ? "cut-off" : $"cut-off, bracket {State.Brackets.Count - 1}");
        foreach (var rung in State.Rungs)
        {
            var cutOff = record.Standings?.CutOff(State, rung.Rung);
            table.Row($"{rung.Rung}", Output.Number(rung.Level), $"{rung.Started}", $"{rung.Running}", $"{rung.Completed}", $"{rung.Failed}", $"{rung.Promoted}", cutOff is { } metric ? Output.Number(metric) : "");
        }
        console.Write(table);
    }

    /// <summary>Of a run that goes on, up to now: what the slots did at its last event they still do.</summary>
    private void WriteUtilization(TimeSpan? sinceStart)
    {
        var time = new SlotTime(record, sinceStart > State.Time ? sinceStart.Value : State.Time);
        console.Line($"utilization {time.Utilization:P1}: {Seconds(time.Busy)} busy of {Seconds(time.Present)} slot-seconds");
        foreach (var (cause, share) in time.Idle)
            console.Line($"  idle, {cause.Name()}: {Seconds(time.Of(cause))} slot-seconds, {share:P1}");
    }

    private void WriteFailures()
    {
        foreach (var left in State.RetiredSlots)
            console.Line($"slot {left.Slot} was given up after {Output.Duration(left.Time)}: {left.Reason}");
        foreach (var unfit in State.Nodes.Unfit.Values)
            console.Line($"{unfit.Node} {(unfit.IsQuarantined ? "is in quarantine" : "cannot run its trials")}{Detail(unfit.Detail)} ({(unfit.Failures == 1 ? "once" : $"{unfit.Failures} times in a row")}; left alone until {Output.Duration(unfit.Until)} of the run{(unfit.IsQuarantined ? ", then tried with one job" : "")})");
        foreach (var loss in State.CheckpointLosses.TakeLast(ShownLosses))
            console.Line($"after {Output.Duration(loss.Event.Time)}, {CheckpointWords.Of(loss)}");
        if (State.CheckpointLosses.Count > ShownLosses)
            console.Line($"these are the last {ShownLosses} of {State.CheckpointLosses.Count} checkpoints that could not be used");
        if (CheckpointWords.Budget(State) is { } budget)
            console.Line(budget);
        if (State.Takeovers > 0)
            console.Line($"taken over by another coordinator {(State.Takeovers == 1 ? "once" : $"{State.Takeovers} times")}, while its nodes ran on");
        if (State.Losses.Count > 0)
            console.Line($"attempts lost by no fault of their trials: {Words.Counts(State.Losses)}{(State.Regained > 0 ? $"; {State.Regained} of them came back with their nodes, and counted on" : "")}");
        if (State.IgnoredReports.Total > 0)
            console.Line($"reports that came again or too late, and changed nothing: {Words.Counts(RunSummary.Ignored(State.IgnoredReports).Where(kind => kind.Value > 0).ToDictionary())}");
        if (State.Failures.Count == 0 && State.RejectedReports == 0)
            return;
        var failed = State.Failures.Count == 0
            ? "none"
            : Words.Counts(State.Failures);
        console.Line($"failed attempts: {failed}; trials that failed for good: {State.Rungs.Sum(rung => rung.Failed)}; rejected reports: {State.RejectedReports}");
        foreach (var (cause, last) in State.LastFailures.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            console.Line($"  {cause}: last trial {last.Trial}, rung {last.Rung}, attempt {last.Attempt}{Detail(last.Detail)}");
        if (_hasLogs && State.LastFailures.Count > 0)
            console.Line($"  what a trial printed: asha logs {State.Origin.Run} {State.LastFailures.Values.MaxBy(failed => failed.Time)!.Trial}");
    }

    private void WriteTheBest()
    {
        var best = TrialRanking.Of(State).Take(Best).ToList();
        if (best.Count < 2)
            return;
        console.WriteLine();
        console.Line($"the best {best.Count}, by the highest rung reached, there by {State.Spec.Metric.Name}:");
        TrialTable.Write(State, best, console);
    }

    private string Outcome(TimeSpan? sinceStart) => State.Ended switch
    {
        null when sinceStart is { } running => $"running for {Output.Duration(running)}, its last event after {Output.Duration(State.Time)}",
        null => $"broken off after {Output.Duration(State.Time)}",
        { Reason.Length: > 0 } ended => $"{ended.Outcome} ({ended.Reason}) after {Output.Duration(State.Time)}",
        var ended => $"{ended.Outcome} after {Output.Duration(State.Time)}",
    };

    /// <summary>What was wrong, and the last line that the trial printed.</summary>
    private static string Detail(string detail)
    {
        var lines = detail.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines switch
        {
            [] => "",
            [var only] => $": {only}",
            [var what, .., var last] => $": {what}: {last}",
        };
    }

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("#,0.00", CultureInfo.InvariantCulture);
}
