using System.Globalization;
using Asha.Core.Experiments;

namespace Asha.Core.Recordings;

/// <summary>An event in words, for people who compare two of them.</summary>
public static class EventWords
{
    /// <summary>A sentence without its full stop.</summary>
    public static string Of(ExperimentEvent happened) => happened switch
    {
        TrialSampled sampled => $"trial {sampled.Trial} is sampled{Bracket(sampled.Bracket)}: {sampled.Parameters}",
        TrialPromoted up => $"trial {up.Trial} is promoted out of rung {up.Rung}{Bracket(up.Bracket)}: metric {Exact(up.Metric)}, rank {up.Rank} of {up.Results}; the best {up.Candidates} may go, the last of them has {Exact(up.CutOff)}",
        JobStarted { GoesOn: true } on => $"trial {on.Trial} goes on, on slot {on.Slot}, to rung {on.Rung}{Bracket(on.Bracket)}: from {Exact(on.Start)} to {Exact(on.Target)}, attempt {on.Attempt}",
        JobStarted started => $"trial {started.Trial} starts on slot {started.Slot}, to rung {started.Rung}{Bracket(started.Bracket)}: from {Exact(started.Start)} to {Exact(started.Target)}, attempt {started.Attempt}",
        JobCompleted done => $"trial {done.Trial} has its result in rung {done.Rung}{Bracket(done.Bracket)}: metric {Exact(done.Metric)} at {Exact(done.Resource)}",
        AttemptFailed failed => $"attempt {failed.Attempt} of trial {failed.Trial} fails, {failed.Cause}: {(failed.Last ? "for good" : failed.BackOff is { } wait ? $"it is tried again, {Exact(wait.TotalSeconds)} s later at the earliest" : "it is tried again")}",
        RetryDue due => $"trial {due.Trial} may be tried again, after attempt {due.Attempt}",
        AttemptLost lost => $"attempt {lost.Attempt} of trial {lost.Trial} is lost, {lost.Cause}{(lost.Fault is { } fault ? $" (it failed: {fault})" : "")}{(lost.Detail is { } detail ? $": {detail}" : "")}",
        AttemptRegained regained => $"attempt {regained.Attempt} of trial {regained.Trial} is back with its node, on slot {regained.Slot}, and goes on",
        ReportAccepted report => $"trial {report.Trial} reports {Exact(report.Metric)} at {Exact(report.Resource)}, which counts",
        ReportRejected report => $"a report of trial {report.Trial} does not count: {report.Reason}",
        CheckpointDropped dropped => $"the checkpoint of trial {dropped.Trial}, which waits in rung {dropped.Rung}, goes: the budget has no room for its {dropped.Bytes} bytes",
        ReportsIgnored ignored => $"reports that changed nothing: {ignored.Duplicate} duplicate, {ignored.Late} late, {ignored.Stale} stale, {ignored.Unknown} unknown",
        ReportAwaited awaited => $"attempt {awaited.Attempt} of trial {awaited.Trial} is over, and its report on its way",
        SlotJoined joined => $"slot {joined.Slot} joins, of {joined.Node}",
        SlotLost lost => $"slot {lost.Slot} does not answer",
        SlotLeft left => $"slot {left.Slot} leaves{(left.Reason is { } reason ? $": {reason}" : "")}",
        NodeUnfit { Forgives: { } forgives } failing => $"{failing.Node} is in quarantine for {Exact(failing.Pause.TotalSeconds)} s: {failing.Detail}{(forgives.Count > 0 ? $"; {forgives.Count} failures there are no trial's" : "")}",
        NodeUnfit unfit => $"{unfit.Node} cannot run the trials, and is left alone for {Exact(unfit.Pause.TotalSeconds)} s: {unfit.Detail}",
        SlotParked parked => $"there is nothing for slot {parked.Slot} now",
        BracketOpened opened => $"bracket {opened.Bracket} opens",
        TrialsLimited limited => $"there are {limited.Trials} trials at most: {limited.Reason}",
        ExperimentResumed resumed => $"the run is resumed, by Asha {resumed.Origin.Version} on {resumed.Origin.Machine}",
        ExperimentTakenOver taken => $"another coordinator takes the run over, Asha {taken.Origin.Version} on {taken.Origin.Machine}",
        JobCut cut => $"attempt {cut.Attempt} of trial {cut.Trial} is cut",
        ExperimentStopping stopping => $"the run is being stopped, {stopping.Outcome}: nothing starts any more",
        ExperimentEnded ended => $"the run ends, {ended.Outcome}{(ended.Reason.Length > 0 ? $": {ended.Reason}" : "")}",
        _ => happened.GetType().Name,
    };

    private static string Bracket(int bracket) => bracket == 0 ? "" : $" of bracket {bracket}";

    /// <summary>All digits: what differs may do so in the last one.</summary>
    private static string Exact(double number) => double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "NaN";
}
