using System.Text.Json.Serialization;
using Akka.Actor;
using Asha.Core.Scheduling;

namespace Asha.Actors.Messages;

/// <summary>Experiment to supervisor: the sender takes slots from now on, in proportion to its weight ≥ 1.</summary>
/// <param name="Held">The slots that it holds by its own state, where it has been open before: those that the supervisor agrees with are granted once more, the others are lost.</param>
/// <param name="Writer">Who says so, see <see cref="EndJob"/>.</param>
/// <param name="Priority">Higher ones are served first.</param>
/// <param name="MaxConcurrent">The most slots at a time, ≥ 1; <c>null</c>: as many as there are.</param>
/// <param name="Demand">What each slot must have; <c>null</c>: any will do.</param>
public sealed record OpenExperiment(
    string Experiment, int Weight,
    IReadOnlyList<int>? Held = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Writer = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Priority = 0,
    int? MaxConcurrent = null,
    SlotDemand? Demand = null) : IWireMessage;

/// <summary>Supervisor, or its host, to experiment: there is another supervisor, which does not know you. Say again that you take slots, and which you hold.</summary>
/// <param name="Epoch">Supervisors are counted; one with a lower number is over.</param>
public sealed record ReopenExperiment(int Epoch) : IWireMessage;

/// <summary>Experiment to supervisor: it is over; its slots are free.</summary>
public sealed record CloseExperiment(string Experiment) : IWireMessage;

/// <summary>Experiment to supervisor: return of a slot.</summary>
/// <param name="Grant">The grant that it had; 0: it has none.</param>
/// <param name="InsteadOf">A slot that was recalled, and that it keeps, as this one serves as well; <c>null</c>: this one was.</param>
public sealed record ReturnSlot(
    string Experiment, int Slot, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Grant = 0, int? InsteadOf = null) : IWireMessage;

/// <summary>Experiment to supervisor: it has nothing for the slot now.</summary>
public sealed record ParkSlot(string Experiment, int Slot) : IWireMessage;

/// <summary>Experiment to supervisor: the slot that it had nothing for has a job again.</summary>
public sealed record UseSlot(string Experiment, int Slot) : IWireMessage;

/// <summary>Experiment to supervisor: it has work and no idle slot, after it had said that it had none.</summary>
public sealed record WantSlots(string Experiment) : IWireMessage;

/// <summary>Experiment to supervisor, from time to time, where messages get lost: how it stands, so that the supervisor finds out what was lost between them.</summary>
/// <param name="Held">The slots that it holds.</param>
/// <param name="Parked">Those of them that it has nothing for.</param>
/// <param name="Wants">Whether it would take more.</param>
/// <param name="Heard">The number up to which it has heard all that it was told.</param>
/// <param name="Writer">Who says so, see <see cref="EndJob"/>.</param>
/// <param name="Shuns">The nodes of which it takes no slot now; <c>null</c>: there are none.</param>
public sealed record HoldSlots(string Experiment, IReadOnlyList<int> Held, IReadOnlyList<int> Parked, bool Wants, long Heard, int Writer, IReadOnlyList<ShunnedNode>? Shuns = null) : IWireMessage;

/// <summary>A node that cannot run an experiment's trials.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Reason">Why, in a line for people.</param>
/// <param name="IsQuarantined">It fails all that it is given: it is given to no other experiment either.</param>
/// <param name="IsTried">The experiment takes one slot of it, and no more.</param>
public sealed record ShunnedNode(
    string Node, string Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsQuarantined = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsTried = false) : IWireMessage;

/// <summary>Experiment to supervisor, where no message gets lost, and so nothing else is told from time to time: the nodes of which it takes no slot now (<see cref="HoldSlots"/>).</summary>
public sealed record ShunNodes(string Experiment, IReadOnlyList<ShunnedNode> Shuns) : INoSerializationVerificationNeeded;

/// <summary>Whoever watches the nodes to supervisor: this one does not answer. Whether it ever will again is not known: if it is given up, its actor terminates; if it is back, it joins again.</summary>
/// <param name="Node">The NodeActor.</param>
public sealed record NodeUnreachable(IActorRef Node) : INoSerializationVerificationNeeded;

/// <summary>Whoever knows the nodes to supervisor, which is a new one: this one is there, and is to be told (<see cref="AnnounceNode"/>) until it joins.</summary>
/// <param name="Node">The NodeActor.</param>
public sealed record MeetNode(IActorRef Node) : INoSerializationVerificationNeeded;

/// <summary>Supervisor to whoever made it: slots are kept for this run, and no experiment answers for it. It is to be woken, or, if it is over, closed (<see cref="CloseExperiment"/>).</summary>
public sealed record ExperimentAway(string Run) : INoSerializationVerificationNeeded;

/// <summary>Node to supervisor, where nobody has spoken for the run since its experiment ended, or could not be reached: is it over? Said again until somebody speaks for it or <see cref="RunIsOver"/> answers; of one that somebody is to be at work on, nothing is answered.</summary>
public sealed record IsRunOver(string Run) : IWireMessage;

/// <summary>Registry to node: nobody will ever go on with the run. What the node has of it counts no more.</summary>
public sealed record RunIsOver(string Run) : IWireMessage;

/// <summary>Registry to node: the run is paused. What runs of it is to end, as it was told to end elsewhere; what it reported until then is kept, and may count when somebody goes on with the run.</summary>
public sealed record RunIsPaused(string Run) : IWireMessage;

/// <summary>Supervisor to whoever made it: this node has something of a run that has no experiment here. If it is over or paused, the node is told so (<see cref="RunIsOver"/>, <see cref="RunIsPaused"/>).</summary>
public sealed record RunNotOpen(string Run, IActorRef Node) : INoSerializationVerificationNeeded;

/// <summary>Supervisor to whoever made it: nodes that wait need so many slot numbers from this one on, and not all of them may be given yet. Not said again before it is answered, when it is on record, by <see cref="MoreNumbers"/>.</summary>
public sealed record NumbersUsedUp(int Next, int Wanted) : INoSerializationVerificationNeeded;

/// <summary>Slot numbers below this one may be given: the next supervisor will begin there at the lowest.</summary>
public sealed record MoreNumbers(int Limit) : INoSerializationVerificationNeeded;
