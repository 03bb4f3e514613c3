namespace Asha.Core.Scheduling;

/// <summary>What the pool wants done with a slot.</summary>
public enum PoolAction
{
    /// <summary>The experiment holds the slot from now on.</summary>
    Grant,
    /// <summary>The experiment is to give the slot back as soon as it is idle.</summary>
    Recall,
}

/// <summary>A decision of the pool.</summary>
public readonly record struct PoolDecision(PoolAction Action, string Experiment, int Slot);

/// <summary>
/// Who holds which slot. An experiment holds a slot from grant to return and gives it job after job itself; the pool moves slots between experiments:
/// free ones to the experiment that wants them and holds the least for its weight, parked ones away from those that have nothing for them, and, where one
/// holds more than its share, one by one as they fall idle.
/// </summary>
/// <remarks>O(log slots) for what one experiment does with a slot, and O(experiments) for a decision.</remarks>
public sealed class SlotPool
{
    private sealed class Slot
    {
        /// <summary>Who gives it jobs.</summary>
        public Share? Holder { get; set; }

        /// <summary>Whom it counts for: the holder, or, once recalled, the experiment that it was recalled for.</summary>
        public Share? Owner { get; set; }

        /// <summary>Its node leaves: it is given to nobody any more, and is gone as soon as nobody holds it.</summary>
        public bool Leaves { get; set; }
    }

    private sealed class Share(string experiment, int weight)
    {
        public string Experiment { get; } = experiment;
        public int Weight { get; } = weight;
        public bool Wants { get; set; } = true;
        public int Owned { get; set; }

        /// <summary>The slots that it holds and may keep.</summary>
        public SortedSet<int> Kept { get; } = [];

        /// <summary>Those of them that it has nothing for.</summary>
        public SortedSet<int> Parked { get; } = [];
    }

    private readonly SortedDictionary<int, Slot> _slots = [];
    private readonly SortedDictionary<string, Share> _experiments = new(StringComparer.Ordinal);
    private readonly SortedSet<int> _free = [];
    private readonly SortedSet<int> _recalled = [];
    private int _next;
    private int _offered;

    /// <summary>Adds a node's slots and returns the number of the first; the others follow it. No number is given twice.</summary>
    public int Join(int slots)
    {
        var first = _next;
        for (; _next < first + slots; _next++)
        {
            _slots[_next] = new Slot();
            _free.Add(_next);
        }
        return first;
    }

    /// <summary>Removes slots, as <see cref="Join"/> numbered them, as far as they are there; returns them by the experiment that held them.</summary>
    public IReadOnlyDictionary<string, List<int>> Lose(int first, int slots)
    {
        var lost = new SortedDictionary<string, List<int>>(StringComparer.Ordinal);
        for (var number = first; number < first + slots; number++)
        {
            if (!_slots.TryGetValue(number, out var slot))
                continue; // It was retired.
            if (slot.Holder is { } holder)
                (lost.TryGetValue(holder.Experiment, out var numbers) ? numbers : lost[holder.Experiment] = []).Add(number);
            Hold(number, slot, null);
            Own(slot, null);
            Remove(number);
        }
        return lost;
    }

    /// <summary>Takes slots out of service, as far as they are there: each is gone as soon as nobody holds it, and whoever does is to return it.</summary>
    public void Withdraw(int first, int slots)
    {
        for (var number = first; number < first + slots; number++)
        {
            if (!_slots.TryGetValue(number, out var slot) || slot.Leaves)
                continue;
            slot.Leaves = true;
            Own(slot, null);
            if (slot.Holder is not { } holder)
            {
                Remove(number);
                continue;
            }
            holder.Kept.Remove(number);
            holder.Parked.Remove(number);
            _recalled.Add(number);
        }
    }

    /// <summary>Whether any of these slots is still there.</summary>
    public bool HasAny(int first, int slots) => Enumerable.Range(first, slots).Any(_slots.ContainsKey);

    /// <summary>Adds an experiment, which wants slots. Its share is in proportion to its weight ≥ 1.</summary>
    public void Open(string experiment, int weight) => _experiments[experiment] = new Share(experiment, weight);

    /// <summary>Removes an experiment; its slots are free.</summary>
    public void Close(string experiment)
    {
        if (!_experiments.Remove(experiment, out var share))
            return;
        foreach (var (number, slot) in _slots.ToArray())
        {
            if (slot.Holder == share)
                Hold(number, slot, null);
            if (slot.Owner == share)
            {
                // What was recalled for it stays with its holder as long as that has it, and is then free.
                Own(slot, slot.Holder);
                Hold(number, slot, slot.Holder);
            }
        }
    }

    /// <summary>The experiment has nothing for the slot, and so wants no other.</summary>
    public void Park(string experiment, int slot)
    {
        if (Held(experiment, slot) is not { } holder)
            return;
        holder.Wants = false;
        if (holder.Kept.Contains(slot))
            holder.Parked.Add(slot);
    }

    /// <summary>The experiment has a job for the parked slot again.</summary>
    public void Use(string experiment, int slot)
    {
        Held(experiment, slot)?.Parked.Remove(slot);
    }

    /// <summary>The experiment has work and no idle slot: it would take more.</summary>
    public void Want(string experiment)
    {
        if (_experiments.TryGetValue(experiment, out var share))
            share.Wants = true;
    }

    /// <summary>The experiment gave the slot back.</summary>
    public void Return(string experiment, int slot)
    {
        if (Held(experiment, slot) is not { } holder)
            return;
        var returned = _slots[slot];
        Hold(slot, returned, null);
        if (returned.Owner == holder)
            Own(returned, null);
    }

    /// <summary>What is to be done now; each decision is taken as done.</summary>
    public IReadOnlyList<PoolDecision> Balance()
    {
        var decisions = new List<PoolDecision>();
        foreach (var number in _recalled)
            decisions.Add(new(PoolAction.Recall, _slots[number].Holder!.Experiment, number));
        _recalled.Clear();
        foreach (var number in _free.Where(number => _slots[number].Owner is not null).ToArray())
            Grant(number, _slots[number].Owner!, decisions);
        while (Wanting().Any(needy => Serve(needy, decisions)))
        {
        }
        OfferNew(decisions);
        return decisions;
    }

    /// <summary>A new slot that nobody wants goes to whoever holds the least, so that it counts as idle with a cause; whoever wants it later finds it parked.</summary>
    private void OfferNew(List<PoolDecision> decisions)
    {
        if (_offered == _next)
            return;
        foreach (var number in _free.GetViewBetween(_offered, _next).ToArray())
        {
            if (_experiments.Values.MinBy(share => share.Owned / (double)share.Weight) is { } least)
                Grant(number, least, decisions);
        }
        _offered = _next;
    }

    /// <summary>Finds one slot for an experiment: a free one, or one to recall.</summary>
    private bool Serve(Share needy, List<PoolDecision> decisions)
    {
        if (_free.Count > 0)
        {
            Grant(_free.Min, needy, decisions);
            return true;
        }
        if (ToRecall(needy) is not var (number, holder))
            return false;
        holder.Kept.Remove(number);
        holder.Parked.Remove(number);
        Own(_slots[number], needy);
        decisions.Add(new(PoolAction.Recall, holder.Experiment, number));
        return true;
    }

    private void Grant(int number, Share share, List<PoolDecision> decisions)
    {
        Own(_slots[number], share);
        Hold(number, _slots[number], share);
        decisions.Add(new(PoolAction.Grant, share.Experiment, number));
    }

    private Share? Held(string experiment, int slot)
        => _slots.TryGetValue(slot, out var held) && held.Holder?.Experiment == experiment ? held.Holder : null;

    private void Hold(int number, Slot slot, Share? holder)
    {
        slot.Holder?.Kept.Remove(number);
        slot.Holder?.Parked.Remove(number);
        slot.Holder = holder;
        if (holder is null && slot.Leaves)
            Remove(number);
        else if (holder is null)
            _free.Add(number);
        else
            _free.Remove(number);
        if (holder is not null && slot.Owner == holder)
            holder.Kept.Add(number);
    }

    private void Remove(int number)
    {
        _slots.Remove(number);
        _free.Remove(number);
        _recalled.Remove(number);
    }

    private static void Own(Slot slot, Share? owner)
    {
        if (slot.Owner is not null)
            slot.Owner.Owned--;
        if (owner is not null)
            owner.Owned++;
        slot.Owner = owner;
    }

    /// <summary>Those that would take another slot, the one with the fewest for its weight first; where nothing is to be had for it, there may be for the next.</summary>
    private Share[] Wanting()
        => _experiments.Values.Where(share => share.Wants).OrderBy(share => share.Owned / (double)share.Weight).ToArray();

    /// <summary>
    /// A parked slot of another experiment; otherwise one of an experiment that would still hold as much for its weight without it. Whatever the weights, who has
    /// none gets one from somebody who has several: else a light experiment would wait for the end of a heavy one.
    /// </summary>
    private (int Number, Share Holder)? ToRecall(Share needy)
    {
        var others = _experiments.Values.Where(share => share != needy && share.Kept.Count > 0);
        if (others.FirstOrDefault(share => share.Parked.Count > 0) is { } idle)
            return (idle.Parked.Min, idle);
        return others.OrderByDescending(share => share.Owned / (double)share.Weight).FirstOrDefault(share => share.Owned > 1
            && (needy.Owned == 0 || (share.Owned - 1L) * needy.Weight >= (needy.Owned + 1L) * share.Weight)) is { } rich
            ? (rich.Kept.Max, rich)
            : null;
    }
}
