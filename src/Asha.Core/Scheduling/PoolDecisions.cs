namespace Asha.Core.Scheduling;

/// <summary>What was decided and is not told yet. Each decision is taken as done at once.</summary>
internal sealed class PoolDecisions(SlotBook book, int epoch)
{
    private uint _grants;
    private readonly List<(PoolDecision Decision, PoolSlot? Slot, int Holding)> _decided = [];

    public bool HasAny => _decided.Count > 0;

    /// <summary>All decisions so far, which are taken as done. What has been overtaken since, as the slot was returned or lost, is not said.</summary>
    public IReadOnlyList<PoolDecision> Take()
    {
        if (_decided.Count == 0)
            return [];
        PoolDecision[] taken = [.. _decided.Where(decided => decided.Slot is null || decided.Slot.Holding == decided.Holding).Select(decided => decided.Decision)];
        _decided.Clear();
        return taken;
    }

    /// <summary>The experiment holds the slot from now on. One of a node that leaves is kept only for the job that runs there.</summary>
    public void Grant(PoolSlot slot, PoolShare share)
    {
        book.Set(slot, share, share);
        Renew(slot, share);
        if (!slot.Leaves)
            return;
        book.Set(slot, share, null);
        Recall(slot);
    }

    /// <summary>Tells the holder once more that it holds the slot, with a grant that is higher than all before.</summary>
    public void Renew(PoolSlot slot, PoolShare share)
    {
        // After 2³² grants of one epoch it ends with an error, and the next supervisor has a new epoch: a grant never falls.
        slot.Grant = ((long)epoch << 32) | checked(++_grants);
        Decide(new(PoolAction.Grant, share.Experiment, slot.Number) { Grant = slot.Grant }, slot);
    }

    /// <summary>Nobody waits any more for a slot that was recalled: its holder keeps it, unless that has too many.</summary>
    public void Release(PoolSlot slot)
    {
        if (slot.Holder is { IsOverLimit: false } holder && !slot.Leaves)
            Keep(slot, holder);
        else
            book.Set(slot, slot.Holder, null);
    }

    /// <summary>The holder need not return the slot.</summary>
    public void Keep(PoolSlot slot, PoolShare holder)
    {
        book.Set(slot, holder, holder);
        Decide(new(PoolAction.Keep, holder.Experiment, slot.Number), slot);
    }

    /// <summary>Tells the holder that the slot is wanted back.</summary>
    public void Recall(PoolSlot slot)
        => Decide(new(PoolAction.Recall, slot.Holder!.Experiment, slot.Number) { For = slot.Leaves ? null : slot.Owner?.Demand ?? SlotDemand.None }, slot);

    /// <summary>Tells an experiment that a slot is not its own.</summary>
    public void Deny(PoolShare share, int number) => Decide(new(PoolAction.Lost, share.Experiment, number), null);

    private void Decide(PoolDecision decision, PoolSlot? slot) => _decided.Add((decision, slot, slot?.Holding ?? 0));
}
