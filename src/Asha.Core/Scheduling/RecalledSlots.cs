namespace Asha.Core.Scheduling;

/// <summary>
/// The experiment's side of a recall: which slot it gives back, and for which. Whichever of its slots falls idle first and serves as well is returned, so that whoever waits need
/// not wait for the end of one certain job.
/// </summary>
public sealed class RecalledSlots
{
    /// <summary>Few, in the order in which they were asked for.</summary>
    private readonly List<(int Slot, SlotDemand? For)> _recalled = [];

    public int Count => _recalled.Count;

    public bool Contains(int slot) => _recalled.Exists(recalled => recalled.Slot == slot);

    /// <summary>The slot is wanted back. Said again of a slot, the newer demand holds, and its place in the line stays.</summary>
    /// <param name="demand">What another slot must have to be returned in its place; <c>null</c>: no other will do.</param>
    public void Recall(int slot, SlotDemand? demand)
    {
        if (_recalled.FindIndex(recalled => recalled.Slot == slot) is >= 0 and var place)
            _recalled[place] = (slot, demand);
        else
            _recalled.Add((slot, demand));
    }

    /// <summary>The slot is not held any more, or it may be kept, or it was granted anew: whether that one is recalled is told after that.</summary>
    public void Forget(int slot) => _recalled.RemoveAll(recalled => recalled.Slot == slot);

    /// <summary>
    /// What to do with a slot that is idle: <c>null</c> if it may be kept, else the recall that its return settles, which is its own or another's. The recall is forgotten.
    /// </summary>
    public int? Settle(int idle, SlotCapacity capacity)
    {
        var place = _recalled.FindIndex(recalled => recalled.Slot == idle);
        if (place < 0)
            place = _recalled.FindIndex(recalled => recalled.For?.IsMetBy(capacity) == true);
        if (place < 0)
            return null;
        var settled = _recalled[place].Slot;
        _recalled.RemoveAt(place);
        return settled;
    }
}
