namespace Asha.Core.Scheduling;

/// <summary>What the pool wants done with a slot.</summary>
public enum PoolAction
{
    /// <summary>The experiment holds the slot from now on; of one that it holds already, the grant is renewed. If it is still recalled, that is said again.</summary>
    Grant,
    /// <summary>The experiment is to give the slot back as soon as it is idle, or another one that serves as well (<see cref="PoolDecision.For"/>).</summary>
    Recall,
    /// <summary>A recall is taken back: if the experiment still has the slot, it need not return it. If it has returned it by now, or another slot for it, nothing happens.</summary>
    Keep,
    /// <summary>The experiment takes the slot for its own, and it is not.</summary>
    Lost,
}

/// <summary>A decision of the pool.</summary>
public readonly record struct PoolDecision(PoolAction Action, string Experiment, int Slot)
{
    /// <summary>
    /// Of a grant: its fencing token, epoch · 2³² + a counter. Each is higher than all before, of whatever slot; so of two who think that a slot is theirs, the one with the
    /// higher grant is right. 0 for the other actions.
    /// </summary>
    public long Grant { get; init; }

    /// <summary>
    /// Of a recall: what whoever gets the slot demands. The experiment may return any slot of its own that meets it, and keeps this one for it: so whoever waits gets
    /// one at the first job's end, and not at that of one certain job. <c>null</c>: this slot and no other, since its node leaves.
    /// </summary>
    public SlotDemand? For { get; init; }
}
