using Asha.Core.Experiments;
using Microsoft.Extensions.Logging;

namespace Asha.Tuning;

/// <summary>Tells a program what of the journal is worth knowing while the run goes on.</summary>
/// <param name="record">The run, as of the event told.</param>
/// <param name="target">Whom to tell.</param>
/// <param name="log">Where it is noted that the target failed: a mistake in what shows a run must not end the run.</param>
internal sealed class ProgressTeller(RunRecord record, IProgress<TuningProgress> target, ILogger log)
{
    private bool _failed;

    public void Tell(ExperimentEvent happened)
    {
        if (_failed || Describe(happened) is not { } progress)
            return;
        try
        {
            target.Report(progress);
        }
        catch (Exception error)
        {
            _failed = true;
            log.LogError(error, "The run's progress is told no more: whoever is told has failed.");
        }
    }

    private TuningProgress? Describe(ExperimentEvent happened) => happened switch
    {
        JobCompleted done => new(done.Time, TuningProgressKind.Result, done.Trial, done.Resource, done.Metric, ""),
        TrialPromoted up => new(up.Time, TuningProgressKind.Promoted, up.Trial, record.State.Brackets[up.Bracket].Rungs[up.Rung + 1].Level, up.Metric, $"rank {up.Rank} of {up.Results}"),
        AttemptFailed failed => Of(failed, failed.Last ? TuningProgressKind.Failed : TuningProgressKind.TriedAgain, failed.Trial, failed.Detail.Length == 0 ? failed.Cause : $"{failed.Cause}: {failed.Detail}"),
        AttemptLost lost => Of(lost, TuningProgressKind.TriedAgain, lost.Trial, lost.Detail is null ? lost.Cause : $"{lost.Cause}: {lost.Detail}"),
        JobStarted { GoesOn: false, Checkpoint: null } again when record.State.Trials[again.Trial].IsCheckpointDropped
            => Of(again, TuningProgressKind.StartedAgain, again.Trial, "its checkpoint had gone to keep within the disk budget"),
        ReportRejected rejected => Of(rejected, TuningProgressKind.ReportRejected, rejected.Trial, rejected.Reason),
        SlotLeft { Reason: { } reason } left => Of(left, TuningProgressKind.SlotRetired, null, $"slot {left.Slot}: {reason}"),
        TrialsLimited limited => Of(limited, TuningProgressKind.SamplingEnded, null, limited.Reason),
        _ => null,
    };

    private static TuningProgress Of(ExperimentEvent happened, TuningProgressKind kind, int? trial, string detail) => new(happened.Time, kind, trial, double.NaN, double.NaN, detail);
}
