using System.Text.Json.Serialization;
using Asha.Core.Scheduling;

namespace Asha.Actors.Messages;

/// <summary>Node to supervisor: this node, the sender, offers so many slots. Sent again until <see cref="NodeJoined"/> answers.</summary>
/// <param name="Joining">Its joinings are counted from 1: one that comes again is recognised. 0: it is not counted, and not answered.</param>
/// <param name="Epoch">Of the supervisor that it announces itself to, as <see cref="AnnounceNode"/> said; 0: it knows of none.</param>
/// <param name="FirstSlot">The number of its first slot, where it keeps those that a supervisor has given it; <c>null</c>: it has none, or they were given up.</param>
/// <param name="Running">The newest attempt of each slot, if it runs, or is over and not all that it reported is stored; <c>null</c>: there is none.</param>
/// <param name="Resources">What each slot has; <c>null</c>: it does not say.</param>
/// <param name="Files">Where others fetch the checkpoints that it has, host and port; <c>null</c>: nowhere.</param>
/// <param name="Process">Names the process, whose link may be another when it comes back: drawn at its start. <c>null</c>: an earlier version.</param>
public sealed record JoinNode(
    string Node, int Slots,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Joining = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Epoch = 0,
    int? FirstSlot = null,
    IReadOnlyList<RunningJob>? Running = null,
    IReadOnlyList<SlotCapacity>? Resources = null,
    string? Files = null,
    string? Process = null) : IWireMessage;

/// <summary>An attempt that a node has.</summary>
/// <param name="Slot">The node's own number of the slot.</param>
public sealed record RunningJob(string Run, int Trial, int Attempt, int Slot) : IWireMessage;

/// <summary>Supervisor to node: it has joined.</summary>
/// <param name="Epoch">Of the supervisor.</param>
/// <param name="FirstSlot">The number of its first slot; the others follow it.</param>
public sealed record NodeJoined(
    int Joining, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Epoch = 0, int? FirstSlot = null) : IWireMessage;

/// <summary>Supervisor to node, again until it has joined: I am the supervisor now. Say who you are and what runs on you, and take no start any more by a grant of those before me.</summary>
/// <param name="Epoch">Supervisors are counted; one with a lower number is over.</param>
public sealed record AnnounceNode(int Epoch) : IWireMessage;

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
