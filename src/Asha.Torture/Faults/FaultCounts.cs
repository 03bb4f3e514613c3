namespace Asha.Torture.Faults;

/// <summary>How often a fault was done to the engine, and how often it showed in what the engine did.</summary>
public sealed class FaultCounts
{
    /// <summary>How many kinds there are.</summary>
    public static readonly int Kinds = Enum.GetValues<Fault>().Length;

    private readonly long[] _injected = new long[Kinds], _took = new long[Kinds];

    public long Injected(Fault kind) => _injected[(int)kind];

    /// <summary>Those that took effect.</summary>
    public long Took(Fault kind) => _took[(int)kind];

    public long AllInjected => _injected.Sum();

    public void Inject(Fault kind, long times = 1) => _injected[(int)kind] += times;

    public void Take(Fault kind, long times = 1) => _took[(int)kind] += times;

    public void Add(FaultCounts other)
    {
        for (var kind = 0; kind < Kinds; kind++)
        {
            _injected[kind] += other._injected[kind];
            _took[kind] += other._took[kind];
        }
    }
}
