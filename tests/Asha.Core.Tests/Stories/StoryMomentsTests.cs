using Asha.Core.Experiments;
using CsCheck;

namespace Asha.Core.Tests.Stories;

/// <summary>The moments that stories tell, in random runs, against ranks that are counted and against what the journal says of promotions.</summary>
public class StoryMomentsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whatever_happens_ranks_are_those_that_are_counted(bool waits)
        => RandomTable.Drawn(waits).Sample(table => { StoryAudit.Check(table.Run().Events); }, iter: 150);

    [Theory]
    [InlineData(SchedulerType.Asha, 16)]
    [InlineData(SchedulerType.Sha, 16)]
    [InlineData(SchedulerType.Stopping, 16)]
    [InlineData(SchedulerType.Asha, 1)]
    public void Of_three_hundred_trials_each_that_was_passed_over_was_never_among_the_best(SchedulerType type, int slots)
    {
        var random = new Random(3);
        var losses = Enumerable.Range(0, 300).Select(_ => Math.Round(random.NextDouble(), 2)).ToArray(); // A hundred values, so that some tie.
        var events = new TableWorld(TableWorld.Spec(type, 3, 1, 27, 300), (trial, rung) => losses[trial] + losses[(trial * 7 + rung) % 300], job => TimeSpan.FromSeconds(1 + job.Trial % 5 + job.Rung)).Run(slots).Events;
        var passedOver = StoryAudit.Check(events).SelectMany(story => story.Rungs.Where(rung => rung.HasChance)).ToList();
        Assert.True(passedOver.Count > 150);
        // Without jobs to try again a slot is there for each promotion as soon as it is due.
        Assert.All(passedOver, rung => Assert.All([rung.Arrival, rung.BestChance], moment => Assert.True(moment.Rank > moment.Candidates, $"{moment}")));
        if (type != SchedulerType.Stopping) // There, who has ended may have been among the best later.
            Assert.All(passedOver, rung => Assert.True(rung.Last.Rank > rung.Last.Candidates, $"{rung.Last}"));
    }
}
