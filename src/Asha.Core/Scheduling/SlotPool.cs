namespace Asha.Core.Scheduling;

/// <summary>
/// Who holds which slot. An experiment holds a slot from grant to return and gives it job after job itself; the pool moves slots between experiments:
/// free ones to the experiment that wants them and holds the least for its weight, parked ones away from those that have nothing for them, and, where one
/// holds more than its share, one by one as they fall idle.
/// </summary>
/// <remarks>
/// O(log slots + log experiments) for what one experiment does with a slot, and O(experiments + kinds of slot) for a decision. Commands change what is known; what follows from
/// it is decided by <see cref="Balance"/>. Who is served first: <see cref="ShareOrder"/>; with what: <see cref="SlotDealer"/>, which states the bound for who has none.
/// </remarks>
public sealed partial class SlotPool
{
    private readonly SlotBook _book = new();
    private readonly PoolDecisions _decisions;
    private readonly SlotDealer _dealer;
    private readonly SlotClaims _claims;

    /// <summary>Slots that have joined and were offered to nobody.</summary>
    private readonly List<int> _new = [];

    /// <param name="epoch">The number of the supervisor, ≥ 0, that all its grants start with: each supervisor has a higher one than those before.</param>
    /// <param name="nextNumber">Supervisors before may have given all lower slot numbers.</param>
    public SlotPool(int epoch = 0, int nextNumber = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        _decisions = new PoolDecisions(_book, epoch);
        _dealer = new SlotDealer(_book, _decisions);
        _claims = new SlotClaims(_book, _decisions, _dealer);
        Inherit(nextNumber);
    }

    /// <summary>Adds an experiment, which wants slots. Its share is in proportion to its weight ≥ 1.</summary>
    public void Open(string experiment, int weight) => Open(experiment, new ShareTerms(weight));

    /// <summary>
    /// Adds an experiment, which wants slots: each such as it demands. Slots that were kept for it (<see cref="Hold"/>) are granted to it. One that is open already, and is back at another
    /// address or says it once more, has what it had, on these terms.
    /// </summary>
    public void Open(string experiment, ShareTerms terms, SlotDemand? demand = null)
    {
        var share = _book.ShareOf(experiment);
        _book.Open(share, terms, demand ?? SlotDemand.None);
        _dealer.Trim(share);
    }

    /// <summary>Changes an experiment's weight, priority and limit while it is open.</summary>
    public void Change(string experiment, ShareTerms terms)
    {
        if (Opened(experiment) is not { } share)
            return;
        _book.Change(share, changed => changed.Terms = terms);
        _dealer.Trim(share);
    }

    /// <summary>
    /// The experiment takes none of these slots from now on, whatever they have, and all others: what it said before of slots counts no longer. Those that it holds it keeps until it returns them; those on their way to it go to others.
    /// </summary>
    public void Shun(string experiment, IReadOnlySet<int> slots)
    {
        if (Opened(experiment) is not { } share || share.Shunned.SetEquals(slots))
            return;
        share.Shunned = slots;
        _book.IsChanged = true;
        foreach (var slot in share.Slots.Where(slots.Contains).Select(number => _book.Slots[number]).Where(slot => slot.Owner == share && slot.Holder is { } holder && holder != share).ToArray())
            _decisions.Release(slot);
    }

    /// <summary>Removes an experiment, open or not; its slots are free.</summary>
    public void Close(string experiment)
    {
        if (!_book.Shares.TryGetValue(experiment, out var share))
            return;
        _claims.GiveUp(share, isTold: false);
        var slots = share.Slots.Select(number => _book.Slots[number]).ToArray();
        foreach (var slot in slots)
        {
            if (slot.Holder == share)
                _book.Set(slot, null, slot.Owner == share ? null : slot.Owner);
            else
                _decisions.Release(slot);
        }
        _book.Forget(share);
        foreach (var slot in slots)
            _dealer.Exchange(slot, share);
    }

    /// <summary>The experiment has nothing for the slot, and so wants no other.</summary>
    public void Park(string experiment, int slot)
    {
        if (_book.Held(experiment, slot) is not { } parked)
            return;
        _book.Want(parked.Holder!, false);
        _book.Park(parked, true);
    }

    /// <summary>The experiment has a job for the parked slot again.</summary>
    public void Use(string experiment, int slot)
    {
        if (_book.Held(experiment, slot) is { } used)
            _book.Park(used, false);
    }

    /// <summary>The experiment has work and no idle slot: it would take more, and has none parked.</summary>
    public void Want(string experiment)
    {
        if (Opened(experiment) is { } share)
            _book.Want(share, true);
    }

    /// <summary>The experiment gave the slot back.</summary>
    /// <param name="insteadOf">A slot that was recalled, and that the experiment keeps, as this one serves as well (<see cref="PoolDecision.For"/>). If that is so no longer, this one is returned and that one still recalled.</param>
    /// <param name="grant">The grant that it had, 0 if it does not say. If it was renewed meanwhile, the experiment has the slot again by the time it hears of that, and this is no return.</param>
    public void Return(string experiment, int slot, int? insteadOf = null, long grant = 0)
    {
        if (_book.Held(experiment, slot) is not { } returned || (grant > 0 && grant < returned.Grant))
            return;
        var holder = returned.Holder!;
        if (insteadOf is { } number && _book.Held(experiment, number) is { Leaves: false } recalled && recalled.Owner != holder && returned is { Leaves: false } && returned.Owner == holder
            && recalled.Owner?.Fits(returned) != false)
        {
            var waiting = recalled.Owner;
            _book.Set(recalled, holder, holder);
            _book.Set(returned, holder, waiting);
        }
        _book.Set(returned, null, returned.Owner == holder ? null : returned.Owner);
        _dealer.Exchange(returned, holder);
    }

    /// <summary>What is to be done now; each decision is taken as done.</summary>
    public IReadOnlyList<PoolDecision> Balance()
    {
        if (!_book.IsChanged && !_decisions.HasAny && _new.Count == 0 && !_claims.HasArrived)
            return [];
        _claims.Settle();
        foreach (var slot in _book.Index.Due.Select(number => _book.Slots[number]).ToArray())
        {
            var share = slot.Owner!;
            _decisions.Grant(slot, share);
            _dealer.Trim(share);
        }
        _dealer.Deal();
        foreach (var slot in _new.Select(_book.Find).Where(slot => slot is { Holder: null, Owner: null }).ToArray())
            _dealer.Offer(slot!);
        _new.Clear();
        _dealer.Deal(); // Who took such a slot may have one now that another waits for.
        _book.IsChanged = false;
        return _decisions.Take();
    }

    private PoolShare? Opened(string experiment) => _book.Shares.GetValueOrDefault(experiment) is { IsOpen: true } share ? share : null;
}
