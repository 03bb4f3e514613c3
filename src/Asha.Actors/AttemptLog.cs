using Akka.Event;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>
/// What a node's log says of the attempts that run on it. The names in braces are properties of structured logs (docs/operations.md): the same ones as on the coordinator's side, by which both are found. What a trial printed is not repeated here: it may be anything.
/// </summary>
/// <param name="log">The node's.</param>
internal sealed class AttemptLog(ILoggingAdapter log)
{
    public void Starts(StartJob start)
    {
        if (log.IsDebugEnabled)
            log.Debug("{Experiment}: trial {Trial}, attempt {Attempt} starts on slot {Slot}, resource {Start} to {Target}", start.Run, start.Trial, start.Attempt, start.Slot, start.Start, start.Target);
    }

    /// <param name="run">Whose it is.</param>
    /// <param name="report">Its last message: with a report, if it has reached its target.</param>
    /// <param name="ending">How it ended.</param>
    public void Ended(string run, JobReport report, TrialEnding ending)
    {
        var cause = ending.Cause == EndingCause.LevelReached ? "level-reached" : FaultNames.Of(ending.Cause, hasResult: report.Reports.Count > 0, hasRejections: false);
        // Nothing that anybody has to look into.
        var isQuiet = cause is FaultNames.Completed or FaultNames.Stopped or "level-reached";
        if (isQuiet && log.IsDebugEnabled)
            log.Debug("{Experiment}: trial {Trial}, attempt {Attempt} ended: {Cause}", run, report.Trial, report.Attempt, cause);
        else if (!isQuiet)
            log.Warning("{Experiment}: trial {Trial}, attempt {Attempt} failed: {Cause} ({Detail})", run, report.Trial, report.Attempt, cause, FaultNames.Summary(ending.Detail));
    }
}
