namespace Asha.Actors.Persistence;

/// <summary>How a journal is opened.</summary>
/// <param name="Tells">Whether it tells what is in it: an experiment that goes on after its journal failed knows that already.</param>
/// <param name="Whole">Whether it is read from its first entry on: the newest snapshot did not fit.</param>
/// <param name="Known">The last entry that whoever opens it knows to be in it; what comes after it is told as it stands.</param>
public sealed record JournalOpening(bool Tells, bool Whole = false, long Known = long.MaxValue);

/// <summary>An entry of a run's journal: the events of one commit, as the lines of <c>events.jsonl</c>, ends included.</summary>
public sealed record JournalEntry(byte[] Lines);

/// <summary>
/// A snapshot: so much of <c>events.jsonl</c> was on the disk for certain, and says the same as the journal up to the snapshot's entry. Who goes on with the run reads that file, and of the journal only what came later.
/// </summary>
/// <param name="Bytes">How many, from the beginning.</param>
/// <param name="Hash">Their XxHash128, in hexadecimal digits.</param>
public sealed record EventsFileMark(long Bytes, string Hash);
