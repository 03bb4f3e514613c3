using Akka.Event;
using Asha.Core.Experiments;

namespace Asha.Cluster.Logs;

/// <summary>
/// A run's story in its coordinator's log: what its journal has taken, in words, each at the level that people want it at. The names in braces are properties of structured logs (docs/operations.md); <c>OnNode</c> is the node that an attempt ran on, <c>Node</c> whoever writes.
/// Parameters and what trials printed are not in it.
/// </summary>
/// <param name="log">The coordinator's.</param>
/// <param name="run">The run's name.</param>
/// <param name="nodeOf">The node of a slot, as of the event that is told; <c>null</c>: it is not there.</param>
internal sealed class RunStory(ILoggingAdapter log, string run, Func<int, string?> nodeOf)
{
    /// <summary>Tells of an event that is in the journal.</summary>
    public void Tell(ExperimentEvent happened)
    {
        switch (happened)
        {
            case ExperimentStarted started:
                log.Info("{Experiment}: begins ({Scheduler})", run, started.Experiment.Scheduler.Type);
                break;
            case ExperimentTakenOver:
                log.Info("{Experiment}: taken over from another coordinator, or from its last process", run);
                break;
            case ExperimentResumed:
                log.Info("{Experiment}: goes on", run);
                break;
            case ExperimentStopping stopping:
                log.Info("{Experiment}: is being ended ({Outcome})", run, stopping.Outcome);
                break;
            case ExperimentEnded { Reason: "" } ended:
                log.Info("{Experiment}: ended: {Outcome}", run, ended.Outcome);
                break;
            case ExperimentEnded ended:
                log.Info("{Experiment}: ended: {Outcome} ({Reason})", run, ended.Outcome, ended.Reason);
                break;
            case NodeUnfit unfit:
                log.Warning("{Experiment}: {OnNode} cannot run its trials, and gets none for {Pause}: {Detail}", run, unfit.Node, unfit.Pause, FaultNames.Summary(unfit.Detail));
                break;
            case SlotLost lost:
                log.Info("{Experiment}: slot {Slot} of {OnNode} does not answer", run, lost.Slot, nodeOf(lost.Slot));
                break;
            case SlotLeft { Reason: { } reason } left:
                log.Warning("{Experiment}: slot {Slot} was given up for good: {Reason}", run, left.Slot, reason);
                break;
            case AttemptFailed failed:
                log.Warning($"{{Experiment}}: trial {{Trial}}, attempt {{Attempt}} on {{OnNode}} failed: {{Cause}} ({{Detail}}); {(failed.Last ? "it was the last" : "it is tried again")}",
                    run, failed.Trial, failed.Attempt, nodeOf(failed.Slot), failed.Cause, FaultNames.Summary(failed.Detail));
                break;
            case AttemptLost lost:
                log.Warning("{Experiment}: trial {Trial}, attempt {Attempt} on {OnNode} was lost: {Cause} ({Detail})", run, lost.Trial, lost.Attempt, nodeOf(lost.Slot), lost.Cause, FaultNames.Summary(lost.Detail));
                break;
            case AttemptRegained regained:
                log.Info("{Experiment}: trial {Trial}, attempt {Attempt} on {OnNode} is back", run, regained.Trial, regained.Attempt, nodeOf(regained.Slot));
                break;
            default:
                if (log.IsDebugEnabled)
                    TellDetail(happened);
                break;
        }
    }

    private void TellDetail(ExperimentEvent happened)
    {
        switch (happened)
        {
            case JobStarted started:
                log.Debug("{Experiment}: trial {Trial}, attempt {Attempt} starts on {OnNode}, for rung {Rung}, up to {Target}", run, started.Trial, started.Attempt, nodeOf(started.Slot), started.Rung, started.Target);
                break;
            case JobCompleted completed:
                log.Debug("{Experiment}: trial {Trial}, attempt {Attempt} on {OnNode} completed rung {Rung}: {Metric}", run, completed.Trial, completed.Attempt, nodeOf(completed.Slot), completed.Rung, completed.Metric);
                break;
            case JobCut cut:
                log.Debug("{Experiment}: trial {Trial}, attempt {Attempt} on {OnNode} was cut by the end of the run", run, cut.Trial, cut.Attempt, nodeOf(cut.Slot));
                break;
            case TrialPromoted promoted:
                log.Debug("{Experiment}: trial {Trial} is promoted from rung {Rung}, as number {Rank} of {Results}", run, promoted.Trial, promoted.Rung, promoted.Rank, promoted.Results);
                break;
            case ReportRejected rejected:
                log.Debug("{Experiment}: trial {Trial}, attempt {Attempt}: a report does not count: {Reason}", run, rejected.Trial, rejected.Attempt, rejected.Reason);
                break;
            case SlotJoined joined:
                log.Debug("{Experiment}: slot {Slot} of {OnNode} joins", run, joined.Slot, joined.Node);
                break;
        }
    }
}
