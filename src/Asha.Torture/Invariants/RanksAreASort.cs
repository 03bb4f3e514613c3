using System.Runtime.InteropServices;
using Asha.Core.Experiments;
using Asha.Torture.Invariants.Books;

namespace Asha.Torture.Invariants;

/// <summary>What a promotion says of rank, results, candidates and cut-off is what sorting the rung's results says: looked up as it comes, and sorted once more at each crash, at the change of phase and at the end.</summary>
public sealed class RanksAreASort : Invariant
{
    private readonly RungBook _rungs = new();
    private readonly List<(TrialPromoted Up, int Results)> _unsorted = [];

    /// <summary>Of each rung, the results in the order in which they came.</summary>
    private readonly Dictionary<(int Bracket, int Rung), List<(int Trial, double Metric)>> _came = [];

    public override string Name => "the recorded ranks are those of a sort";

    public override void Committed(TimeSpan now, IReadOnlyList<ExperimentEvent> events)
    {
        foreach (var happened in events)
        {
            switch (happened)
            {
                case TrialPromoted up:
                    Look(up);
                    break;
                case JobCompleted done:
                    Came(done.Bracket, done.Rung).Add((done.Trial, _rungs.Turned(done.Metric)));
                    break;
                case AttemptFailed { Last: true } failed:
                    Came(failed.Bracket, failed.Rung).Add((failed.Trial, double.NaN));
                    break;
            }
            _rungs.Take(happened);
        }
    }

    public override void Crashed(TimeSpan now, IReadOnlyList<ExperimentEvent> durable, ExperimentState live) => Sort();

    public override void Changed(TimeSpan now, IReadOnlyList<ExperimentEvent> durable, ExperimentState live) => Sort();

    public override void Ended(TimeSpan now, IReadOnlyList<ExperimentEvent> durable, ExperimentState live) => Sort();

    private List<(int Trial, double Metric)> Came(int bracket, int rung) => _came.TryGetValue((bracket, rung), out var came) ? came : _came[(bracket, rung)] = [];

    private void Look(TrialPromoted up)
    {
        var rung = _rungs.Brackets[up.Bracket].Rungs[up.Rung];
        var places = _rungs.Places(up.Bracket, up.Rung);
        var cutOff = places > 0 ? rung.MetricAt(places) : null;
        Judge(rung.Metrics.TryGetValue(up.Trial, out var metric) && metric == _rungs.Turned(up.Metric) && (up.Rank, up.Results, up.Candidates) == (rung.RankOf(up.Trial), rung.Count, places)
            && (cutOff is { } last ? last == _rungs.Turned(up.CutOff) : !double.IsFinite(up.CutOff)),
            () => $"{up}: it is number {rung.RankOf(up.Trial)} of {rung.Count}, {places} may go up, and the last of these has {cutOff}", up.Trial);
        _unsorted.Add((up, Came(up.Bracket, up.Rung).Count));
    }

    /// <summary>By counting who comes before whom, one by one: what a sort comes to, whatever order a book keeps.</summary>
    private void Sort()
    {
        foreach (var (up, results) in _unsorted)
        {
            var came = CollectionsMarshal.AsSpan(Came(up.Bracket, up.Rung))[..results];
            var own = came.Length;
            for (var index = came.Length - 1; index >= 0; index--)
                own = came[index].Trial == up.Trial ? index : own;
            var rank = own < came.Length ? 1 + Before(came, came[own]) : 0;
            Judge((rank, came.Length) == (up.Rank, up.Results), () => $"{up}: sorted, it is number {rank} of {results}", up.Trial);
            Judge(up.Candidates > 0 && up.Candidates <= came.Length && IsCutOff(came, up), () => $"{up}: sorted, number {up.Candidates} has another metric", up.Trial);
        }
        _unsorted.Clear();
    }

    /// <summary>Whether the last of the candidates has the metric that it says: fewer than all of them are better, and with those that are as good there are enough.</summary>
    private bool IsCutOff(ReadOnlySpan<(int Trial, double Metric)> came, TrialPromoted up)
    {
        var cutOff = _rungs.Turned(up.CutOff);
        return Before(came, (int.MinValue, cutOff)) < up.Candidates && Before(came, (int.MaxValue, cutOff)) >= up.Candidates;
    }

    private static int Before(ReadOnlySpan<(int Trial, double Metric)> came, (int Trial, double Metric) one)
    {
        var before = 0;
        var (isFinite, metric) = (double.IsFinite(one.Metric), one.Metric);
        foreach (var (trial, other) in came)
        {
            if (!double.IsFinite(other))
                before += !isFinite && trial < one.Trial ? 1 : 0;
            else
                before += !isFinite || other < metric || other == metric && trial < one.Trial ? 1 : 0;
        }
        return before;
    }
}
