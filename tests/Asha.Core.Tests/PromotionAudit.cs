using Asha.Core.Experiments;

namespace Asha.Core.Tests;

/// <summary>
/// Reads a run's events and checks each promotion against the results of that moment, by counting alone: it was among the ⌊m/η⌋ best, finite, no better one was
/// left behind, and nobody goes up twice.
/// </summary>
internal static class PromotionAudit
{
    public static int Check(IReadOnlyList<ExperimentEvent> events)
    {
        var spec = ((ExperimentStarted)events[0]).Experiment;
        var results = new Dictionary<(int Bracket, int Rung), List<(int Trial, double Metric)>>();
        var promoted = new HashSet<(int Trial, int Rung)>();
        foreach (var happened in events)
        {
            switch (happened)
            {
                case JobCompleted completed:
                    Of(completed.Bracket, completed.Rung).Add((completed.Trial, completed.Metric));
                    break;
                case AttemptFailed { Last: true } failed:
                    Of(failed.Bracket, failed.Rung).Add((failed.Trial, double.NaN));
                    break;
                case TrialPromoted promotion:
                    CheckOne(promotion, Of(promotion.Bracket, promotion.Rung));
                    break;
                default:
                    break;
            }
        }
        return promoted.Count;

        List<(int Trial, double Metric)> Of(int bracket, int rung) => results.TryGetValue((bracket, rung), out var own) ? own : results[(bracket, rung)] = [];

        void CheckOne(TrialPromoted promotion, List<(int Trial, double Metric)> rung)
        {
            var own = rung.Single(result => result.Trial == promotion.Trial);
            Assert.True(double.IsFinite(own.Metric));
            var better = rung.Where(other => IsBetter(spec, other, own)).ToArray();
            var cannotResume = spec.Scheduler.Type == SchedulerType.Stopping;
            var candidates = Math.Max(cannotResume ? 1 : 0, rung.Count / spec.Scheduler.ReductionFactor);
            Assert.True(better.Length < candidates, $"{promotion} is not among the {candidates} best");
            // A trial that cannot be resumed and was among the best too late has ended.
            if (cannotResume)
                Assert.Equal(rung[^1], own);
            else
                Assert.All(better, other => Assert.Contains((other.Trial, promotion.Rung), promoted));
            Assert.True(promoted.Add((promotion.Trial, promotion.Rung)), $"{promotion} a second time");
            // The entry says why, so that a reader needs not count again.
            Assert.Equal((own.Metric, better.Length + 1, rung.Count, candidates), (promotion.Metric, promotion.Rank, promotion.Results, promotion.Candidates));
            var last = rung.OrderBy(result => rung.Count(other => IsBetter(spec, other, result))).ElementAt(candidates - 1);
            Assert.True(double.IsFinite(last.Metric) ? promotion.CutOff == last.Metric : !double.IsFinite(promotion.CutOff));
        }
    }

    private static bool IsBetter(ExperimentSpec spec, (int Trial, double Metric) one, (int Trial, double Metric) other)
    {
        if (double.IsFinite(one.Metric) != double.IsFinite(other.Metric))
            return double.IsFinite(one.Metric);
        if (!double.IsFinite(one.Metric) || one.Metric == other.Metric)
            return one.Trial < other.Trial;
        return spec.Metric.Mode == MetricMode.Min ? one.Metric < other.Metric : one.Metric > other.Metric;
    }
}
