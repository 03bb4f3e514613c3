using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Core.Recordings;

namespace Asha.Actors.Replay;

/// <summary>
/// Turns a recording's facts back into the messages that brought them (docs/decisions/015-replay.md). Facts of one message stand one behind the other; decisions are left alone.
/// </summary>
/// <param name="events">The recording.</param>
internal sealed class RecordedCommands(IReadOnlyList<ExperimentEvent> events)
{
    /// <summary>The facts before this place have been looked at for slots that go back after them.</summary>
    private int _recalledTo;

    /// <summary>The message that brought the facts from <paramref name="at"/> on; <c>null</c>: a decision stands there, and nothing brings that about.</summary>
    /// <param name="at">The position.</param>
    /// <param name="state">The experiment before it.</param>
    public RecordedCommand? At(int at, ExperimentState state)
    {
        var message = MessageAt(at, state) ?? (RingsAt(at, state) ? TimeIsUp.Now : null);
        // The slots that leave when a run is resumed are those of the engine before.
        return message is null ? null : new RecordedCommand(message, message is ResumeExperiment ? [] : RecallsAfter(at, state));
    }

    private object? MessageAt(int at, ExperimentState state) => events[at] switch
    {
        ExperimentResumed resumed => new ResumeExperiment(resumed.Origin),
        ExperimentTakenOver taken => new TakeOverExperiment(taken.Origin, taken.Origin.StartedAt),
        SlotJoined joined => Granted(at, joined.Time, state),
        ReportAccepted accepted => Report(at, accepted.Trial, accepted.Attempt, accepted.Message),
        ReportRejected rejected => Report(at, rejected.Trial, rejected.Attempt, rejected.Message),
        AttemptLost { Cause: FaultNames.NodeLost } or SlotLost => Lost(at, state),
        JobCompleted or AttemptFailed or AttemptLost => Ended(at, state),
        ReportAwaited awaited => new AttemptOver(awaited.Trial, awaited.Attempt),
        SlotLeft { Reason: { } reason } retired => new SlotRetired(retired.Slot, reason),
        SlotLeft left when IsLost(left.Slot, state) => new SlotsLost([.. Together<SlotLeft>(at, left.Time).Select(one => one.Slot).TakeWhile(slot => IsLost(slot, state))]),
        SlotLeft left => new RecallSlot(left.Slot),
        RetryDue => RetryIsDue.Now,
        ExperimentStopping stopping => new StopExperiment(stopping.Outcome, stopping.Reason),
        JobCut => Stop(at),
        ExperimentEnded ended when (ended.Outcome, ended.Reason) != (state.Stopping?.Outcome, state.Stopping?.Reason) => Stop(at),
        _ => null,
    };

    /// <summary>Slots of one message, and what was regained on them, right after.</summary>
    private GrantSlots Granted(int at, TimeSpan time, ExperimentState state)
    {
        var joined = Together<SlotJoined>(at, time).ToArray();
        var regained = new Dictionary<int, RunningJob>();
        foreach (var one in Together<AttemptRegained>(at + joined.Length, time))
            regained.TryAdd(one.Slot, new RunningJob(state.Origin.Run, one.Trial, one.Attempt, 0));
        return new GrantSlots([.. joined.Select(one => new GrantSlot(one.Slot, one.Node, ActorRefs.Nobody, 0, Running: regained.GetValueOrDefault(one.Slot), Anew: one.Anew))]);
    }

    /// <summary>Reports of one message, and the ending, if it comes right after them; all that one message brings has one time.</summary>
    private NodeReport Report(int at, int trial, int attempt, int message)
    {
        var (reports, time) = (new List<TrialReport>(), events[at].Time);
        for (; at < events.Count && events[at].Time == time; at++)
        {
            if (events[at] is ReportAccepted accepted && (accepted.Trial, accepted.Attempt, accepted.Message) == (trial, attempt, message))
                reports.Add(new TrialReport(accepted.Resource, accepted.Metric, accepted.Checkpoint, CheckpointBytes: accepted.CheckpointBytes));
            else if (events[at] is ReportRejected rejected && (rejected.Trial, rejected.Attempt, rejected.Message) == (trial, attempt, message))
                reports.Add(TrialReport.Rejected(rejected.Reason));
            else
                break;
        }
        return new NodeReport(new JobReport(trial, attempt, message, reports, at < events.Count && events[at].Time == time ? Ending(at, trial, attempt) : null));
    }

    private NodeReport? Ended(int at, ExperimentState state)
        => events[at].EndedAttempt() is var (trial, attempt) && trial >= 0 && trial < state.Trials.Count && Ending(at, trial, attempt) is { } ending
            ? new NodeReport(new JobReport(trial, attempt, state.Trials[trial].NextMessage, [], ending))
            : null;

    /// <summary>How the attempt ended, if that stands there.</summary>
    private TrialEnding? Ending(int at, int trial, int attempt)
    {
        if (at >= events.Count)
            return null;
        var (of, slot, cause, detail) = events[at] switch
        {
            JobCompleted done => ((done.Trial, done.Attempt), done.Slot, (EndingCause?)EndingCause.Exited, ""),
            AttemptFailed failed => ((failed.Trial, failed.Attempt), failed.Slot, FaultNames.CauseOf(failed.Cause), failed.Detail),
            AttemptLost lost => ((lost.Trial, lost.Attempt), lost.Slot, FaultNames.CauseOf(lost.Fault ?? lost.Cause), lost.Detail ?? ""),
            _ => default,
        };
        if (cause is not { } known || of != (trial, attempt))
            return null;
        // A slot that is retired together with what it ran.
        var retires = at + 1 < events.Count && events[at + 1] is SlotLeft { Reason: { } reason } left && left.Slot == slot ? reason : null;
        return new TrialEnding(known, detail, retires);
    }

    /// <summary>Slots whose node does not answer; if all of them leave right after, it was given up in the same message.</summary>
    private object Lost(int at, ExperimentState state)
    {
        var time = events[at].Time;
        var lost = new List<int>();
        for (; at < events.Count && events[at].Time == time && events[at] is AttemptLost { Cause: FaultNames.NodeLost } or SlotLost; at++)
        {
            var slot = events[at] is AttemptLost attempt ? attempt.Slot : ((SlotLost)events[at]).Slot;
            // One message tells of slots in their order; a lower one is another message's.
            if (lost.Count > 0 && slot < lost[^1])
                break;
            if (lost.Count == 0 || slot > lost[^1])
                lost.Add(slot);
        }
        var left = Together<SlotLeft>(at, time).Select(one => one.Slot).TakeWhile(slot => lost.Contains(slot) || IsLost(slot, state)).ToArray();
        return lost.All(left.Contains) ? new SlotsLost(left) : new SlotsUnreachable(lost);
    }

    /// <summary>A run that ends though there is work: the user, or whoever prepares it or runs its world, has said so.</summary>
    private StopExperiment? Stop(int at)
    {
        while (at < events.Count && events[at] is JobCut)
            at++;
        if (at == events.Count)
            return new StopExperiment(FinalOutcome.Interrupted, "", AtOnce: true); // It broke off while its end was written.
        return events[at] is ExperimentEnded ended && !FinalOutcome.IsItsOwn(ended) ? new StopExperiment(ended.Outcome, ended.Reason, AtOnce: true) : null;
    }

    private bool RingsAt(int at, ExperimentState state) => events[at] is JobCut or ExperimentEnded && events[at].Time >= state.Spec.Stop.After;

    /// <summary>Slots that these facts make idle and that go back at once: they were asked for before. One that was parked first was asked for later.</summary>
    private List<int> RecallsAfter(int at, ExperimentState state)
    {
        // Once for all messages between the same decisions: a slot that is asked for early goes back no earlier.
        if (at < _recalledTo)
            return [];
        var (recalls, others) = (new List<int>(), new HashSet<int>());
        while (at < events.Count && events[at].IsFact())
            at++;
        _recalledTo = at;
        for (; at < events.Count && !events[at].IsFact(); at++)
        {
            if (events[at] is SlotParked parked)
                others.Add(parked.Slot);
            else if (events[at] is JobStarted started)
                others.Add(started.Slot);
            else if (events[at] is SlotLeft left && !others.Contains(left.Slot) && state.Slots.Contains(left.Slot) && state.Slots.PhaseOf(left.Slot) is SlotPhase.Busy or SlotPhase.Awaiting)
                recalls.Add(left.Slot);
        }
        return recalls;
    }

    private IEnumerable<T> Together<T>(int at, TimeSpan time) where T : ExperimentEvent
    {
        for (; at < events.Count && events[at] is T same && same.Time == time; at++)
            yield return same;
    }

    private static bool IsLost(int slot, ExperimentState state) => state.Slots.Contains(slot) && state.Slots.PhaseOf(slot) == SlotPhase.Lost;
}
