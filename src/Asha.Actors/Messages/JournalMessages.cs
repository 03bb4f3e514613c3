using Akka.Actor;
using Asha.Core.Experiments;

namespace Asha.Actors.Messages;

/// <summary>Experiment to journal: append these events, all or none. Numbered from 1, also across engines: the entry's own number in the journal.</summary>
public sealed record AppendEvents(long Batch, IReadOnlyList<ExperimentEvent> Events) : INoSerializationVerificationNeeded;

/// <summary>Journal to experiment: everything up to this batch is written.</summary>
public sealed record EventsWritten(long Batch) : INoSerializationVerificationNeeded;

/// <summary>Journal to experiment, once: it can be written to.</summary>
/// <param name="Last">The last batch that is in it; 0: it is empty.</param>
/// <param name="Events">Everything that is in it, where that was asked for.</param>
/// <param name="Added">The lines of each entry after <see cref="Persistence.JournalOpening.Known"/>; <c>null</c>: there is none.</param>
public sealed record JournalOpened(long Last, IReadOnlyList<ExperimentEvent> Events, IReadOnlyList<byte[]>? Added = null) : INoSerializationVerificationNeeded;

/// <summary>Journal to experiment, its last word: it cannot go on, but another one may.</summary>
/// <param name="Reason">Why.</param>
/// <param name="IsReadable">Only its copy is not what a snapshot says: another one reads it from the first entry on.</param>
public sealed record JournalFailed(string Reason, bool IsReadable = false) : INoSerializationVerificationNeeded;

/// <summary>Journal to experiment, its last word: what is in it cannot be read, and nothing was touched.</summary>
public sealed record JournalUnreadable(string Reason) : INoSerializationVerificationNeeded;

/// <summary>Experiment to whoever watches it: these events are in the journal.</summary>
public sealed record EventsCommitted(IReadOnlyList<ExperimentEvent> Events) : INoSerializationVerificationNeeded;

/// <summary>Experiment to whoever watches it: these are in the journal from before; it goes on from them.</summary>
public sealed record EventsRecovered(IReadOnlyList<ExperimentEvent> Events) : INoSerializationVerificationNeeded;

/// <summary>Experiment to whoever watches it: the journal cannot be written, so that nothing is started or acknowledged.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Next">When it is tried again.</param>
public sealed record JournalStalled(string Reason, TimeSpan Next) : INoSerializationVerificationNeeded;

/// <summary>Experiment to whoever watches it: the journal can be written again, and nothing was lost.</summary>
public sealed record JournalRestored : INoSerializationVerificationNeeded;

/// <summary>Experiment to whoever watches it: the engine itself failed.</summary>
public sealed record EngineFailed(string Message) : INoSerializationVerificationNeeded;

/// <summary>To an experiment: another coordinator goes on with it, while its nodes ran on.</summary>
/// <param name="At">The wall clock's time.</param>
public sealed record TakeOverExperiment(RunOrigin Origin, DateTimeOffset At) : INoSerializationVerificationNeeded;

/// <summary>To an experiment: another engine goes on with it.</summary>
public sealed record ResumeExperiment(RunOrigin Origin) : INoSerializationVerificationNeeded;

/// <summary>Anyone to experiment: stop with what was found. Where it can be gone on with (<see cref="FinalOutcome.CanGoOn"/>), what runs is ended, and what it reports meanwhile counts; otherwise running jobs are cut.</summary>
/// <param name="AtOnce">Running jobs are cut in any case.</param>
public sealed record StopExperiment(string Outcome, string Reason, bool AtOnce = false) : INoSerializationVerificationNeeded;
