namespace Asha.Torture.Journals;

/// <summary>What a journal and its snapshots are asked for.</summary>
public enum StoreDeed { Write, Read, DeleteEntries, SaveSnapshot, LoadSnapshot, DeleteSnapshots }

/// <summary>What becomes of one deed; whoever plays the database says so when it begins.</summary>
/// <param name="Takes">So long on the actor system's clock; what was asked for later waits behind it. 0: it is done there and then.</param>
/// <param name="Error">What whoever asked is told; <c>null</c>: it went well.</param>
/// <param name="IsDone">With an error: it is done all the same, and only the answer was lost, as when a server commits and its connection breaks.</param>
public readonly record struct StoreFate(TimeSpan Takes, string? Error = null, bool IsDone = false);

/// <summary>Why a deed failed: the store was told to fail, or an entry of that number is there already.</summary>
public sealed class StoreException(string message) : Exception(message);
