namespace Asha.Core.Scheduling;

/// <summary>A slot, to be looked at.</summary>
/// <param name="Holder">The experiment that gives it jobs.</param>
/// <param name="Owner">The experiment that it counts for: the holder, or whom it was recalled for, or whom it is kept for; <c>null</c> if nobody waits for it.</param>
/// <param name="IsParked">Its holder has nothing for it.</param>
/// <param name="Leaves">Its node leaves.</param>
public sealed record SlotRow(int Slot, SlotCapacity Capacity, string? Holder, string? Owner, bool IsParked, bool Leaves);

/// <summary>What can be asked of the pool.</summary>
public sealed partial class SlotPool
{
    /// <summary>How often a slot came, went or changed hands, or an experiment opened, which shuns nothing yet: as long as it is the same, so is all that <see cref="Shun"/> may hang on.</summary>
    public long Turns => _book.Turns;

    /// <summary>All slots by number.</summary>
    public IEnumerable<SlotRow> Rows => _book.Slots.Values.Select(Row);

    /// <summary>One of them; <c>null</c>: it is not there.</summary>
    public SlotRow? RowOf(int slot) => _book.Find(slot) is { } found ? Row(found) : null;

    public SlotCapacity? CapacityOf(int slot) => _book.Find(slot)?.Kind.Capacity;

    /// <summary>How many slots count for the experiment: those that it holds and that were not recalled, and those on their way to it.</summary>
    public int OwnedBy(string experiment) => _book.Shares.GetValueOrDefault(experiment)?.Owned ?? 0;

    private static SlotRow Row(PoolSlot slot) => new(slot.Number, slot.Kind.Capacity, slot.Holder?.Experiment, slot.Owner?.Experiment, slot.IsParked, slot.Leaves);
}
