using Asha.Core.Experiments;
using Asha.Core.Scheduling;

namespace Asha.Host.Runs;

/// <summary>The trials of a run in the order in which <em>best</em> is meant: by the highest rung in which they have a finite result, there by metric, then by number.</summary>
internal static class TrialRanking
{
    private readonly record struct Place(int Rung, double Metric, int Trial) : IComparable<Place>
    {
        public int CompareTo(Place other) => Rung != other.Rung
            ? other.Rung.CompareTo(Rung)
            : Ranking.IsBefore(Metric, Trial, other.Metric, other.Trial) ? -1 : Trial == other.Trial ? 0 : 1;
    }

    /// <summary>Trials that have a finite result, best first; O(n log n).</summary>
    public static IEnumerable<(TrialState Trial, int Rung)> Of(ExperimentState state) => state.Trials
        .Select(trial => (Trial: trial, Rung: trial.LastFinite))
        .Where(entry => entry.Rung >= 0)
        .OrderBy(entry => new Place(entry.Rung, state.Spec.Metric.Turned(entry.Trial.Results[entry.Rung].Metric), entry.Trial.Trial));
}
