namespace Asha.Torture.Invariants.Books;

/// <summary>The results of one rung in a plain sorted list, turned so that smaller is better; ties by trial. It knows nothing of rules.</summary>
internal sealed class SortedRung
{
    private readonly List<(double Metric, int Trial)> _finite = [];
    private readonly SortedSet<(double Metric, int Trial)> _open = [];
    private readonly Dictionary<int, double> _metrics = [];
    private readonly HashSet<int> _promoted = [];

    /// <summary>m: all results, those that are not finite included.</summary>
    public int Count => _metrics.Count;

    public int Promoted => _promoted.Count;

    /// <summary>The trial whose result came last.</summary>
    public int Last { get; private set; } = -1;

    /// <summary>The best result of those that are finite and have not gone up.</summary>
    public int? BestOpen => _open.Count > 0 ? _open.Min.Trial : null;

    /// <summary>Every trial with its metric, in no order that matters.</summary>
    public IReadOnlyDictionary<int, double> Metrics => _metrics;

    public bool Has(int trial) => _metrics.ContainsKey(trial);

    public bool HasPromoted(int trial) => _promoted.Contains(trial);

    public void Add(int trial, double metric)
    {
        _metrics.Add(trial, metric);
        Last = trial;
        if (!double.IsFinite(metric))
            return;
        _finite.Insert(~_finite.BinarySearch((metric, trial)), (metric, trial));
        _open.Add((metric, trial));
    }

    public void Promote(int trial)
    {
        _promoted.Add(trial);
        _open.Remove((_metrics[trial], trial));
    }

    /// <summary>From 1; <c>null</c>: it has no finite result.</summary>
    public int? RankOf(int trial) => _metrics.TryGetValue(trial, out var metric) && double.IsFinite(metric) ? _finite.BinarySearch((metric, trial)) + 1 : null;

    /// <summary>The metric of a rank, from 1; <c>null</c>: that result is not finite.</summary>
    public double? MetricAt(int rank) => rank <= _finite.Count ? _finite[rank - 1].Metric : null;
}
