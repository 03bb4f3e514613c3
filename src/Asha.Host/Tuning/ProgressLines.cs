using System.Globalization;
using Asha.Core.Experiments;
using Asha.Host.Cli;
using Asha.Host.Runs;

namespace Asha.Host.Tuning;

/// <summary>Plain progress: a line for each result, failure and promotion that a person would want to know of.</summary>
internal sealed class ProgressLines(RunRecord record, TextWriter target)
{
    private TrialState? _best;

    public void Show(ExperimentEvent happened)
    {
        if (Describe(record.State, happened) is { } line)
            target.WriteLine(Output.Clean($"[{Output.Duration(happened.Time),9}] {line}"));
    }

    private string? Describe(ExperimentState state, ExperimentEvent happened) => happened switch
    {
        JobCompleted done => Result(state, done),
        TrialPromoted up => $"trial {up.Trial} promoted to {Level(state, up.Rung + 1)}: rank {up.Rank} of {up.Results}, cut-off {Output.Number(up.CutOff)}",
        AttemptFailed failed => Failure(state, failed),
        AttemptLost when CheckpointWords.LossIn(state, happened) is { } loss => CheckpointWords.Of(loss),
        JobStarted started when CheckpointWords.IsRestart(state, started) => CheckpointWords.Restart(state, started),
        AttemptLost lost => LossWords.Of(state, lost),
        ReportRejected rejected => $"trial {rejected.Trial}: a report was rejected: {rejected.Reason}",
        BracketOpened opened => $"bracket {opened.Bracket} opens",
        TrialsLimited limited => $"sampling ends at {limited.Trials} trials: {limited.Reason}",
        SlotLeft { Reason: { } reason } slot => $"slot {slot.Slot} was given up: {reason}",
        ExperimentStopping stopping => LossWords.Of(stopping),
        SlotLost slot => $"slot {slot.Slot} was lost",
        _ => null,
    };

    private string Result(ExperimentState state, JobCompleted done)
    {
        var line = $"trial {done.Trial} at {Output.Number(done.Resource)} {state.Spec.Resource.Name}: {state.Spec.Metric.Name} {Output.Number(done.Metric)}";
        // The same trial may become better in a higher rung; that is worth a word as well.
        var isNews = state.Best is { } best && best.Trial == done.Trial && state.BestRung == done.Rung && (best != _best || done.Rung > 0);
        _best = state.Best;
        return isNews ? line + "  best of the highest rung" : line;
    }

    private static string Failure(ExperimentState state, AttemptFailed failed)
    {
        var fate = failed.Last ? "for good" : $"(try {state.Trials[failed.Trial].Failures} of {state.Spec.Trial.MaxAttempts}{(failed.BackOff is { } wait ? $", again in {wait.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s" : "")})";
        var detail = failed.Detail.Trim('\n');
        return $"trial {failed.Trial} failed {fate}: {failed.Cause}{(detail.Length == 0 ? "" : ": ")}{detail.Replace("\n", "\n            ", StringComparison.Ordinal)}"
            + $"\n            its log: logs/trial-{failed.Trial:D6}.log";
    }

    private static string Level(ExperimentState state, int rung) => $"{Output.Number(state.Brackets[0].Rungs[rung].Level)} {state.Spec.Resource.Name}";
}
