using Akka.Actor;
using Asha.Core.Experiments;

namespace Asha.Actors.Messages;

/// <summary>Experiment to journal: append these events; numbered from 1.</summary>
public sealed record AppendEvents(long Batch, IReadOnlyList<ExperimentEvent> Events) : INoSerializationVerificationNeeded;

/// <summary>Journal to experiment: everything up to this batch is written.</summary>
public sealed record EventsWritten(long Batch) : INoSerializationVerificationNeeded;

/// <summary>Experiment to whoever watches it: these events are in the journal.</summary>
public sealed record EventsCommitted(IReadOnlyList<ExperimentEvent> Events) : INoSerializationVerificationNeeded;

/// <summary>Experiment to whoever watches it: the engine itself failed.</summary>
public sealed record EngineFailed(string Message) : INoSerializationVerificationNeeded;

/// <summary>Anyone to experiment: stop with what was found; running jobs are cut.</summary>
public sealed record StopExperiment(string Outcome, string Reason) : INoSerializationVerificationNeeded;
