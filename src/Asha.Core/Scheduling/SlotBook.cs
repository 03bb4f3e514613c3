namespace Asha.Core.Scheduling;

/// <summary>
/// Who holds which slot, and whom it counts for. A slot is in one state only, by these two; whatever changes that goes through <see cref="Set"/>,
/// in O(log slots + log experiments).
/// </summary>
internal sealed class SlotBook
{
    private readonly SortedDictionary<int, PoolSlot> _slots = [];
    private readonly SortedDictionary<string, PoolShare> _shares = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<int, PoolSlot> Slots => _slots;

    public IReadOnlyDictionary<string, PoolShare> Shares => _shares;

    public SlotIndex Index { get; } = new();

    public ShareOrder Order { get; } = new();

    /// <summary>Whether somebody may be served now who could not before.</summary>
    public bool IsChanged { get; set; }

    /// <inheritdoc cref="SlotPool.Turns"/>
    public long Turns { get; private set; }

    public PoolSlot? Find(int number) => _slots.GetValueOrDefault(number);

    /// <summary>The slot, if the experiment holds it.</summary>
    public PoolSlot? Held(string experiment, int number)
        => Find(number) is { } slot && slot.Holder?.Experiment == experiment ? slot : null;

    public void Add(int number, SlotCapacity capacity)
    {
        var kind = Index.KindOf(capacity, out var isNew);
        if (isNew)
        {
            foreach (var share in _shares.Values.Where(share => share.Demand.IsMetBy(capacity)))
                share.Fitting.Add(kind);
        }
        kind.Count++;
        var slot = new PoolSlot(number, kind);
        _slots.Add(number, slot);
        Index.Enter(slot);
        Turns++;
        IsChanged = true;
    }

    /// <summary>The experiment's share, which is made where there is none.</summary>
    public PoolShare ShareOf(string experiment)
        => _shares.TryGetValue(experiment, out var share) ? share : _shares[experiment] = new PoolShare(experiment);

    public void Forget(PoolShare share)
    {
        Order.Leave(share);
        _shares.Remove(share.Experiment);
        IsChanged = true;
    }

    /// <summary>Changes what the share's place in the order depends on.</summary>
    public void Change(PoolShare share, Action<PoolShare> change)
    {
        Order.Leave(share);
        change(share);
        Order.Enter(share);
        IsChanged = true;
    }

    /// <summary>Whether the experiment would take another slot; if so it has nothing parked.</summary>
    public void Want(PoolShare share, bool wants)
    {
        if (share.Wants == wants)
            return;
        Order.Leave(share);
        share.Wants = wants;
        Order.Enter(share);
        if (!wants)
            return;
        UseAll(share);
        IsChanged = true;
    }

    /// <summary>Opens an experiment's share: it is due what was kept for it.</summary>
    public void Open(PoolShare share, ShareTerms terms, SlotDemand demand)
    {
        Change(share, opened => (opened.IsOpen, opened.Wants, opened.Terms, opened.Demand) = (true, true, terms, demand));
        UseAll(share);
        share.Fitting.Clear();
        share.Fitting.AddRange(Index.Kinds.Where(kind => demand.IsMetBy(kind.Capacity)));
        Index.Due.UnionWith(share.Slots.Where(number => _slots[number].Holder is null));
        Turns++;
    }

    /// <summary>Who holds the slot from now on, and whom it counts for. One that leaves is gone when it is neither held nor kept.</summary>
    public void Set(PoolSlot slot, PoolShare? holder, PoolShare? owner)
    {
        ReadOnlySpan<PoolShare?> concerned = [slot.Holder, slot.Owner, holder, owner];
        foreach (var share in concerned)
        {
            if (share is not null)
                Order.Leave(share);
        }
        Index.Leave(slot);
        slot.IsParked = false;
        slot.Holder?.Count(slot.Number, held: -1);
        slot.Owner?.Count(slot.Number, owned: -1);
        (slot.Holder, slot.Owner) = (holder, owner);
        holder?.Count(slot.Number, held: 1);
        owner?.Count(slot.Number, owned: 1);
        if (slot.Leaves && holder is null && owner is null)
            Remove(slot);
        else
            Index.Enter(slot);
        foreach (var share in concerned)
        {
            if (share is not null)
                Order.Enter(share);
        }
        Turns++;
        IsChanged = true;
    }

    /// <summary>The slot is given to nobody new. One that is held counts for nobody any more; one that is kept for a job that runs there waits for its experiment.</summary>
    public void Withdraw(PoolSlot slot)
    {
        if (slot.Leaves)
            return;
        slot.Leaves = true;
        slot.Kind.Leaving++;
        Set(slot, slot.Holder, slot.Holder is null ? slot.Owner : null);
    }

    /// <summary>The slot is no longer there.</summary>
    public void Drop(PoolSlot slot)
    {
        Withdraw(slot);
        if (_slots.ContainsKey(slot.Number))
            Set(slot, null, null);
    }

    public void Park(PoolSlot slot, bool isParked)
    {
        if (slot.Holder is null || slot.Owner != slot.Holder || slot.IsParked == isParked)
            return;
        Index.Leave(slot);
        slot.IsParked = isParked;
        Index.Enter(slot);
        IsChanged |= isParked && Order.Line.Count > 0;
    }

    private void UseAll(PoolShare share)
    {
        foreach (var number in share.Parked.ToArray())
            Park(_slots[number], false);
    }

    private void Remove(PoolSlot slot)
    {
        _slots.Remove(slot.Number);
        slot.Kind.Leaving--;
        if (--slot.Kind.Count > 0)
            return;
        Index.Forget(slot.Kind);
        foreach (var share in _shares.Values)
        {
            share.Fitting.Remove(slot.Kind);
            share.Kept.Remove(slot.Kind);
        }
    }
}
