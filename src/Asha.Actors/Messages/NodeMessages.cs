using System.Text.Json.Serialization;
using Asha.Core.Experiments;
using Asha.Core.Spaces;

namespace Asha.Actors.Messages;

/// <summary>Crosses nodes: it has a manifest in <see cref="Persistence.AshaFormat"/>, and nothing else may cross.</summary>
public interface IWireMessage;

/// <summary>Node to supervisor: this node, the sender, offers so many slots. Sent again until <see cref="NodeJoined"/> answers.</summary>
/// <param name="Joining">Its joinings are counted from 1: one that comes again is recognised. 0: it is not counted, and not answered.</param>
public sealed record JoinNode(string Node, int Slots, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Joining = 0) : IWireMessage;

/// <summary>Supervisor to node: it has joined.</summary>
public sealed record NodeJoined(int Joining) : IWireMessage;

/// <summary>Node to supervisor: this node, the sender, leaves; its slots are to be given no more jobs. Sent again until <see cref="NodeReleased"/> answers, when nobody holds one of them.</summary>
public sealed record LeaveNode : IWireMessage;

/// <summary>Supervisor to node: nobody holds one of your slots any more.</summary>
public sealed record NodeReleased : IWireMessage;

/// <summary>Node to supervisor: the slot is never to be given a job again. Said again when the node joins again or leaves, and by each attempt that is given the slot all the same.</summary>
/// <param name="Slot">The node's own number of the slot.</param>
/// <param name="Reason">For people.</param>
public sealed record RetireSlot(int Slot, string Reason) : IWireMessage;

/// <summary>Supervisor to node: the slot gets no job any more.</summary>
/// <param name="Slot">The node's own number of the slot.</param>
public sealed record SlotGivenUp(int Slot) : IWireMessage;

/// <summary>Experiment to node: run this attempt on your slot. The sender is told how it goes.</summary>
/// <param name="Slot">The node's own number of the slot, from 0.</param>
/// <param name="RetryReason">Why the previous attempt of the job did not count; empty on a first try.</param>
/// <param name="Start">The resource already trained.</param>
/// <param name="Target">The resource to reach.</param>
/// <param name="Goal">Where the trial is to run through to, and to be told at <paramref name="Target"/> whether it goes on; <c>null</c>: it ends at the target.</param>
/// <param name="GoesOn">The trial that has just reached its last target on this slot goes on; nothing is started.</param>
/// <param name="Number">The experiment's starts are counted from 1: of a slot's, a node takes none that is not above the last, and none that it was told to end. 0: no message gets lost or comes twice.</param>
/// <param name="Joining">By which joining of the node the experiment has the slot; a later one ended all that came before. 0: as above.</param>
/// <param name="Run">Of which run it is; <c>null</c> where a node has but one.</param>
/// <param name="Program">What is run, for a node that was not started with it; of its variables only the names, the values are the node's own. <c>null</c>: the node knows.</param>
public sealed record StartJob(
    int Slot, int Trial, int Attempt, string RetryReason, long Seed, Configuration Parameters, double Start, double Target, CheckpointRef? Checkpoint = null,
    double? Goal = null, bool GoesOn = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Number = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Joining = 0,
    string? Run = null,
    TrialSpec? Program = null) : IWireMessage;

/// <summary>Experiment to node: end this attempt if it still runs, and do not start it if it is still on its way.</summary>
/// <param name="Slot">As of its start.</param>
/// <param name="Number">As of its start; 0: there is none, or no message gets lost.</param>
/// <param name="Joining">As of its start.</param>
public sealed record EndJob(
    int Trial, int Attempt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Slot = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Number = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Joining = 0) : IWireMessage;

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
