namespace Asha.Core.Scheduling;

/// <summary>What the pool knows of one slot.</summary>
internal sealed class PoolSlot(int number, SlotKind kind)
{
    public int Number { get; } = number;
    public SlotKind Kind { get; } = kind;

    /// <summary>Who gives it jobs.</summary>
    public PoolShare? Holder
    {
        get;
        set
        {
            if (field != value)
                Holding++;
            field = value;
        }
    }

    /// <summary>Its newest grant, 0 before the first.</summary>
    public long Grant { get; set; }

    /// <summary>How often the holder has changed: what was decided before is no longer to be said.</summary>
    public int Holding { get; private set; }

    /// <summary>Whom it counts for: the holder; once recalled, the experiment that it was recalled for, if there is one; or whom it is kept for until that takes it.</summary>
    public PoolShare? Owner { get; set; }

    /// <summary>Its node leaves: it is given to nobody any more, and is gone as soon as nobody holds it.</summary>
    public bool Leaves { get; set; }

    public bool IsParked { get; set; }
}

/// <summary>All slots that have the same. Which slot fits whom is asked of kinds, of which there are few, and not of slots.</summary>
internal sealed class SlotKind(SlotCapacity capacity)
{
    public SlotCapacity Capacity { get; } = capacity;

    public int Gpus => Capacity.Gpus;

    /// <summary>How many there are.</summary>
    public int Count { get; set; }

    /// <summary>How many of them leave.</summary>
    public int Leaving { get; set; }

    /// <summary>Those that nobody holds and that are kept for nobody.</summary>
    public SortedSet<int> Free { get; } = [];

    /// <summary>Those whose holder has nothing for them.</summary>
    public SortedSet<int> Parked { get; } = [];

    /// <summary>Those that were recalled for nobody: whoever comes first may wait for them.</summary>
    public SortedSet<int> Coming { get; } = [];
}
