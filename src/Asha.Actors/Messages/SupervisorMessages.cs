using System.Text.Json.Serialization;
using Akka.Actor;

namespace Asha.Actors.Messages;

/// <summary>Experiment to supervisor: the sender takes slots from now on, in proportion to its weight ≥ 1.</summary>
public sealed record OpenExperiment(string Experiment, int Weight) : IWireMessage;

/// <summary>Experiment to supervisor: it is over; its slots are free.</summary>
public sealed record CloseExperiment(string Experiment) : IWireMessage;

/// <summary>Supervisor to experiment: these slots are yours until you return them.</summary>
public sealed record GrantSlots(IReadOnlyList<GrantSlot> Slots) : IWireMessage;

/// <summary>A slot that is granted.</summary>
/// <param name="Slot">Its number; lower ones are served first.</param>
/// <param name="Node">The node's name.</param>
/// <param name="Address">The NodeActor.</param>
/// <param name="Index">The node's own number of the slot.</param>
/// <param name="Joining">By which joining of the node it is there.</param>
public sealed record GrantSlot(int Slot, string Node, IActorRef Address, int Index, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Joining = 0) : IWireMessage;

/// <summary>Supervisor to experiment: return the slot as soon as it is idle.</summary>
public sealed record RecallSlot(int Slot) : IWireMessage;

/// <summary>Experiment to supervisor: here it is.</summary>
public sealed record ReturnSlot(string Experiment, int Slot) : IWireMessage;

/// <summary>Experiment to supervisor: it has nothing for the slot now.</summary>
public sealed record ParkSlot(string Experiment, int Slot) : IWireMessage;

/// <summary>Experiment to supervisor: the slot that it had nothing for has a job again.</summary>
public sealed record UseSlot(string Experiment, int Slot) : IWireMessage;

/// <summary>Experiment to supervisor: it has work and no idle slot, after it had said that it had none.</summary>
public sealed record WantSlots(string Experiment) : IWireMessage;

/// <summary>Whoever watches the nodes to supervisor: this one does not answer. Whether it ever will again is not known: if it is given up, its actor terminates; if it is back, it joins again.</summary>
/// <param name="Node">The NodeActor.</param>
public sealed record NodeUnreachable(IActorRef Node) : INoSerializationVerificationNeeded;

/// <summary>Supervisor to experiment: these slots' node does not answer. They still count, and get no job; <see cref="SlotsLost"/> follows when it is given up.</summary>
public sealed record SlotsUnreachable(IReadOnlyList<int> Slots) : IWireMessage;

/// <summary>Supervisor to experiment: these slots' node is gone, and they with it.</summary>
public sealed record SlotsLost(IReadOnlyList<int> Slots) : IWireMessage;

/// <summary>
/// Supervisor to experiment: the slot was retired. An attempt that it was given tells so itself, in its own ending; this is for whoever holds the slot idle.
/// </summary>
public sealed record SlotRetired(int Slot, string Reason) : IWireMessage;
