namespace Asha.Core.Scheduling;

/// <summary>Where each slot is found by its state, in O(log slots); and by its kind, of which there are few.</summary>
internal sealed class SlotIndex
{
    private readonly Dictionary<SlotCapacity, SlotKind> _kinds = [];
    private readonly List<SlotKind> _listed = [];

    /// <summary>The kinds of slot that are there, in the order in which they came.</summary>
    public IReadOnlyList<SlotKind> Kinds => _listed;

    /// <summary>Slots that nobody holds and that are kept for an open experiment: it is to be granted them.</summary>
    public SortedSet<int> Due { get; } = [];

    /// <summary>The kind of such slots; <paramref name="isNew"/> if there was none before.</summary>
    public SlotKind KindOf(SlotCapacity capacity, out bool isNew)
    {
        isNew = !_kinds.TryGetValue(capacity, out var kind);
        if (kind is null)
        {
            _kinds[capacity] = kind = new SlotKind(capacity);
            _listed.Add(kind);
        }
        return kind;
    }

    public void Forget(SlotKind kind)
    {
        _kinds.Remove(kind.Capacity);
        _listed.Remove(kind);
    }

    public void Enter(PoolSlot slot)
    {
        var (number, kind) = (slot.Number, slot.Kind);
        switch (slot.Holder, slot.Owner)
        {
            case (null, null):
                kind.Free.Add(number);
                break;
            case (null, { IsOpen: true }):
                Due.Add(number);
                break;
            case ({ } holder, { } owner) when holder == owner:
                (holder.Kept.TryGetValue(kind, out var kept) ? kept : holder.Kept[kind] = []).Add(number);
                holder.KeptSlots++;
                if (slot.IsParked)
                {
                    holder.Parked.Add(number);
                    kind.Parked.Add(number);
                }
                break;
            case ({ } holder, null) when !slot.Leaves:
                kind.Coming.Add(number);
                holder.Coming.Add(number);
                break;
            default:
                break; // It is on its way to somebody, or away.
        }
    }

    public void Leave(PoolSlot slot)
    {
        var (number, kind) = (slot.Number, slot.Kind);
        switch (slot.Holder, slot.Owner)
        {
            case (null, null):
                kind.Free.Remove(number);
                break;
            case (null, _):
                Due.Remove(number);
                break;
            case ({ } holder, { } owner) when holder == owner:
                holder.Kept[kind].Remove(number);
                holder.KeptSlots--;
                if (slot.IsParked)
                {
                    holder.Parked.Remove(number);
                    kind.Parked.Remove(number);
                }
                break;
            case ({ } holder, null):
                kind.Coming.Remove(number);
                holder.Coming.Remove(number);
                break;
            default:
                break;
        }
    }
}
