using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Core.Scheduling;

namespace Asha.Actors;

/// <summary>The slots that an experiment holds: where each is, and which the supervisor wants back. Of one that was taken over from another coordinator it is not known where it is, until it is granted once more.</summary>
public sealed class HeldSlots
{
    private readonly Dictionary<int, GrantSlot> _slots = [];
    private readonly RecalledSlots _recalled = new();

    /// <summary>Whether the supervisor takes the experiment for one that would take more slots.</summary>
    public bool Wants { get; set; } = true;

    /// <summary>The slot's newest grant; <c>null</c>: it was granted to another engine of this run, and not since.</summary>
    public GrantSlot? Find(int slot) => _slots.GetValueOrDefault(slot);

    /// <summary>It is granted, or its grant is renewed: whether it is recalled is said after that.</summary>
    public void Add(GrantSlot grant)
    {
        _slots[grant.Slot] = grant;
        _recalled.Forget(grant.Slot);
    }

    public void Remove(int slot)
    {
        _slots.Remove(slot);
        _recalled.Forget(slot);
    }

    /// <summary>Slots that have left, and that the supervisor takes for held: they are held no longer.</summary>
    public IReadOnlyList<GrantSlot> TakeGone(SlotTable slots)
    {
        GrantSlot[] gone = [.. _slots.Values.Where(slot => !slots.Contains(slot.Slot)).OrderBy(slot => slot.Slot)];
        foreach (var slot in gone)
            Remove(slot.Slot);
        return gone;
    }

    /// <summary>A retired slot has left with its attempt, and need not be returned.</summary>
    public void KeepPresent(SlotTable slots)
    {
        foreach (var gone in _slots.Keys.Where(slot => !slots.Contains(slot)).ToArray())
            Remove(gone);
    }

    /// <summary>The slot goes back as soon as it is idle, or another in its place; one that is not held any more needs no answer.</summary>
    public void Recall(RecallSlot recall)
    {
        if (_slots.ContainsKey(recall.Slot))
            _recalled.Recall(recall.Slot, recall.For);
    }

    /// <summary>It may be kept.</summary>
    public void Keep(int slot) => _recalled.Forget(slot);

    /// <summary>Idle slots that are to be returned now, each with the one that was recalled.</summary>
    public IReadOnlyList<(int Slot, int Recalled)> ToReturn(SlotTable slots)
    {
        if (_recalled.Count == 0)
            return [];
        var settled = new List<(int Slot, int Recalled)>();
        foreach (var (slot, _) in slots.All)
        {
            if (slots.IsIdle(slot) && _slots.TryGetValue(slot, out var grant) && _recalled.Settle(slot, grant.Resources ?? SlotCapacity.None) is { } recalled)
                settled.Add((slot, recalled));
        }
        return settled;
    }
}
