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
}

/// <summary>The slots of an experiment: what each does, how many do what, and which idle one comes next.</summary>
public sealed class SlotTable
{
    private readonly SortedDictionary<int, SlotPhase> _phases = [];
    private readonly SortedSet<int> _idle = [];
    private readonly SortedSet<int> _undecided = [];
    private readonly Dictionary<int, int> _running = [];
    private readonly int[] _counts = new int[4];

    /// <summary>Slots that are present, lost ones included.</summary>
    public int Present => _phases.Count;

    /// <summary>Every slot, lowest number first.</summary>
    public IEnumerable<KeyValuePair<int, SlotPhase>> All => _phases;

    /// <summary>The lowest idle slot, or <c>null</c>.</summary>
    public int? FirstIdle => _idle.Count == 0 ? null : _idle.Min;

    /// <summary>The slots that nobody has looked at yet, lowest first.</summary>
    public IReadOnlyCollection<int> Undecided => _undecided;

    /// <summary>The trial that the slot runs, or <c>null</c>.</summary>
    public int? TrialOn(int slot) => _running.TryGetValue(slot, out var trial) ? trial : null;

    public int Count(SlotPhase phase) => _counts[(int)phase];

    public bool Contains(int slot) => _phases.ContainsKey(slot);

    public SlotPhase PhaseOf(int slot) => _phases[slot];

    internal void Run(int slot, int trial)
    {
        Set(slot, SlotPhase.Busy);
        _running[slot] = trial;
    }

    internal void Set(int slot, SlotPhase phase)
    {
        _running.Remove(slot);
        if (_phases.TryGetValue(slot, out var before))
            _counts[(int)before]--;
        _phases[slot] = phase;
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
        if (_phases.Remove(slot, out var before))
            _counts[(int)before]--;
        _idle.Remove(slot);
        _undecided.Remove(slot);
        _running.Remove(slot);
    }
}
