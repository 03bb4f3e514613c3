using Asha.Core.Experiments;

namespace Asha.Torture.Journals;

/// <summary>
/// What a database would have on its disk, in memory: the journals' entries and snapshots of one run, as bytes. It outlives the actors that write it, and the actor system. What becomes of each deed is said from outside
/// (<see cref="Fate"/>), and what becomes durable is told (<see cref="Committed"/>). Not for two threads at a time.
/// </summary>
public sealed class MemoryStore
{
    private sealed class Journal
    {
        public readonly SortedList<long, StoredEntry> Entries = [];
        public readonly SortedList<long, StoredSnapshot> Snapshots = [];

        /// <summary>Also of entries that were deleted: a number is given once.</summary>
        public long Highest;
    }

    private readonly Dictionary<string, Journal> _journals = [];
    private readonly List<IReadOnlyList<StoredEntry>> _underWay = [];

    /// <summary>Asked when a deed begins; <c>null</c>: all goes well, at once.</summary>
    public Func<StoreDeed, StoreFate>? Fate { get; set; }

    /// <summary>Told of entries at the moment from which on no crash takes them, before whoever wrote them is.</summary>
    public Action<IReadOnlyList<StoredEntry>>? Committed { get; set; }

    /// <summary>Whether whoever writes it is gone; what it had asked for is not done any more.</summary>
    public bool IsDown { get; private set; }

    /// <summary>Another one with each crash.</summary>
    public int Life { get; private set; }

    /// <summary>How many batches are being written.</summary>
    public int UnderWay => _underWay.Count;

    /// <summary>A journal's entries, in order.</summary>
    public IReadOnlyList<StoredEntry> Entries(string id) => [.. Of(id).Entries.Values];

    /// <summary>What a journal says.</summary>
    public IReadOnlyList<ExperimentEvent> Events(string id) => [.. Of(id).Entries.Values.SelectMany(entry => entry.Events)];

    /// <summary>A journal's snapshots, oldest first.</summary>
    public IReadOnlyList<StoredSnapshot> Snapshots(string id) => [.. Of(id).Snapshots.Values];

    /// <summary>The last number that was ever written in a journal; 0: none was.</summary>
    public long Highest(string id) => Of(id).Highest;

    /// <summary>Whoever writes it is gone, with all that waits; what is being written is durable wholly or not at all. Until <see cref="Restart"/> nothing is taken: what the dead one still had to say, it never said.</summary>
    /// <param name="isDurable">Whether the database had got as far as to commit this batch; nobody was told.</param>
    public void Crash(Func<IReadOnlyList<StoredEntry>, bool> isDurable)
    {
        (IsDown, Life) = (true, Life + 1);
        foreach (var batch in _underWay)
        {
            if (isDurable(batch) && !batch.Any(IsThere))
                Commit(batch);
        }
        _underWay.Clear();
    }

    /// <summary>Somebody else may write it: of the one before nobody is left.</summary>
    public void Restart() => IsDown = false;

    /// <summary>A journal has no snapshot any more.</summary>
    public void LoseSnapshots(string id) => Of(id).Snapshots.Clear();

    /// <summary>An entry as it is not written by this version, in the place of the one that has its number.</summary>
    internal void Put(StoredEntry entry) => Of(entry.Id).Entries[entry.Number] = entry;

    internal StoreFate FateOf(StoreDeed deed) => Fate?.Invoke(deed) ?? default;

    internal void Begin(IReadOnlyList<StoredEntry> batch) => _underWay.Add(batch);

    /// <summary>Ends a write. Returns why it failed, where it did: then nothing of it is there, unless its fate says otherwise.</summary>
    internal StoreException? End(IReadOnlyList<StoredEntry> batch, StoreFate fate)
    {
        _underWay.Remove(batch);
        if (fate.Error is { } error && !fate.IsDone)
            return new StoreException(error);
        if (batch.FirstOrDefault(IsThere) is { } twice)
            return new StoreException($"entry {twice.Number} of journal '{twice.Id}' is there already");
        Commit(batch);
        return fate.Error is { } unheard ? new StoreException(unheard) : null;
    }

    /// <summary>At most so many entries with these numbers, in order.</summary>
    internal IEnumerable<StoredEntry> Read(string id, long from, long to, long max)
    {
        var entries = Of(id).Entries;
        // As a rule entry 1 is the first of the list, and none is missing.
        var first = entries.Count > 0 ? (int)Math.Clamp(from - entries.Keys[0], 0, entries.Count) : 0;
        while (first > 0 && entries.Keys[first - 1] >= from)
            first--;
        for (var index = first; index < entries.Count && max > 0 && entries.Keys[index] <= to; index++)
        {
            if (entries.Keys[index] < from)
                continue;
            max--;
            yield return entries.Values[index];
        }
    }

    internal void Delete(string id, long to)
    {
        var entries = Of(id).Entries;
        foreach (var number in entries.Keys.Where(number => number <= to).ToArray())
            entries.Remove(number);
    }

    internal void Save(StoredSnapshot snapshot) => Of(snapshot.Id).Snapshots[snapshot.Number] = snapshot;

    internal void DeleteSnapshots(string id, Func<StoredSnapshot, bool> which)
    {
        foreach (var old in Snapshots(id).Where(which))
            Of(id).Snapshots.Remove(old.Number);
    }

    private bool IsThere(StoredEntry entry) => Of(entry.Id).Entries.ContainsKey(entry.Number);

    private void Commit(IReadOnlyList<StoredEntry> batch)
    {
        foreach (var entry in batch)
        {
            var journal = Of(entry.Id);
            journal.Entries.Add(entry.Number, entry);
            journal.Highest = Math.Max(journal.Highest, entry.Number);
        }
        Committed?.Invoke(batch);
    }

    private Journal Of(string id) => _journals.TryGetValue(id, out var journal) ? journal : _journals[id] = new Journal();
}
