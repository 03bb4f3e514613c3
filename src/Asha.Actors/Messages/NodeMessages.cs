using System.Text.Json.Serialization;
using Asha.Core.Experiments;
using Asha.Core.Spaces;

namespace Asha.Actors.Messages;

/// <summary>Crosses nodes: it has a manifest in <see cref="Persistence.AshaFormat"/>, and nothing else may cross.</summary>
public interface IWireMessage;

/// <summary>Experiment to node: run this attempt on your slot. The sender is told how it goes.</summary>
/// <param name="Slot">The node's own number of the slot, from 0.</param>
/// <param name="RetryReason">Why the previous attempt of the job did not count; empty on a first try.</param>
/// <param name="Start">The resource already trained.</param>
/// <param name="Target">The resource to reach.</param>
/// <param name="Goal">Where the trial is to run through to, and to be told at <paramref name="Target"/> whether it goes on; <c>null</c>: it ends at the target.</param>
/// <param name="GoesOn">The trial that has just reached its last target on this slot goes on; nothing is started.</param>
/// <param name="Number">The experiment's starts are counted from 1: of a slot's, a node takes none that is not above the last, and none that it was told to end. 0: no message gets lost or comes twice.</param>
/// <param name="Joining">By which joining of the node the experiment has the slot; a start by an earlier one is none any more. 0: as above.</param>
/// <param name="Run">Whose job it is: trials of several runs have the same numbers.</param>
/// <param name="Grant">By which grant the experiment has the slot: a node takes no start whose grant is lower than the newest that it has seen for the slot, or of an older supervisor than it has announced itself to. 0: no supervisor follows another.</param>
/// <param name="Writer">Who says so, see <see cref="EndJob"/>.</param>
/// <param name="Heard">So many of the attempt's messages have been heard: a node that knows nothing of it any more must not begin it anew.</param>
/// <param name="Program">What is run, for a node that was not started with it; of its variables only the names, the values are the node's own. <c>null</c>: the node knows.</param>
/// <param name="Holder">Where the node that has the checkpoint hands it out, host and port; <c>null</c>: it is not known, or every node has the same folder.</param>
public sealed record StartJob(
    int Slot, int Trial, int Attempt, string RetryReason, long Seed, Configuration Parameters, double Start, double Target, CheckpointRef? Checkpoint = null,
    double? Goal = null, bool GoesOn = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Number = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Joining = 0,
    string Run = "",
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Grant = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Writer = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Heard = 0,
    TrialSpec? Program = null,
    string? Holder = null) : IWireMessage;

/// <summary>Experiment to node: end this attempt if it still runs, and do not start it if it is still on its way.</summary>
/// <param name="Slot">As of its start.</param>
/// <param name="Number">As of its start; 0: there is none, or no message gets lost.</param>
/// <param name="Joining">As of its start.</param>
/// <param name="Run">Whose job it is.</param>
/// <param name="Writer">Who says so: whoever goes on with a run is a later writer of its journal, counted from 1, and an earlier one is heard no more. 0: there is but one.</param>
public sealed record EndJob(
    int Trial, int Attempt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Slot = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Number = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Joining = 0,
    string Run = "",
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Writer = 0) : IWireMessage;

/// <summary>Node to experiment: it has this job. Answers a start that comes again.</summary>
public sealed record JobTaken(int Trial, int Attempt) : IWireMessage;

/// <summary>Node to experiment: the attempt is not there, or not any more. Answers an end that has a number.</summary>
public sealed record JobGone(int Trial, int Attempt) : IWireMessage;

/// <summary>Node to experiment: the attempt is over; its report is on its way, and takes a while. A node whose reports take none does not send it.</summary>
public sealed record AttemptOver(int Trial, int Attempt) : IWireMessage;

/// <summary>Node to experiment: what happened to an attempt. Sent again until <see cref="ReportStored"/> answers.</summary>
public sealed record NodeReport(JobReport Report) : IWireMessage;

/// <summary>Experiment to node: the report is in the journal, or was counted before.</summary>
public sealed record ReportStored(int Trial, int Attempt, int Message) : IWireMessage;

/// <summary>Experiment to node: of this trial's checkpoints only <paramref name="Keep"/>, the newest, is needed; none if it is <c>null</c>.</summary>
/// <param name="Also">Older ones that are needed as well: the one before, while the trial runs, and what the best result can be repeated from.</param>
/// <param name="Attempts">Where none is needed: of these attempts, the first ones. What a later one leaves is not meant: it may be writing already when this arrives.</param>
/// <param name="Run">Of which run the trial is; <c>null</c> where a node has but one.</param>
public sealed record ReleaseCheckpoints(int Trial, CheckpointRef? Keep = null, IReadOnlyList<CheckpointRef>? Also = null, int? Attempts = null, string? Run = null) : IWireMessage;
