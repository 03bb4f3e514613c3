using Asha.Core.Scheduling;

namespace Asha.Core.Tests.Scheduling;

/// <summary>A rung as the rules say it, with a list that is sorted anew for every question: what <see cref="Rung"/> is checked against.</summary>
internal sealed class NaiveRung(RungRule rule, int reductionFactor)
{
    private readonly List<(int Trial, double Metric)> _results = [];
    private readonly HashSet<int> _promoted = [];
    private List<(int Trial, double Metric)>? _ranking;

    public int Results => _results.Count;

    /// <summary>Best first; what is not finite comes last.</summary>
    public List<(int Trial, double Metric)> Ranking
        => _ranking ??= [.. _results.OrderBy(result => double.IsFinite(result.Metric) ? 0 : 1)
            .ThenBy(result => double.IsFinite(result.Metric) ? result.Metric + 0.0 : 0).ThenBy(result => result.Trial)];

    public void Insert(int trial, double metric)
    {
        _results.Add((trial, metric));
        _ranking = null;
    }

    public int Candidates(int? population) => rule switch
    {
        RungRule.Top => 0,
        RungRule.Synchronous when _results.Count != population => 0,
        _ => _results.Count / reductionFactor,
    };

    public (int Trial, int Rank, double CutOff)? Head(int? population)
    {
        var ranking = Ranking;
        var candidates = Candidates(population);
        for (var index = 0; index < candidates; index++)
        {
            if (double.IsFinite(ranking[index].Metric) && !_promoted.Contains(ranking[index].Trial))
                return (ranking[index].Trial, index + 1, ranking[candidates - 1].Metric);
        }
        return null;
    }

    public void Promote(int trial) => Assert.True(_promoted.Add(trial));

    public bool IsPromoted(int trial) => _promoted.Contains(trial);

    /// <summary>Who can never be promoted, however many results come: not finite, or behind the last place that there can be (the best of all excepted).</summary>
    public IEnumerable<int> Hopeless(int? population)
    {
        var places = rule == RungRule.Top ? 1 : population is { } bound ? Math.Max(1, bound / reductionFactor) : int.MaxValue;
        return Ranking.Where((result, index) => !_promoted.Contains(result.Trial) && (!double.IsFinite(result.Metric) || index >= places)).Select(result => result.Trial);
    }
}
