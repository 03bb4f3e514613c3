using Asha.Core.Experiments;
using Asha.Host.Cli;

namespace Asha.Host.Tuning;

/// <summary>Plain progress: a line for each result, failure and promotion that a person would want to know of.</summary>
internal sealed class ProgressLines(TextWriter target)
{
    private TrialState? _best;

    public void Show(RunRecord record, ExperimentEvent happened)
    {
        if (Describe(record.State, happened) is { } line)
            target.WriteLine(Output.Clean($"[{Output.Duration(happened.Time),9}] {line}"));
    }

    private string? Describe(ExperimentState state, ExperimentEvent happened) => happened switch
    {
        JobCompleted done => Result(state, done),
        TrialPromoted up => $"trial {up.Trial} promoted to {Level(state, up.Rung + 1)}: rank {up.Rank} of {up.Results}, cut-off {Output.Number(up.CutOff)}",
        AttemptFailed { Last: true } failed => $"trial {failed.Trial} failed for good: {Reason(failed)}",
        AttemptFailed failed => $"trial {failed.Trial} failed, and is tried again: {Reason(failed)}",
        AttemptLost lost => $"trial {lost.Trial} is tried again: {lost.Cause}",
        ReportRejected rejected => $"trial {rejected.Trial}: a report was rejected: {rejected.Reason}",
        TrialsLimited limited => $"sampling ends at {limited.Trials} trials: {limited.Reason}",
        SlotLost slot => $"slot {slot.Slot} was lost",
        _ => null,
    };

    private string Result(ExperimentState state, JobCompleted done)
    {
        var line = $"trial {done.Trial} at {Output.Number(done.Resource)} {state.Spec.Resource.Name}: {state.Spec.Metric.Name} {Output.Number(done.Metric)}";
        // The same trial may become better in a higher rung; that is worth a word as well.
        var isNews = state.Best is { } best && best.Trial == done.Trial && state.BestRung == done.Rung && (best != _best || done.Rung > 0);
        _best = state.Best;
        return isNews ? line + "  best" : line;
    }

    private static string Reason(AttemptFailed failed)
    {
        var detail = failed.Detail.Trim();
        return detail.Length == 0 ? failed.Cause : $"{failed.Cause}: {detail.Replace("\n", "\n            ", StringComparison.Ordinal)}";
    }

    private static string Level(ExperimentState state, int rung) => $"{Output.Number(state.Rungs[rung].Level)} {state.Spec.Resource.Name}";
}
