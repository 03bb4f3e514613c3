using Asha.Core.Experiments;
using Asha.Core.Stories;

namespace Asha.Core.Tests.Stories;

/// <summary>Tells every trial's story of a run, and checks the ranks that it says after every event by counting, and against what the journal says of promotions.</summary>
internal static class StoryAudit
{
    public static List<TrialStory> Check(List<ExperimentEvent> events)
    {
        var state = new ExperimentState();
        var spec = ((ExperimentStarted)events[0]).Experiment;
        var stories = Enumerable.Range(0, events.OfType<TrialSampled>().Count()).Select(trial => new TrialStory(trial)).ToList();
        var results = new Dictionary<(int Bracket, int Rung), List<(double Metric, int Trial)>>();
        var seen = new Dictionary<(int Trial, int Rung), List<RungMoment>>();
        foreach (var happened in events)
        {
            state.Apply(happened);
            foreach (var story in stories)
                story.Advance(state, happened);
            if (Result(happened) is var (trial, bracket, rung, metric))
            {
                var own = results.TryGetValue((bracket, rung), out var all) ? all : results[(bracket, rung)] = [];
                own.Add((double.IsFinite(metric) ? spec.Metric.Turned(metric) : double.PositiveInfinity, trial));
                foreach (var (mine, other) in own)
                {
                    var told = stories[other].Rungs[rung].Last;
                    Assert.Equal((happened.Time, own.Count(result => result.Metric < mine || (result.Metric == mine && result.Trial <= other)), own.Count), (told.Time, told.Rank, told.Results));
                    if (stories[other].Rungs[rung].Promotion is null)
                        (seen.TryGetValue((other, rung), out var moments) ? moments : seen[(other, rung)] = []).Add(told);
                }
                Assert.Equal(stories[trial].Rungs[rung].Last, stories[trial].Rungs[rung].Arrival);
            }
            if (happened is TrialPromoted up)
            {
                // What the story had ranked itself by then is what the journal says; and it tells that.
                var own = stories[up.Trial].Rungs[up.Rung];
                Assert.Equal((up.Rank, up.Results, up.Candidates, double.IsFinite(up.CutOff) ? up.CutOff : null), (own.Last.Rank, own.Last.Results, own.Last.Candidates, own.Last.CutOff));
                Assert.Equal(own.Last with { Time = up.Time }, own.Promotion);
                Assert.Null(own.HopelessSince);
            }
        }
        foreach (var story in stories)
        {
            Assert.Equal(state.Trials[story.Trial].Results.Length, story.Rungs.Count);
            Assert.Equal(state.Trials[story.Trial].Attempt, story.Jobs.Sum(job => job.Attempts.Count));
            foreach (var rung in story.Rungs.Where(rung => rung.HasChance && spec.Scheduler.Type != SchedulerType.Stopping))
            {
                // Of the moments with candidates the first that lacked fewest ranks; where none had any, of all.
                var moments = seen[(story.Trial, rung.Rung)];
                var counted = moments.Any(moment => moment.Candidates > 0) ? moments.Where(moment => moment.Candidates > 0) : moments;
                Assert.Equal(counted.MinBy(moment => moment.Rank - moment.Candidates), rung.BestChance);
            }
        }
        return stories;
    }

    private static (int Trial, int Bracket, int Rung, double Metric)? Result(ExperimentEvent happened) => happened switch
    {
        JobCompleted done => (done.Trial, done.Bracket, done.Rung, done.Metric),
        AttemptFailed { Last: true } failed => (failed.Trial, failed.Bracket, failed.Rung, double.NaN),
        _ => null,
    };
}
