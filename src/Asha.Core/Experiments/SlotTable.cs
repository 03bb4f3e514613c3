namespace Asha.Core.Experiments;

/// <summary>What a slot does.</summary>
public enum SlotPhase
{
    /// <summary>Idle, and nobody has looked for a job for it yet.</summary>
    Undecided,
    /// <summary>Idle, since there was nothing for it.</summary>
    Parked,
    Busy,
    /// <summary>Its node does not answer.</summary>
    Lost,
    /// <summary>Idle, but what came of the attempt that it ran is still on its way.</summary>
    Awaiting,
}

/// <summary>The slots of an experiment: what each does, how many do what, and which idle one comes next.</summary>
public sealed class SlotTable
{
    private readonly Dictionary<int, (SlotPhase Phase, int? Trial)> _slots = [];
    private readonly NumberSet _idle = new();
    private readonly NumberSet _undecided = new();
    private readonly int[] _counts = new int[Enum.GetValues<SlotPhase>().Length];

    /// <summary>Slots that are present, lost ones included.</summary>
    public int Present => _slots.Count;

    /// <summary>Every slot, lowest number first; O(n log n).</summary>
    public IEnumerable<KeyValuePair<int, SlotPhase>> All => _slots.OrderBy(slot => slot.Key).Select(slot => KeyValuePair.Create(slot.Key, slot.Value.Phase));

    /// <summary>The lowest idle slot, or <c>null</c>.</summary>
    public int? FirstIdle => _idle.First;

    /// <summary>The slots that nobody has looked at yet, lowest first.</summary>
    public IReadOnlyList<int> Undecided => _undecided.ToArray();

    /// <summary>The trial that the slot runs, or <c>null</c>.</summary>
    public int? TrialOn(int slot) => _slots.TryGetValue(slot, out var own) ? own.Trial : null;

    public int Count(SlotPhase phase) => _counts[(int)phase];

    /// <summary>Slots with an attempt whose ending is not known yet.</summary>
    public int Engaged => Count(SlotPhase.Busy) + Count(SlotPhase.Awaiting);

    /// <summary>Slots that are idle and wait for a decision.</summary>
    public int Waiting => Count(SlotPhase.Undecided) + Count(SlotPhase.Awaiting);

    public bool Contains(int slot) => _slots.ContainsKey(slot);

    /// <summary>Whether it is there and has nothing to do.</summary>
    public bool IsIdle(int slot) => _idle.Contains(slot);

    public SlotPhase PhaseOf(int slot) => _slots[slot].Phase;

    internal void Run(int slot, int trial) => Set(slot, SlotPhase.Busy, trial);

    internal void Set(int slot, SlotPhase phase, int? trial = null)
    {
        if (_slots.TryGetValue(slot, out var before))
            _counts[(int)before.Phase]--;
        _slots[slot] = (phase, trial);
        _counts[(int)phase]++;
        if (phase is SlotPhase.Undecided or SlotPhase.Parked)
            _idle.Add(slot);
        else
            _idle.Remove(slot);
        if (phase == SlotPhase.Undecided)
            _undecided.Add(slot);
        else
            _undecided.Remove(slot);
    }

    internal void Remove(int slot)
    {
        if (_slots.Remove(slot, out var before))
            _counts[(int)before.Phase]--;
        _idle.Remove(slot);
        _undecided.Remove(slot);
    }
}
