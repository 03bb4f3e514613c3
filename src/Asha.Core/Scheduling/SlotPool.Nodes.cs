namespace Asha.Core.Scheduling;

/// <summary>Nodes: their slots come, stay with what runs there, and go.</summary>
public sealed partial class SlotPool
{
    /// <summary>The lowest number that was never given.</summary>
    public int NextNumber { get; private set; }

    /// <summary>Supervisors before may have given all slot numbers below this one: none of them is given anew, and whoever claims one may be right until its node is known.</summary>
    public void Inherit(int nextNumber)
    {
        NextNumber = Math.Max(NextNumber, nextNumber);
        _claims.Inherited = Math.Max(_claims.Inherited, nextNumber);
    }

    /// <summary>Adds a node's slots, which say nothing of themselves, and returns the number of the first; the others follow it. No number is given twice.</summary>
    public int Join(int slots) => Join([.. Enumerable.Repeat(SlotCapacity.None, slots)]);

    /// <summary>Adds a node's slots and returns the number of the first; the others follow it.</summary>
    /// <param name="first">The first number of a node that had numbers before, and keeps them; <c>null</c>: new ones, above all that were ever given.</param>
    /// <exception cref="ArgumentException">One of the numbers is another slot's: <see cref="HasAny"/> tells.</exception>
    public int Join(IReadOnlyList<SlotCapacity> slots, int? first = null)
    {
        var start = first ?? NextNumber;
        ArgumentOutOfRangeException.ThrowIfNegative(start, nameof(first));
        if (HasAny(start, slots.Count))
            throw new ArgumentException($"Slots {start} … {start + slots.Count - 1} are not to be had: at least one of them is there already.", nameof(first));
        for (var index = 0; index < slots.Count; index++)
        {
            _book.Add(start + index, slots[index]);
            _claims.Joined(start + index);
            _new.Add(start + index);
        }
        NextNumber = Math.Max(NextNumber, start + slots.Count);
        return start;
    }

    /// <summary>
    /// A job of the experiment runs on the slot, as its node says: it is kept for the experiment, which is granted it as soon as it is open. Whether it was so: a slot that another
    /// holds or that is kept for another is not, nor one that is not there.
    /// </summary>
    public bool Hold(int slot, string experiment)
    {
        if (_book.Find(slot) is not { } held)
            return false;
        if (held.Holder is null && held.Owner is null)
            _book.Set(held, null, _book.ShareOf(experiment));
        return (held.Holder ?? held.Owner)!.Experiment == experiment;
    }

    /// <summary>Removes slots, as <see cref="Join(int)"/> numbered them, as far as they are there; returns them by the experiment that held them.</summary>
    public IReadOnlyDictionary<string, List<int>> Lose(int first, int slots)
    {
        var lost = new SortedDictionary<string, List<int>>(StringComparer.Ordinal);
        foreach (var slot in Present(first, slots)) // Others were retired.
        {
            if (slot.Holder is { } holder)
                (lost.TryGetValue(holder.Experiment, out var numbers) ? numbers : lost[holder.Experiment] = []).Add(slot.Number);
            _book.Drop(slot);
        }
        return lost;
    }

    /// <summary>
    /// Takes slots out of service, as far as they are there: each is gone as soon as nobody holds it, and whoever does is to return it. One that is kept for a job that runs there is granted
    /// first, so that the job is not lost.
    /// </summary>
    public void Withdraw(int first, int slots)
    {
        foreach (var slot in Present(first, slots).Where(slot => !slot.Leaves))
        {
            _book.Withdraw(slot);
            if (slot.Holder is not null)
                _decisions.Recall(slot);
        }
    }

    /// <summary>Whether any of these slots is still there.</summary>
    public bool HasAny(int first, int slots) => Present(first, slots).Length > 0;

    private PoolSlot[] Present(int first, int slots) => [.. Enumerable.Range(first, slots).Select(_book.Find).OfType<PoolSlot>()];
}
