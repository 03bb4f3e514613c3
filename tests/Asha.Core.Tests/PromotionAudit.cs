using Asha.Core.Experiments;
using Asha.Core.Scheduling;

namespace Asha.Core.Tests;

/// <summary>
/// Reads a run's events and checks each promotion against the results of that moment, by counting alone: it was among the ⌊m/η⌋ best, finite, no better one was
/// left behind, and nobody goes up twice. And that nobody is kept waiting: whenever a slot is parked, and with ASHA whenever a trial is sampled, whoever was to go up has gone.
/// </summary>
internal static class PromotionAudit
{
    public static int Check(IReadOnlyList<ExperimentEvent> events)
    {
        var spec = ((ExperimentStarted)events[0]).Experiment;
        var results = new Dictionary<(int Bracket, int Rung), List<(int Trial, double Metric)>>();
        var promoted = new HashSet<(int Trial, int Rung)>();
        var sampled = new Dictionary<int, int>();
        var top = RungLadder.Levels(spec.Resource, spec.Scheduler.ReductionFactor).Count - 1;
        (int Trial, int Rung)? goesOn = null;
        foreach (var happened in events)
        {
            switch (happened)
            {
                case JobCompleted completed:
                    var own = Of(completed.Bracket, completed.Rung);
                    own.Add((completed.Trial, completed.Metric));
                    if (spec.Scheduler.Type == SchedulerType.Stopping && completed.Rung < top && Due(own, completed.Rung).Any(one => one.Trial == completed.Trial))
                        goesOn = (completed.Trial, completed.Rung);
                    break;
                case AttemptFailed { Last: true } failed:
                    Of(failed.Bracket, failed.Rung).Add((failed.Trial, double.NaN));
                    break;
                case TrialPromoted promotion:
                    CheckOne(promotion, Of(promotion.Bracket, promotion.Rung));
                    goesOn = goesOn == (promotion.Trial, promotion.Rung) ? null : goesOn;
                    break;
                case TrialSampled trial:
                    sampled[trial.Bracket] = sampled.GetValueOrDefault(trial.Bracket) + 1;
                    if (spec.Scheduler.Type != SchedulerType.Sha)
                        NobodyWaits(happened);
                    break;
                // Nothing starts at the moment at which all is cut.
                case SlotParked when !(happened.Time >= spec.Stop.After):
                    NobodyWaits(happened);
                    break;
                default:
                    break;
            }
        }
        return promoted.Count;

        List<(int Trial, double Metric)> Of(int bracket, int rung) => results.TryGetValue((bracket, rung), out var own) ? own : results[(bracket, rung)] = [];

        // The finite ones among the best ⌊m/η⌋ of so many results that have not gone up.
        IEnumerable<(int Trial, double Metric)> Due(List<(int Trial, double Metric)> rung, int number) => rung
            .Where(one => double.IsFinite(one.Metric) && !promoted.Contains((one.Trial, number)))
            .Where(one => rung.Count(other => IsBetter(spec, other, one)) < Math.Max(spec.Scheduler.Type == SchedulerType.Stopping ? 1 : 0, rung.Count / spec.Scheduler.ReductionFactor));

        void NobodyWaits(ExperimentEvent happened)
        {
            Assert.True(goesOn is null, $"{goesOn} was to go on before {happened}");
            if (spec.Scheduler.Type == SchedulerType.Stopping)
                return;
            foreach (var ((bracket, number), rung) in results.Where(entry => entry.Key.Rung < top).ToList())
            {
                // SHA: once all that were sampled, or went up from below, are there.
                var isOpen = spec.Scheduler.Type == SchedulerType.Sha
                    && rung.Count < (number == 0 ? sampled[bracket] : Of(bracket, number - 1).Count(below => promoted.Contains((below.Trial, number - 1))));
                Assert.True(isOpen || !Due(rung, number).Any(), $"{happened} though {string.Join(", ", Due(rung, number))} might go up from rung {number}");
            }
        }

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
