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
public sealed class SlotPool
{
    private sealed class Slot(string node)
    {
        public string Node { get; } = node;

        /// <summary>Who gives it jobs.</summary>
        public string? Holder { get; set; }

        /// <summary>Whose share it counts in: the holder's, or, once recalled, that of the experiment it was recalled for.</summary>
        public string? Owner { get; set; }

        public bool Parked { get; set; }
    }

    private sealed class Share(int weight)
    {
        public int Weight { get; } = weight;
        public bool Wants { get; set; } = true;
        public int Owned { get; set; }
    }

    private readonly SortedDictionary<int, Slot> _slots = [];
    private readonly SortedDictionary<string, Share> _experiments = new(StringComparer.Ordinal);
    private int _next;

    /// <summary>Adds a node's slots and returns the number of the first; the others follow it.</summary>
    public int Join(string node, int slots)
    {
        var first = _next;
        for (; _next < first + slots; _next++)
            _slots[_next] = new Slot(node);
        return first;
    }

    /// <summary>Removes a node's slots; returns them by the experiment that held them.</summary>
    public IReadOnlyDictionary<string, List<int>> Lose(string node)
    {
        var lost = new SortedDictionary<string, List<int>>(StringComparer.Ordinal);
        foreach (var (number, slot) in _slots.Where(entry => entry.Value.Node == node).ToArray())
        {
            if (slot.Holder is { } holder)
                (lost.TryGetValue(holder, out var numbers) ? numbers : lost[holder] = []).Add(number);
            Own(slot, null);
            _slots.Remove(number);
        }
        return lost;
    }

    /// <summary>Adds an experiment, which wants slots. Its share is in proportion to its weight ≥ 1.</summary>
    public void Open(string experiment, int weight) => _experiments[experiment] = new Share(weight);

    /// <summary>Removes an experiment; its slots are free.</summary>
    public void Close(string experiment)
    {
        foreach (var slot in _slots.Values)
        {
            if (slot.Holder == experiment)
                (slot.Holder, slot.Parked) = (null, false);
            if (slot.Owner == experiment)
                Own(slot, slot.Holder);
        }
        _experiments.Remove(experiment);
    }

    /// <summary>The experiment has nothing for the slot, and so wants no other.</summary>
    public void Park(string experiment, int slot)
    {
        if (!Holds(experiment, slot))
            return;
        _slots[slot].Parked = true;
        _experiments[experiment].Wants = false;
    }

    /// <summary>The experiment has a job for the parked slot again.</summary>
    public void Use(string experiment, int slot)
    {
        if (Holds(experiment, slot))
            _slots[slot].Parked = false;
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
        if (!Holds(experiment, slot))
            return;
        var returned = _slots[slot];
        (returned.Holder, returned.Parked) = (null, false);
        if (returned.Owner == experiment)
            Own(returned, null);
    }

    /// <summary>What is to be done now; each decision is taken as done.</summary>
    public IReadOnlyList<PoolDecision> Balance()
    {
        var decisions = new List<PoolDecision>();
        foreach (var (number, slot) in _slots.Where(entry => entry.Value is { Holder: null, Owner: not null }))
        {
            slot.Holder = slot.Owner;
            decisions.Add(new(PoolAction.Grant, slot.Owner!, number));
        }
        while (Wanting().Any(needy => Serve(needy.Key, needy.Value, decisions)))
        {
        }
        return decisions;
    }

    /// <summary>Finds one slot for an experiment: a free one, or one to recall.</summary>
    private bool Serve(string needy, Share share, List<PoolDecision> decisions)
    {
        if (_slots.FirstOrDefault(entry => entry.Value.Holder is null) is { Value: { } free } found)
        {
            free.Holder = needy;
            Own(free, needy);
            decisions.Add(new(PoolAction.Grant, needy, found.Key));
            return true;
        }
        if (ToRecall(needy, share) is { Value: { } taken } recalled)
        {
            Own(taken, needy);
            decisions.Add(new(PoolAction.Recall, taken.Holder!, recalled.Key));
            return true;
        }
        return false;
    }

    private bool Holds(string experiment, int slot) => _slots.TryGetValue(slot, out var held) && held.Holder == experiment;

    private void Own(Slot slot, string? owner)
    {
        if (slot.Owner is { } before)
            _experiments[before].Owned--;
        if (owner is not null)
            _experiments[owner].Owned++;
        slot.Owner = owner;
    }

    /// <summary>Those that would take another slot, the one with the fewest for its weight first; where nothing is to be had for it, there may be for the next.</summary>
    private KeyValuePair<string, Share>[] Wanting()
        => _experiments.Where(entry => entry.Value.Wants).OrderBy(entry => entry.Value.Owned / (double)entry.Value.Weight).ToArray();

    /// <summary>
    /// A parked slot of another experiment; otherwise one of an experiment that would still hold as much for its weight without it. Whatever the weights, who has
    /// none gets one from somebody who has several: else a light experiment would wait for the end of a heavy one.
    /// </summary>
    private KeyValuePair<int, Slot> ToRecall(string needy, Share share)
    {
        var others = _slots.Where(entry => entry.Value.Holder != needy && entry.Value.Owner == entry.Value.Holder);
        var parked = others.FirstOrDefault(entry => entry.Value.Parked);
        return parked.Value is not null ? parked : others.LastOrDefault(entry =>
        {
            var holder = _experiments[entry.Value.Holder!];
            return holder.Owned > 1 && (share.Owned == 0 || (holder.Owned - 1L) * share.Weight >= (share.Owned + 1L) * holder.Weight);
        });
    }
}
