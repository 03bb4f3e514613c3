using System.Text.Json.Serialization;
using Akka.Actor;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;
using Asha.Core.Scheduling;

namespace Asha.Actors.Messages;

// What is said to the registry of a cluster, the persistent singleton that knows which experiments there are. Whoever asks gets one answer: what the command's comment says, or RegistryRefused.

/// <summary>Names the run that it is for, on whichever coordinator that is.</summary>
public interface IRunMessage : IWireMessage
{
    string Run { get; }
}

/// <summary>Anyone to registry: tune this. Answered by <see cref="ExperimentSubmitted"/>, once it is written.</summary>
/// <param name="Request">Made by whoever asks, unique: the same request twice, since the answer was lost, is one experiment.</param>
/// <param name="Spec">Of its trials' variables only the names cross, and each node has values of its own; of <c>slots</c> nothing is taken.</param>
/// <param name="Weight">Its share of the slots, in proportion to others' of the same priority; ≥ 1.</param>
/// <param name="Priority">Higher ones are served first.</param>
/// <param name="MostSlots">Slots at a time, ≥ 1; <c>null</c>: as many as there are.</param>
/// <param name="Digest">Of all that was asked for, as it was asked: the same request with another one is refused. <c>null</c>: nobody looks.</param>
public sealed record SubmitExperiment(string Request, ExperimentSpec Spec, int Weight = 1, int Priority = 0, int? MostSlots = null, string? Digest = null) : IWireMessage;

/// <summary>Registry to whoever submitted: it is in the journal, under this name.</summary>
public sealed record ExperimentSubmitted(string Request, string Run) : IWireMessage;

/// <summary>Anyone to registry: which experiments are there? Answered by <see cref="ExperimentList"/>: a page of them, the newest first; or all, the oldest first, as earlier versions ask.</summary>
/// <param name="Limit">So many at most; 0: it asks for all, which a message can carry as long as there are not too many.</param>
/// <param name="After">The run that the page before ended with, which need not be of these phases any more: the page begins with the next older one. <c>null</c>: with the newest.</param>
/// <param name="Phases">Only those that stand so; <c>null</c>: all.</param>
/// <param name="Run">This run alone, if there is one.</param>
public sealed record ListExperiments(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Limit = 0, string? After = null, IReadOnlyList<RunPhase>? Phases = null, string? Run = null) : IWireMessage;

/// <summary>Registry to whoever asked: what it was asked for.</summary>
/// <param name="Experiments">A page: newest first; all of them: oldest first.</param>
/// <param name="Epoch">Of the registry that answers.</param>
/// <param name="Where">The address of the coordinator that has it.</param>
/// <param name="Nodes">The nodes that have joined it, by name.</param>
/// <param name="IsPage">It is what was asked for; <c>false</c>: all of them, whatever that was: the registry is of an earlier version, or was asked for all.</param>
/// <param name="Next">What the next page comes after; <c>null</c>: there is none.</param>
/// <param name="Total">Of a page: how many experiments there are, whatever their phase.</param>
public sealed record ExperimentList(
    IReadOnlyList<ListedExperiment> Experiments, long Epoch, string Where, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] IReadOnlyList<ListedNode>? Nodes = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsPage = false, string? Next = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Total = 0) : IWireMessage;

/// <summary>One node, as the registry knows it.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Slots">Trials at a time.</param>
/// <param name="Link">The node, as the others see it.</param>
/// <param name="IsDraining">It gets no more jobs, and leaves when those that it has are over.</param>
/// <param name="Resources">What each slot has; <c>null</c>: it does not say.</param>
/// <param name="Files">Where it hands out checkpoints and logs, host and port.</param>
/// <param name="Unfit">Of each run whose trials it cannot run now: its name, and why, in a line for people; <c>null</c>: there is none.</param>
/// <param name="IsQuarantined">One of these says that it fails all that it is given.</param>
public sealed record ListedNode(
    string Node, int Slots, IActorRef Link, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsDraining = false, IReadOnlyList<SlotCapacity>? Resources = null, string? Files = null,
    IReadOnlyList<string>? Unfit = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsQuarantined = false) : IWireMessage;

/// <summary>One experiment, as the registry knows it; how far it is, its own coordinator says.</summary>
/// <param name="Host">The actor that runs it; <c>null</c>: none has answered yet, or none is to.</param>
/// <param name="Outcome">How it ended; <c>null</c>: it has not.</param>
/// <param name="Problem">Why its engine failed the last time, while that lasts.</param>
/// <param name="Shortage">Why no slot of the nodes that are known can be given to it, whoever has it: it waits for one that can; <c>null</c>: there are such.</param>
/// <param name="Opening">How often it was opened (<see cref="WakeRun"/>): one that has ended and stands at the same number has not changed. 0: an older registry, which does not say.</param>
/// <param name="Figures">How far it came, where it has ended or is paused; <c>null</c>: it is at work, or ended before registries kept that.</param>
public sealed record ListedExperiment(
    string Run, string Name, RunPhase Phase, DateTimeOffset SubmittedAt, int Weight, int Priority = 0, int? MostSlots = null, IActorRef? Host = null, string? Outcome = null, string? Reason = null, string? Problem = null,
    string? Shortage = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Opening = 0, RunFigures? Figures = null) : IWireMessage;

/// <summary>Anyone to registry: end its trials, keep everything. Answered by <see cref="RegistryDone"/>, once it is written; that the trials are gone, the list tells.</summary>
public sealed record PauseExperiment(string Run) : IWireMessage;

/// <summary>Anyone to registry: go on with what was paused. Answered by <see cref="RegistryDone"/>.</summary>
public sealed record ResumePaused(string Run) : IWireMessage;

/// <summary>Anyone to registry: end it for good. Answered by <see cref="RegistryDone"/>.</summary>
public sealed record CancelExperiment(string Run) : IWireMessage;

/// <summary>Anyone to registry: this node gets no more jobs, and leaves when those that it has are over. Answered by <see cref="RegistryDone"/>, once it is written: whoever has the registry next tells it, too.</summary>
/// <param name="Node">Its name; where two have it, host and port of the one that is meant.</param>
public sealed record DrainMember(string Node) : IWireMessage;

/// <summary>Supervisor to node: leave, when what runs on you is over.</summary>
public sealed record LeaveWhenIdle : IWireMessage;

/// <summary>Registry to node: another one has the same name, and is there to stay. It is for whoever reads the node's log.</summary>
/// <param name="Node">The name.</param>
/// <param name="Others">Where the others are, host and port, with commas.</param>
public sealed record NameIsShared(string Node, string Others) : IWireMessage;

/// <summary>Registry to whoever asked: done.</summary>
public sealed record RegistryDone : IWireMessage;

/// <summary>Registry to whoever asked: not done, and why, for people.</summary>
/// <param name="IsUnknown">There is no such thing; otherwise it is in no state for that.</param>
/// <param name="IsOther">The request was made before, for something else.</param>
public sealed record RegistryRefused(
    string Reason, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsUnknown = false, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsOther = false) : IWireMessage;

/// <summary>Registry to the run's host, through the shard region: be awake. Said again until <see cref="RunAwake"/> answers; whoever is awake does nothing more.</summary>
/// <param name="Origin">By which engine it was begun, or is gone on with.</param>
/// <param name="Epoch">The registry's: an experiment that is awake says to a new one which slots it holds.</param>
/// <param name="Opening">Which opening of the run this is: 1, and one more each time that it is gone on with after a pause. 0: an older registry, which does not count them.</param>
public sealed record WakeRun(
    string Run, ExperimentSpec Spec, RunOrigin Origin, int Weight, int Priority = 0, int? MostSlots = null, int Epoch = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Opening = 0) : IRunMessage;

/// <summary>Host to registry: the run is awake, and the sender is its host.</summary>
public sealed record RunAwake(string Run) : IWireMessage;

/// <summary>Registry to the run's host: come to an end. Said again until <see cref="RunEnded"/> answers.</summary>
/// <param name="Outcome"><see cref="FinalOutcome.Paused"/> or <see cref="FinalOutcome.Cancelled"/>.</param>
public sealed record EndRun(string Run, string Outcome) : IRunMessage;

/// <summary>Host to registry: the run has ended, says its journal. Said again until <see cref="RunEndKnown"/> answers.</summary>
/// <param name="Opening">Which opening of the run (<see cref="WakeRun"/>) has ended: said again after the run was gone on with, it says nothing of that. 0: an older host, which does not say.</param>
/// <param name="Figures">How far it came; <c>null</c>: an older host, which does not say.</param>
public sealed record RunEnded(
    string Run, string Outcome, string Reason, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Opening = 0, RunFigures? Figures = null) : IWireMessage;

/// <summary>Registry to host: that it has ended is written here, too.</summary>
public sealed record RunEndKnown(string Run) : IRunMessage;

/// <summary>Host to registry, its last word: its engine failed, the run has not ended. It is woken again.</summary>
public sealed record RunFailed(string Run, string Reason) : IWireMessage;

/// <summary>Anyone to the run's host: how does it stand? Answered by <see cref="RunStands"/>. A host of an earlier version says nothing.</summary>
/// <param name="WithSummary">Its summary is wanted, too.</param>
public sealed record LookAtRun(string Run, bool WithSummary) : IWireMessage;

/// <summary>Host to whoever asked: how the run stands, by all that its journal has.</summary>
/// <param name="Figures"><c>null</c>: it has not begun, and the rest says nothing.</param>
/// <param name="Summary">What <c>asha show --json</c> prints; <c>null</c>: nobody wanted it.</param>
public sealed record RunStands(string Run, RunFigures? Figures = null, string? Summary = null) : IWireMessage;
