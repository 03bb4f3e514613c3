using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>The slots that an experiment holds: where each is, and which the supervisor wants back.</summary>
public sealed class HeldSlots
{
    private readonly Dictionary<int, GrantSlot> _slots = [];
    private readonly SortedSet<int> _recalled = [];
    private readonly Dictionary<int, long> _starts = [];

    /// <summary>Whether the supervisor takes the experiment for one that would take more slots.</summary>
    public bool Wants { get; set; } = true;

    public GrantSlot this[int slot] => _slots[slot];

    /// <summary>The number of the slot's newest start.</summary>
    public long NumberOf(int slot) => _starts[slot];

    public void Started(int slot, long number) => _starts[slot] = number;

    public void Add(GrantSlot grant) => _slots[grant.Slot] = grant;

    public void Remove(int slot)
    {
        _slots.Remove(slot);
        _starts.Remove(slot);
        _recalled.Remove(slot);
    }

    /// <summary>A retired slot has left with its attempt, and need not be returned.</summary>
    public void KeepPresent(SlotTable slots)
    {
        foreach (var gone in _slots.Keys.Where(slot => !slots.Contains(slot)).ToArray())
            Remove(gone);
    }

    /// <summary>The slot goes back as soon as it is idle; one that is not held any more needs no answer.</summary>
    public void Recall(int slot)
    {
        if (_slots.ContainsKey(slot))
            _recalled.Add(slot);
    }

    /// <summary>Recalled slots that are idle now.</summary>
    public IReadOnlyList<int> ToReturn(SlotTable slots)
        => _recalled.Count == 0 ? [] : [.. _recalled.Where(slots.IsIdle)];
}
