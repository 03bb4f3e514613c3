using System.Text.Json.Serialization;
using Akka.Actor;
using Asha.Core.Scheduling;

namespace Asha.Actors.Messages;

/// <summary>Supervisor to experiment. Where messages get lost they are numbered, and taken in their order; what does not come is made good by what the supervisor says to <see cref="HoldSlots"/>.</summary>
public interface IToldMessage : IWireMessage
{
    /// <summary>Epoch · 2³² + a counter from 1, one for each experiment; 0: no message gets lost.</summary>
    long Told { get; }

    /// <summary>The same message with its number.</summary>
    IToldMessage Numbered(long told);
}

/// <summary>Supervisor to experiment: what you were told up to this number, and have not heard, is made good, or was before you. Go on from there.</summary>
public sealed record ToldSoFar(long Told) : IWireMessage;

/// <summary>Supervisor to experiment: these slots are yours until you return them. Of one that is yours already, the grant is renewed.</summary>
public sealed record GrantSlots(
    IReadOnlyList<GrantSlot> Slots, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Told = 0) : IToldMessage
{
    public IToldMessage Numbered(long told) => this with { Told = told };
}

/// <summary>A slot that is granted.</summary>
/// <param name="Slot">Its number; lower ones are served first.</param>
/// <param name="Node">The node's name.</param>
/// <param name="Address">The NodeActor.</param>
/// <param name="Index">The node's own number of the slot.</param>
/// <param name="Joining">By which joining of the node it is there.</param>
/// <param name="Grant">Each is higher than all before, of whatever slot: of two who think that a slot is theirs, the one with the higher grant is right. Epoch · 2³² + a counter; 0: no supervisor follows another.</param>
/// <param name="Running">What runs there already, as the node says; <c>null</c>: nothing that is known.</param>
/// <param name="Resources">What it has; <c>null</c>: its node does not say.</param>
/// <param name="Files">Where its node hands out checkpoints, see <see cref="JoinNode"/>.</param>
/// <param name="Anew">Its node was started again since the experiment said that it is in quarantine.</param>
public sealed record GrantSlot(
    int Slot, string Node, IActorRef Address, int Index,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Joining = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Grant = 0,
    RunningJob? Running = null,
    SlotCapacity? Resources = null,
    string? Files = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Anew = false) : IWireMessage;

/// <summary>Supervisor to experiment: return the slot as soon as it is idle.</summary>
/// <param name="For">What whoever gets it demands: any slot of yours that has as much may be returned in its place. <c>null</c>: this one and no other.</param>
public sealed record RecallSlot(
    int Slot, SlotDemand? For = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Told = 0) : IToldMessage
{
    public IToldMessage Numbered(long told) => this with { Told = told };
}

/// <summary>Supervisor to experiment: the slot that was recalled may be kept.</summary>
public sealed record KeepSlot(int Slot, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Told = 0) : IToldMessage
{
    public IToldMessage Numbered(long told) => this with { Told = told };
}

/// <summary>Supervisor to experiment: these slots' node does not answer. They still count, and get no job; <see cref="SlotsLost"/> follows when it is given up.</summary>
public sealed record SlotsUnreachable(
    IReadOnlyList<int> Slots, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Told = 0) : IToldMessage
{
    public IToldMessage Numbered(long told) => this with { Told = told };
}

/// <summary>Supervisor to experiment: these slots are not yours: their node is gone, and they with it, or they are another's.</summary>
public sealed record SlotsLost(
    IReadOnlyList<int> Slots, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Told = 0) : IToldMessage
{
    public IToldMessage Numbered(long told) => this with { Told = told };
}

/// <summary>
/// Supervisor to experiment: the slot was retired. An attempt that it was given tells so itself, in its own ending; this is for whoever holds the slot idle.
/// </summary>
public sealed record SlotRetired(
    int Slot, string Reason, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Told = 0) : IToldMessage
{
    public IToldMessage Numbered(long told) => this with { Told = told };
}
