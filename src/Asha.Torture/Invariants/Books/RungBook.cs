using Asha.Core.Experiments;

namespace Asha.Torture.Invariants.Books;

/// <summary>Who has which result in which rung, who went up, and who may: from the events alone, by the rules of docs/semantics.md written once more. It judges nothing.</summary>
internal sealed class RungBook
{
    public sealed class Bracket(int first, int rungs)
    {
        public int First => first;

        public int Sampled { get; set; }

        public SortedRung[] Rungs { get; } = [.. Enumerable.Range(0, rungs).Select(_ => new SortedRung())];

        /// <summary>How many are, or were, on their way to a rung.</summary>
        public int Entered(int rung) => rung == 0 ? Sampled : Rungs[rung - 1].Promoted;
    }

    private readonly SortedSet<(int Bracket, int Rung)> _offering = [];
    private int _rungs;

    public ExperimentSpec Spec { get; private set; } = null!;

    public List<Bracket> Brackets { get; } = [];

    /// <summary>Of each trial, the bracket.</summary>
    public List<int> BracketOf { get; } = [];

    public int? Limit { get; private set; }

    /// <summary>With trials that cannot be resumed: whose result came last, where it is to go on.</summary>
    public (int Trial, int Rung)? GoesOn { get; private set; }

    /// <summary>Rungs that have a trial to promote now, as (bracket, rung).</summary>
    public IReadOnlyCollection<(int Bracket, int Rung)> Offering => _offering;

    public int Top => _rungs - 1;

    public SchedulerType Type => Spec.Scheduler.Type;

    public double Turned(double metric) => Spec.Metric.Mode == MetricMode.Min ? metric : -metric;

    public void Take(ExperimentEvent happened)
    {
        switch (happened)
        {
            case ExperimentStarted started: Start(started.Experiment); break;
            case TrialsLimited limited: Limit = limited.Trials; break;
            case BracketOpened: Brackets.Add(new Bracket(BracketOf.Count, _rungs)); break;
            case TrialSampled sampled:
                BracketOf.Add(sampled.Bracket);
                Brackets[sampled.Bracket].Sampled++;
                break;
            case JobCompleted done: Add(done.Bracket, done.Rung, done.Trial, Turned(done.Metric)); break;
            case AttemptFailed { Last: true } failed: Add(failed.Bracket, failed.Rung, failed.Trial, double.NaN); break;
            case TrialPromoted up:
                Brackets[up.Bracket].Rungs[up.Rung].Promote(up.Trial);
                GoesOn = null;
                Look(up.Bracket, up.Rung);
                break;
        }
    }

    /// <summary>How many of the best may go up now.</summary>
    public int Places(int bracket, int rung)
    {
        var (m, factor) = (Brackets[bracket].Rungs[rung].Count, Spec.Scheduler.ReductionFactor);
        return rung == Top ? 0 : Type switch
        {
            SchedulerType.Sha => IsComplete(bracket, rung) ? m / factor : 0,
            SchedulerType.Stopping => Math.Max(1, m / factor),
            _ => m / factor,
        };
    }

    /// <summary>SHA: every trial of the rung has its result, and no other will come to it.</summary>
    public bool IsComplete(int bracket, int rung)
    {
        var own = Brackets[bracket];
        return own.Rungs[rung].Count == own.Entered(rung)
            && (rung == 0 ? own.Sampled == Size(bracket) : IsComplete(bracket, rung - 1) && !_offering.Contains((bracket, rung - 1)));
    }

    /// <summary>Whether another trial may be sampled for a bracket.</summary>
    public bool MaySample(int bracket) => Type == SchedulerType.Sha ? Brackets[bracket].Sampled < Size(bracket) : BracketOf.Count < (Limit ?? int.MaxValue);

    /// <summary>Whether another bracket may be opened.</summary>
    public bool MayOpen => Spec.Scheduler.Repeat != BracketRepeat.None && BracketOf.Count < (Limit ?? int.MaxValue)
        && (Spec.Scheduler.Repeat == BracketRepeat.Overlap || IsOver(Brackets.Count - 1));

    /// <summary>SHA: a bracket has no job and gets none any more.</summary>
    public bool IsOver(int bracket)
        => !MaySample(bracket) && Enumerable.Range(0, _rungs).All(rung => Brackets[bracket].Rungs[rung].Count == Brackets[bracket].Entered(rung) && !_offering.Contains((bracket, rung)));

    /// <summary>SHA's n.</summary>
    private int Size(int bracket) => Math.Min(Spec.Scheduler.Trials ?? int.MaxValue, (Limit ?? int.MaxValue) - Brackets[bracket].First);

    private void Start(ExperimentSpec spec)
    {
        Spec = spec;
        Limit = spec.Scheduler.Repeat == BracketRepeat.None ? spec.Scheduler.Trials : spec.Scheduler.MostTrials;
        _rungs = 1;
        for (var level = (decimal)spec.Resource.Min * spec.Scheduler.ReductionFactor; level <= (decimal)spec.Resource.Max * 1.000000000001m; level *= spec.Scheduler.ReductionFactor)
            _rungs++;
        Brackets.Add(new Bracket(0, _rungs));
    }

    private void Add(int bracket, int rung, int trial, double metric)
    {
        var own = Brackets[bracket].Rungs[rung];
        if (own.Has(trial))
            return; // A law of its own.
        own.Add(trial, metric);
        if (Type == SchedulerType.Stopping)
            GoesOn = rung < Top && own.RankOf(trial) <= Places(bracket, rung) ? (trial, rung) : null;
        else
            Look(bracket, rung);
    }

    private void Look(int bracket, int rung)
    {
        var own = Brackets[bracket].Rungs[rung];
        if (Type != SchedulerType.Stopping && own.BestOpen is { } best && own.RankOf(best) <= Places(bracket, rung))
            _offering.Add((bracket, rung));
        else
            _offering.Remove((bracket, rung));
    }
}
