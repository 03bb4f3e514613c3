using Asha.Core.Experiments;

namespace Asha.Core.Scheduling;

/// <summary>When a rung promotes.</summary>
public enum RungRule
{
    /// <summary>ASHA: at any time the ⌊m/η⌋ best of the m results so far.</summary>
    Asynchronous,
    /// <summary>SHA: the ⌊n/η⌋ best once all n trials of the rung have their result.</summary>
    Synchronous,
    /// <summary>At once, or never: a trial whose result is among the max(1, ⌊m/η⌋) best of the m results, its own included. For trials that cannot be resumed.</summary>
    Stopping,
    /// <summary>The last rung promotes none.</summary>
    Top,
}

/// <summary>The best result that its rung would promote now.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Metric">Its metric, turned so that smaller is better.</param>
/// <param name="Rank">Its rank among the results so far, from 1.</param>
/// <param name="Results">m, the results so far, those that are not finite included.</param>
/// <param name="Candidates">How many of the best may be promoted now.</param>
/// <param name="CutOff">The metric of the last of these, turned likewise.</param>
public sealed record RungHead(int Trial, double Metric, int Rank, int Results, int Candidates, double CutOff);

/// <summary>Where a result stands in its rung at a moment: for people who ask; it decides nothing.</summary>
/// <param name="Rank">Its rank among the results so far, from 1; those that are not finite are the last.</param>
/// <param name="Results">m, the results so far, those that are not finite included.</param>
/// <param name="Candidates">How many of the best may be promoted now: of SHA 0 until the barrier, of the top rung always.</param>
/// <param name="CutOff">As <see cref="Rung.CutOff"/>; <c>null</c> in the top rung.</param>
public readonly record struct RungPlace(int Rank, int Results, int Candidates, double? CutOff);

/// <summary>
/// The results of one rung, ranked, and the one rule of promotion. Everything takes O(log n). Source: Li et al., A System for Massively
/// Parallel Hyperparameter Tuning, arXiv 1810.05934, algorithms 1 and 2; failed, tied and diverged trials as docs/semantics.md says.
/// </summary>
/// <param name="rule">When it promotes.</param>
/// <param name="reductionFactor">η ≥ 2.</param>
public sealed class Rung(RungRule rule, int reductionFactor)
{
    private readonly RankedResults _results = new();

    /// <summary>Under <see cref="RungRule.Stopping"/>, the newest result where its trial goes on.</summary>
    private RungHead? _goesOn;

    /// <summary>The rule of one rung of an experiment.</summary>
    /// <param name="scheduler">The experiment's.</param>
    /// <param name="rung">From 0.</param>
    /// <param name="rungs">How many there are.</param>
    public static RungRule RuleOf(SchedulerSpec scheduler, int rung, int rungs) => (rung == rungs - 1, scheduler.Type) switch
    {
        (true, _) => RungRule.Top,
        (_, SchedulerType.Sha) => RungRule.Synchronous,
        (_, SchedulerType.Stopping) => RungRule.Stopping,
        _ => RungRule.Asynchronous,
    };

    /// <summary>m, the results so far, those that are not finite included.</summary>
    public int Results => _results.Count;

    /// <summary>The metric of the last of the best ⌊m/η⌋ results (of at least one under <see cref="RungRule.Stopping"/>), turned so that smaller is better, whether it was promoted or not; <c>null</c> where there is none, or it is not finite.</summary>
    public double? CutOff => Places is > 0 and var places && _results.At(places) is { Standing: not Standing.NotFinite } last ? last.Metric : null;

    /// <summary>
    /// Adds a result. All results that are better than the best open one are promoted, so that one is the only trial to look at: it is promotable
    /// when its rank is among the candidates.
    /// </summary>
    /// <param name="trial">Its trial, which must have no result in this rung yet.</param>
    /// <param name="metric">Turned so that smaller is better; NaN and infinities rank last and are never promoted.</param>
    /// <param name="population">How many results the rung can have in the end: SHA's n exactly, for ASHA an upper bound, <c>null</c> without limit.</param>
    /// <param name="released">Receives the trials that this rung can never promote any more.</param>
    public void Insert(int trial, double metric, int? population, ICollection<int> released)
    {
        var finite = double.IsFinite(metric);
        var rank = _results.Insert(Entry(trial, metric));
        if (rule == RungRule.Stopping)
            GoOnOrEnd(trial, metric, rank, finite, released);
        else
            Release(trial, rank, finite, population, released);
    }

    /// <summary>Whoever does not go on now has ended.</summary>
    private void GoOnOrEnd(int trial, double metric, int rank, bool finite, ICollection<int> released)
    {
        _goesOn = finite && rank <= Places ? new RungHead(trial, metric, rank, Results, Places, _results.At(Places).Metric) : null;
        if (_goesOn is null)
            released.Add(trial);
    }

    /// <summary>The trial to promote now, or <c>null</c>.</summary>
    /// <param name="population">As for <see cref="Insert"/>.</param>
    public RungHead? Head(int? population)
    {
        if (rule == RungRule.Stopping)
            return _goesOn;
        var candidates = Candidates(population);
        if (candidates == 0)
            return null;
        var (first, rank) = _results.FirstOpen();
        return rank == 0 || rank > candidates
            ? null
            : new RungHead(first.Trial, first.Metric, rank, Results, candidates, _results.At(candidates).Metric);
    }

    /// <summary>Promotes the head.</summary>
    /// <param name="population">As for <see cref="Insert"/>.</param>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public RungHead Promote(int? population)
    {
        var head = Head(population) ?? throw new InvalidOperationException("The rung has no trial to promote.");
        _results.Promote(head.Rank);
        _goesOn = null;
        return head;
    }

    /// <summary>Takes the results that a rung had, in any order, and whom it had promoted. The rung must be new.</summary>
    /// <param name="results">The trials, their turned metrics, and whether they were promoted.</param>
    /// <param name="population">As for <see cref="Insert"/>.</param>
    /// <param name="released">Receives the trials that this rung can never promote any more.</param>
    public void Restore(IReadOnlyList<(int Trial, double Metric, bool Promoted)> results, int? population, ICollection<int> released)
    {
        foreach (var (trial, metric, _) in results)
            _results.Insert(Entry(trial, metric));
        foreach (var (trial, metric, _) in results.Where(result => result.Promoted))
            _results.Promote(_results.RankOf(Entry(trial, metric)));
        var places = MostPlaces(population);
        for (var rank = 1; rank <= Results; rank++)
        {
            if (_results.At(rank) is { Standing: not Standing.Promoted } result && (result.Standing == Standing.NotFinite || rank > places))
                released.Add(result.Trial);
        }
    }

    /// <summary>Where a result stands now.</summary>
    /// <param name="trial">A trial that has a result in this rung.</param>
    /// <param name="metric">Its metric, as it was inserted.</param>
    /// <param name="population">As for <see cref="Insert"/>.</param>
    public RungPlace PlaceOf(int trial, double metric, int? population)
        => new(_results.RankOf(Entry(trial, metric)), Results, Candidates(population), rule == RungRule.Top ? null : CutOff);

    /// <summary>Every trial with its turned metric, best first: for people and checks; O(n log n).</summary>
    public IEnumerable<(int Trial, double Metric, bool Promoted)> Ranking()
    {
        for (var rank = 1; rank <= Results; rank++)
        {
            var result = _results.At(rank);
            yield return (result.Trial, result.Standing == Standing.NotFinite ? double.NaN : result.Metric, result.Standing == Standing.Promoted);
        }
    }

    private static RankedResult Entry(int trial, double metric) => double.IsFinite(metric)
        ? new RankedResult(metric, trial, Standing.Open)
        : new RankedResult(double.PositiveInfinity, trial, Standing.NotFinite);

    private int Places => rule == RungRule.Stopping ? Math.Max(Math.Min(1, Results), Results / reductionFactor) : Results / reductionFactor;

    private int Candidates(int? population) => rule switch
    {
        RungRule.Asynchronous or RungRule.Stopping => Places,
        RungRule.Synchronous when Results == population => Places,
        _ => 0,
    };

    /// <summary>The rank beyond which nobody is promoted any more, whatever comes; under <see cref="RungRule.Stopping"/> nobody at all, once it has not gone on.</summary>
    private int MostPlaces(int? population) => rule switch
    {
        RungRule.Top => 1,
        RungRule.Stopping => 0,
        _ => population is { } bound ? Math.Max(bound / reductionFactor, 1) : int.MaxValue,
    };

    /// <summary>
    /// Ranks only get worse, so a trial beyond the most candidates that there can ever be is never promoted; each result pushes out at most one,
    /// itself or the one behind the last place. The best of all is kept, since it may be the answer. A promoted trial is the next rung's to release.
    /// </summary>
    private void Release(int trial, int rank, bool finite, int? population, ICollection<int> released)
    {
        var places = MostPlaces(population);
        if (!finite || rank > places)
            released.Add(trial);
        else if (Results > places && _results.At(places + 1) is { Standing: Standing.Open } pushedOut)
            released.Add(pushedOut.Trial);
    }
}
