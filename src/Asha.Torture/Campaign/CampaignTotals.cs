using Asha.Torture.Faults;
using Asha.Torture.World;

namespace Asha.Torture.Campaign;

/// <summary>What came of many cases.</summary>
public sealed class CampaignTotals
{
    private readonly Dictionary<string, long> _evaluated = [];
    private readonly Dictionary<string, long> _outcomes = [];
    private readonly HashSet<string> _transitions = [];
    private readonly List<TortureResult> _broken = [];

    public FaultCounts Faults { get; } = new();

    public long Seeds { get; private set; }

    public long Events { get; private set; }

    public long FewestEvents { get; private set; } = long.MaxValue;

    public long Messages { get; private set; }

    public long Foreign { get; private set; }

    /// <summary>Of all seeds, in their order: the same in each process.</summary>
    public ulong Hash { get; private set; }

    /// <summary>By law, how often it was judged.</summary>
    public IReadOnlyDictionary<string, long> Evaluated => _evaluated;

    public IReadOnlyDictionary<string, long> Outcomes => _outcomes;

    /// <summary>Cases in which a law was broken, lowest seed first.</summary>
    public IReadOnlyList<TortureResult> Broken => _broken;

    /// <summary>Transitions that no seed has reached.</summary>
    public IReadOnlyList<string> Unreached => [.. Transitions.All.Where(one => !_transitions.Contains(one))];

    /// <summary>Transitions that were not expected.</summary>
    public IReadOnlyList<string> Unexpected => [.. _transitions.Except(Transitions.All).Order(StringComparer.Ordinal)];

    /// <summary>Kinds that were done to the engine and never showed.</summary>
    public IReadOnlyList<Fault> WithoutEffect => [.. Enum.GetValues<Fault>().Where(kind => Faults.Took(kind) == 0)];

    /// <summary>Results are added in the order of their seeds.</summary>
    public void Add(TortureResult result)
    {
        Seeds++;
        Events += result.Events;
        FewestEvents = Math.Min(FewestEvents, result.Events);
        Messages += result.Messages;
        Foreign += result.Foreign;
        Hash = (Hash ^ result.Hash) * 0x9E3779B97F4A7C15UL;
        Faults.Add(result.Faults);
        _transitions.UnionWith(result.Transitions);
        foreach (var outcome in result.Outcomes)
            _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + 1;
        foreach (var (law, times) in result.Evaluated)
            _evaluated[law] = _evaluated.GetValueOrDefault(law) + times;
        if (result.Broken is not null)
            _broken.Add(result);
    }
}
