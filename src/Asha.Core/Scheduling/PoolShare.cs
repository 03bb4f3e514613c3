namespace Asha.Core.Scheduling;

/// <summary>What the pool knows of one experiment.</summary>
internal sealed class PoolShare(string experiment)
{
    public string Experiment { get; } = experiment;

    /// <summary>One that is not open yet is known by jobs of its own that run: their slots are kept for it.</summary>
    public bool IsOpen { get; set; }

    public ShareTerms Terms { get; set; } = new();
    public SlotDemand Demand { get; set; } = SlotDemand.None;

    /// <summary>Whether it would take another slot. One that would has nothing parked.</summary>
    public bool Wants { get; set; }

    /// <summary>Slots that it holds, or that are kept for it, or both.</summary>
    public SortedSet<int> Slots { get; } = [];

    /// <summary>How many of them it holds.</summary>
    public int Held { get; private set; }

    /// <summary>How many of them count for it: those that it holds and that were not recalled, and those that are kept for it.</summary>
    public int Owned { get; private set; }

    /// <summary>Slots that it says it holds, and whose node has yet to announce itself.</summary>
    public SortedSet<int> Awaited { get; } = [];

    /// <summary>The slots that it holds and may keep, by their kind.</summary>
    public Dictionary<SlotKind, SortedSet<int>> Kept { get; } = [];

    /// <summary>How many these are.</summary>
    public int KeptSlots { get; set; }

    /// <summary>Those of them that it has nothing for.</summary>
    public SortedSet<int> Parked { get; } = [];

    /// <summary>Slots that it is to return, and that nobody waits for.</summary>
    public SortedSet<int> Coming { get; } = [];

    /// <summary>The kinds of slot that meet its demand, of those that are there.</summary>
    public List<SlotKind> Fitting { get; } = [];

    /// <summary>Slots that it does not take, whatever they have: their nodes cannot run what it starts there.</summary>
    public IReadOnlySet<int> Shunned { get; set; } = new HashSet<int>();

    /// <summary>What its share is measured by.</summary>
    public int Counted => Owned + Awaited.Count;

    /// <summary>Whether one more would be within its limit. What was recalled and is not returned yet still runs, and so counts here.</summary>
    public bool HasRoom => Terms.MaxConcurrent is not { } most || Slots.Count + Awaited.Count < most;

    public bool IsOverLimit => Slots.Count + Awaited.Count > Terms.MaxConcurrent;

    /// <summary>What it can do without first: a slot that it has nothing for, else the one with the highest number.</summary>
    public int? LastToGive => Parked.Count > 0 ? Parked.Max : Kept.Values.Max(kept => kept.Count > 0 ? (int?)kept.Max : null);

    /// <summary>A slot comes to it or leaves it. The number is among its slots as long as it holds or owns it.</summary>
    public void Count(int number, int held = 0, int owned = 0)
    {
        (Held, Owned) = (Held + held, Owned + owned);
        if (held + owned > 0)
            Slots.Add(number);
        else
            Slots.Remove(number);
    }

    /// <summary>Whether it would take the slot.</summary>
    public bool Fits(PoolSlot slot) => Fitting.Contains(slot.Kind) && !Shunned.Contains(slot.Number);

    /// <summary>The slot with the lowest number of these that it does not shun.</summary>
    public int? Lowest(SortedSet<int> numbers) => numbers.Count == 0 ? null : !Shunned.Contains(numbers.Min) ? numbers.Min : numbers.Where(number => !Shunned.Contains(number)).Select(number => (int?)number).FirstOrDefault();

    /// <summary>A slot that it may keep, and that another would take: one with few GPUs, and of these the one with the highest number.</summary>
    public int? LastKept(PoolShare needy)
    {
        (int Gpus, int Number)? best = null;
        foreach (var kind in needy.Fitting)
        {
            if (Kept.TryGetValue(kind, out var kept) && needy.Highest(kept) is { } last && (best is not var (gpus, number) || kind.Gpus < gpus || (kind.Gpus == gpus && last > number)))
                best = (kind.Gpus, last);
        }
        return best?.Number;
    }

    private int? Highest(SortedSet<int> numbers) => numbers.Count == 0 ? null : !Shunned.Contains(numbers.Max) ? numbers.Max : numbers.Reverse().Where(number => !Shunned.Contains(number)).Select(number => (int?)number).FirstOrDefault();
}
