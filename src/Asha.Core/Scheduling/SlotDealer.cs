namespace Asha.Core.Scheduling;

/// <summary>
/// Deals slots out: to the first in line a free one; else one that is parked; else one that comes free anyway; else one to be recalled from whoever has more
/// than its share. O(experiments + kinds of slot) for each.
/// </summary>
/// <remarks>
/// The bound: an experiment with work and no slot gets one as soon as a fitting one is free, or as soon as one job ends on a fitting slot of the experiment that is asked
/// for it, which is one of those that have more than one (the lowest priority first, then whoever would have the most for its weight without it). Where several wait, by their turn in the line, a job's end each.
/// </remarks>
internal sealed class SlotDealer(SlotBook book, PoolDecisions decisions)
{
    public void Deal()
    {
        Hasten();
        while (book.Order.Line.Any(Serve))
        {
        }
    }

    /// <summary>Takes back what is more than an experiment may have, first what is only on its way to it; whoever wants it waits for it.</summary>
    public void Trim(PoolShare share)
    {
        if (!share.IsOverLimit)
            return;
        foreach (var slot in share.Slots.Select(number => book.Slots[number]).Where(slot => slot.Holder is { } holder && holder != share).ToArray())
        {
            if (share.IsOverLimit)
                decisions.Release(slot);
        }
        while (share.Counted > share.Terms.MaxConcurrent && share.LastToGive is { } last)
        {
            var slot = book.Slots[last];
            book.Set(slot, share, null);
            decisions.Recall(slot);
        }
    }

    /// <summary>A slot that nobody wants goes to whoever has the least, so that it counts as idle with a cause; whoever wants it later finds it parked.</summary>
    public void Offer(PoolSlot slot)
    {
        var least = book.Shares.Values.Where(share => share.IsOpen && share.HasRoom && share.Fits(slot)).Aggregate((PoolShare?)null,
            (least, share) => least is null || ShareOrder.ByShare(share, least) < 0 ? share : least);
        if (least is not null)
            decisions.Grant(slot, least);
    }

    /// <summary>
    /// A slot has come back that was recalled for somebody who holds others. If one who has none would take it, that one does, and the other waits in its place:
    /// else who has none would wait while slots go to those who have some.
    /// </summary>
    public void Exchange(PoolSlot slot, PoolShare returner)
    {
        if (slot.Holder is not null || slot.Owner is not { Held: > 0 } lucky)
            return;
        var other = book.Shares.Values.Where(share => HasNone(share) && share.Fits(slot) && (share.Owned > 0 || (share.Wants && share.HasRoom)))
            .OrderBy(share => share == returner).ThenByDescending(share => share.Terms.Priority).FirstOrDefault();
        if (other is null)
            return;
        var awaited = other.Slots.Select(number => book.Slots[number]).FirstOrDefault();
        book.Set(slot, null, other);
        if (awaited is null)
            return;
        if (awaited.Holder == lucky || !lucky.Fits(awaited))
        {
            decisions.Release(awaited);
            return;
        }
        book.Set(awaited, awaited.Holder, lucky);
        decisions.Recall(awaited); // Another may serve as well for this one than for that.
    }

    /// <summary>Who has none and waits for one to come takes what is idle by now, and lets that other one go.</summary>
    private void Hasten()
    {
        foreach (var share in book.Shares.Values.Where(share => share.Owned > 0 && HasNone(share)).OrderByDescending(share => share.Terms.Priority).ToArray())
        {
            if ((Lowest(share, kind => kind.Free) ?? Lowest(share, kind => kind.Parked)) is not { } number)
                continue;
            decisions.Release(book.Slots[share.Slots.Min]);
            Give(book.Slots[number], share);
        }
    }

    /// <summary>It holds none, nor will it at once: all that it has is held by others.</summary>
    private bool HasNone(PoolShare share)
        => share.IsOpen && share.Held + share.Awaited.Count == 0 && share.Slots.All(number => book.Slots[number].Holder is not null);

    private bool Serve(PoolShare needy)
    {
        // What it was to return for nobody, it may keep.
        if ((needy.Coming.Count > 0 ? needy.Coming.Min : null as int?) is { } own)
        {
            decisions.Keep(book.Slots[own], needy);
            return true;
        }
        if ((Lowest(needy, kind => kind.Free) ?? Lowest(needy, kind => kind.Parked) ?? Lowest(needy, kind => kind.Coming) ?? OfOneWithSeveral(needy)) is not { } number)
            return false;
        Give(book.Slots[number], needy);
        return true;
    }

    /// <summary>At once, if nobody holds it.</summary>
    private void Give(PoolSlot slot, PoolShare share)
    {
        if (slot.Holder is null)
        {
            decisions.Grant(slot, share);
            return;
        }
        book.Set(slot, slot.Holder, share);
        decisions.Recall(slot);
    }

    private int? OfOneWithSeveral(PoolShare needy)
    {
        foreach (var share in book.Order.Several)
        {
            if (share == needy)
                continue;
            if (!ShareOrder.MayMove(share, needy))
                return null; // Nor from those after it.
            // Its only one it does not give, though others are on their way to it.
            if (share.KeptSlots > 1 && share.LastKept(needy) is { } number)
                return number;
        }
        return null;
    }

    /// <summary>A slot that fits, of these places: one with few GPUs, which are for those who demand them, and of these the one with the lowest number.</summary>
    private static int? Lowest(PoolShare needy, Func<SlotKind, SortedSet<int>> place)
    {
        (int Gpus, int Number)? best = null;
        foreach (var kind in needy.Fitting)
        {
            if (needy.Lowest(place(kind)) is not { } number)
                continue;
            if (best is not var (gpus, lowest) || kind.Gpus < gpus || (kind.Gpus == gpus && number < lowest))
                best = (kind.Gpus, number);
        }
        return best?.Number;
    }
}
