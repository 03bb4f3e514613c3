using Asha.Core.Experiments;
using Asha.Core.Utilization;
using Asha.Tuning.Runs;

namespace Asha.Tuning;

/// <summary>Makes the result of a run from its record.</summary>
internal static class ResultBuilder
{
    public static TuningResult Build(RunRecord record, RunFolder folder, IReadOnlyList<int> stillRunning)
    {
        var state = record.State;
        var trials = state.Trials.Select(trial => Of(trial, state, folder)).ToArray();
        return new TuningResult
        {
            Run = folder.Name,
            Folder = folder.Path,
            Outcome = state.Ended?.Outcome switch
            {
                "completed" => TuningOutcome.Completed,
                "stopped" => TuningOutcome.Stopped,
                FinalOutcome.Interrupted => TuningOutcome.Interrupted,
                FinalOutcome.Paused => TuningOutcome.Paused,
                FinalOutcome.Cancelled => TuningOutcome.Cancelled,
                _ => TuningOutcome.Failed,
            },
            Reason = state.Ended?.Reason ?? "",
            Duration = state.Time,
            Best = state.Best is { } best ? trials[best.Trial] : null,
            Trials = trials,
            Rungs = [.. state.Rungs.Select(rung => new RungResult(rung.Level, rung.Started, rung.Completed, rung.Failed, rung.Promoted))],
            Jobs = state.Jobs,
            Attempts = state.Attempts,
            Utilization = record.Utilization.Utilization,
            Idle = Enum.GetValues<IdleCause>().Where(cause => record.Utilization.Idle(cause) > TimeSpan.Zero).ToDictionary(cause => cause.Name(), record.Utilization.Idle),
            Failures = state.Failures,
            RejectedReports = state.RejectedReports,
            RetiredSlots = [.. state.RetiredSlots.Select(left => new RetiredSlot(left.Slot, left.Time, left.Reason!))],
            StillRunning = stillRunning,
        };
    }

    private static TrialResult Of(TrialState trial, ExperimentState state, RunFolder folder) => new()
    {
        Number = trial.Trial,
        Status = trial.Phase switch
        {
            TrialPhase.Paused or TrialPhase.Stopped => TrialStatus.Stopped,
            TrialPhase.Completed => TrialStatus.Completed,
            TrialPhase.Failed => TrialStatus.Failed,
            _ => TrialStatus.Cancelled,
        },
        Parameters = new ParameterValues(trial.Parameters),
        Seed = state.Spec.SeedOf(trial.Trial),
        Results = [.. trial.Results.Select(result => new Measurement(result.Resource, result.Metric))],
        Attempts = trial.Attempt,
        RejectedReports = trial.RejectedReports,
        Checkpoint = trial.ResultCheckpoint is { } checkpoint ? folder.Checkpoints.Find(trial.Trial, checkpoint) : null,
    };
}
