using System.Text.Json.Serialization;
using Asha.Core.Spaces;

namespace Asha.Core.Experiments;

/// <summary>
/// Something that was decided, or happened, in an experiment. The journal is the list of these; everything else is folded from it.
/// </summary>
/// <param name="Time">Since the experiment's start, never before the event that precedes it; whole ticks of 100 ns.</param>
public abstract record ExperimentEvent([property: JsonPropertyOrder(-1)] TimeSpan Time);

/// <summary>The first entry: all that is needed to decide everything again.</summary>
public sealed record ExperimentStarted(TimeSpan Time, ExperimentSpec Experiment, RunOrigin Origin) : ExperimentEvent(Time);

/// <summary>
/// Another engine goes on with the run: the one before was killed, or it was interrupted. Nothing of the time in between counts, so the time is that of the event before; what ran and what was
/// to be cut is tried again, and the slots are others.
/// </summary>
public sealed record ExperimentResumed(TimeSpan Time, RunOrigin Origin) : ExperimentEvent(Time);

/// <summary>
/// Another coordinator goes on with the run, while its nodes ran on: slots and attempts are as they were, and time has passed. It is the first entry of its writer: an earlier one that still lives finds its next number taken.
/// </summary>
public sealed record ExperimentTakenOver(TimeSpan Time, RunOrigin Origin) : ExperimentEvent(Time);

/// <summary>Where and with what a run was made.</summary>
public sealed record RunOrigin(string Run, DateTimeOffset StartedAt, string Version, string Machine);

/// <summary>A slot may be given jobs from now on. Slots are served lowest number first.</summary>
/// <param name="At">When that was by the wall clock, where another coordinator may have to tell the experiment's time by it; <c>null</c>: none will.</param>
/// <param name="Files">Where its node hands out the checkpoints that it has, host and port; <c>null</c>: it does not, as all nodes have the same folder or there is but one machine.</param>
/// <param name="Anew">Its node is in quarantine, and was started again: it may have been mended, and is tried at once.</param>
public sealed record SlotJoined(
    TimeSpan Time, int Slot, string Node, DateTimeOffset? At = null, string? Files = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Anew = false) : ExperimentEvent(Time);

/// <summary>The slot's node does not answer; the slot still counts as present.</summary>
public sealed record SlotLost(TimeSpan Time, int Slot) : ExperimentEvent(Time);

/// <summary>The slot is gone, and is not counted any more.</summary>
/// <param name="Reason">Why it was retired: never to be given a job again. <c>null</c>: it was not; it went back, or its node is gone.</param>
public sealed record SlotLeft(TimeSpan Time, int Slot, string? Reason = null) : ExperimentEvent(Time);

/// <summary>
/// A node cannot run the experiment's trials: it could not be prepared for them, or lacks something that they need, or fails all that it is given. That is no fault of theirs. Its idle slots leave, and for a while the experiment takes none of its slots.
/// </summary>
/// <param name="Pause">So long, from now on.</param>
/// <param name="Detail">Why, for people.</param>
/// <param name="Forgives">It is in quarantine: it fails all that it is given, and these failures used up a retry each, which is given back. <c>null</c>: it could not be prepared, or lacks something.</param>
public sealed record NodeUnfit(TimeSpan Time, string Node, TimeSpan Pause, string Detail, IReadOnlyList<FailedThere>? Forgives = null) : ExperimentEvent(Time);

/// <summary>A failed attempt that used up a retry on a node.</summary>
/// <param name="Rung">The rung that it was going to.</param>
/// <param name="Cause">By <see cref="FaultNames"/>.</param>
public sealed record FailedThere(int Trial, int Rung, int Attempt, string Cause);

/// <summary>There was nothing for the idle slot; it waits for a result that changes that.</summary>
public sealed record SlotParked(TimeSpan Time, int Slot) : ExperimentEvent(Time);

/// <summary>Another bracket, with rungs of its own. The first one, 0, opens with the experiment.</summary>
public sealed record BracketOpened(TimeSpan Time, int Bracket) : ExperimentEvent(Time);

/// <summary>A new trial, bound for rung 0 of its bracket.</summary>
public sealed record TrialSampled(TimeSpan Time, int Trial, int Bracket, Configuration Parameters) : ExperimentEvent(Time);

/// <summary>Fewer trials are sampled than the experiment would have taken: its space has no more configurations.</summary>
public sealed record TrialsLimited(TimeSpan Time, int Trials, string Reason) : ExperimentEvent(Time);

/// <summary>A trial leaves <paramref name="Rung"/> for the next one.</summary>
/// <param name="Metric">Its metric there, as reported.</param>
/// <param name="Rank">Its rank among the results of that moment, from 1.</param>
/// <param name="Results">How many results there were.</param>
/// <param name="Candidates">How many of the best might be promoted.</param>
/// <param name="CutOff">The metric of the last of these.</param>
public sealed record TrialPromoted(
    TimeSpan Time, int Trial, int Bracket, int Rung, double Metric, int Rank, int Results, int Candidates, double CutOff) : ExperimentEvent(Time);

/// <summary>An attempt of a job was given to a slot.</summary>
/// <param name="Rung">The rung it is going to.</param>
/// <param name="Start">The resource already trained: that of the checkpoint, or of the process that goes on; 0 without either.</param>
/// <param name="Target">The rung's level.</param>
/// <param name="GoesOn">The trial's process runs on from its last job, on the same slot; none is started.</param>
public sealed record JobStarted(
    TimeSpan Time, int Trial, int Bracket, int Rung, int Attempt, int Slot, double Start, double Target, CheckpointRef? Checkpoint = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool GoesOn = false) : ExperimentEvent(Time);

/// <summary>A report counts; the first with resource ≥ the target is the job's result.</summary>
/// <param name="Message">The node's message that brought it, numbered from 0 in each attempt: one that comes again is recognised.</param>
/// <param name="CheckpointBytes">What the checkpoint takes on the disk, as its node measured it.</param>
public sealed record ReportAccepted(
    TimeSpan Time, int Trial, int Attempt, double Resource, double Metric, string? Checkpoint = null, int Message = 0, long? CheckpointBytes = null) : ExperimentEvent(Time);

/// <summary>A report does not count; the trial goes on.</summary>
public sealed record ReportRejected(TimeSpan Time, int Trial, int Attempt, string Reason, int Message = 0) : ExperimentEvent(Time);

/// <summary>
/// So many messages changed nothing since the last such event: nodes send again what was not acknowledged. One event for all of them, when an attempt ends or the experiment does, so that the journal does not grow with
/// them; nothing is decided from it.
/// </summary>
/// <param name="Duplicate">Counted before.</param>
/// <param name="Late">After the end of their attempt.</param>
/// <param name="Stale">Of an earlier attempt.</param>
/// <param name="Unknown">Of a trial or an attempt that there never was.</param>
public sealed record ReportsIgnored(
    TimeSpan Time,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Duplicate = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Late = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Stale = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Unknown = 0) : ExperimentEvent(Time);

/// <summary>The attempt is over and its slot idle; what came of it is still on its way, and until then nothing is decided for the slot.</summary>
public sealed record ReportAwaited(TimeSpan Time, int Trial, int Attempt, int Slot) : ExperimentEvent(Time);

/// <summary>The trial has its result of <paramref name="Rung"/>; its slot is idle.</summary>
public sealed record JobCompleted(
    TimeSpan Time, int Trial, int Bracket, int Rung, int Attempt, int Slot, double Resource, double Metric) : ExperimentEvent(Time);

/// <summary>An attempt ended by a fault of the trial; its slot is idle. The last one counts as a NaN result of the rung.</summary>
/// <param name="Last">No further attempt is made.</param>
/// <param name="BackOff">So long the job waits from now on before it may be tried again; <c>null</c>: not at all.</param>
public sealed record AttemptFailed(
    TimeSpan Time, int Trial, int Bracket, int Rung, int Attempt, int Slot, string Cause, string Detail, bool Last, TimeSpan? BackOff = null) : ExperimentEvent(Time);

/// <summary>The job that this attempt failed at has waited out its back-off, and may be tried again.</summary>
public sealed record RetryDue(TimeSpan Time, int Trial, int Attempt) : ExperimentEvent(Time);

/// <summary>An attempt ended by no fault of the trial (its node was lost, its checkpoint is gone): it is made again, and uses up no retry.</summary>
/// <param name="Detail">What was wrong with the checkpoint, or with the node; <c>null</c>: that was not it, or a version wrote this that forgot all of the trial's checkpoints then.</param>
/// <param name="Fault">Of one that failed on a node that fails everything, or may: how it failed. <c>null</c>: it did not.</param>
/// <param name="BackOff">So long the job waits before it is tried again, as its node may, and would be given it at once; <c>null</c>: not at all.</param>
public sealed record AttemptLost(
    TimeSpan Time, int Trial, int Bracket, int Rung, int Attempt, int Slot, string Cause, string? Detail = null, string? Fault = null, TimeSpan? BackOff = null) : ExperimentEvent(Time);

/// <summary>An attempt that was lost with its node is back with it, and runs on: the job had been given to nobody else. What it reports counts again.</summary>
/// <param name="Slot">Its node's slot; it has joined anew.</param>
public sealed record AttemptRegained(TimeSpan Time, int Trial, int Bracket, int Rung, int Attempt, int Slot) : ExperimentEvent(Time);

/// <summary>The disk budget has no room for the checkpoint of a trial that waits in <paramref name="Rung"/>: it is deleted, and promoted, the trial starts again from nothing.</summary>
/// <param name="Bytes">What it took.</param>
public sealed record CheckpointDropped(TimeSpan Time, int Trial, int Rung, long Bytes) : ExperimentEvent(Time);

/// <summary>The experiment stopped while the attempt was under way.</summary>
public sealed record JobCut(TimeSpan Time, int Trial, int Bracket, int Rung, int Attempt, int Slot) : ExperimentEvent(Time);

/// <summary>
/// The user ends the run, to go on with it later: nothing starts any more, what runs has been told to end, and what it still reports counts. <see cref="ExperimentEnded"/> follows when all have ended, or have been given the
/// time for it.
/// </summary>
/// <param name="Outcome">As of the end to come: <c>interrupted</c>, <c>paused</c>.</param>
/// <param name="Reason">As of the end to come.</param>
public sealed record ExperimentStopping(TimeSpan Time, string Outcome, string Reason) : ExperimentEvent(Time);

/// <summary>The last entry.</summary>
/// <param name="Outcome"><c>completed</c>: nothing is left to do; <c>stopped</c>: a stop rule; <c>interrupted</c>, <c>paused</c>, <c>cancelled</c>: the user; <c>failed</c>: the preparation, or every trial, or no slot is left, or no node can run its trials.</param>
/// <param name="Reason">Which rule, or at what; empty where there is nothing to say.</param>
public sealed record ExperimentEnded(TimeSpan Time, string Outcome, string Reason) : ExperimentEvent(Time);
