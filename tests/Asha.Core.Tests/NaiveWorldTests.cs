using Asha.Core.Experiments;
using Asha.Core.Utilization;
using CsCheck;

namespace Asha.Core.Tests;

/// <summary>The core against the rules written a second time.</summary>
public class NaiveWorldTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_thousand_random_tables_run_as_the_rules_say(bool waits)
        => RandomTable.Drawn(waits).Sample(table =>
        {
            var (world, naive) = (table.Run(), new NaiveWorld(table).Run());
            var state = world.State;
            Assert.Equal(naive.Starts, world.Events.OfType<JobStarted>().Select(job => $"{job.Time} {job.Trial}@{job.Rung} attempt {job.Attempt} on {job.Slot}"));
            Assert.Equal(naive.Promotions, world.Events.OfType<TrialPromoted>().Select(up => $"{up.Time} {up.Trial}: {up.Rung}"));
            Assert.Equal(naive.Over, state.Ended is not null);
            Assert.Equal(naive.Now, state.Time);
            Assert.Equal(naive.Started, state.Rungs.Select(rung => rung.Started));
            Assert.Equal(naive.Completed, state.Rungs.Select(rung => rung.Completed));
            Assert.Equal(naive.Promoted, state.Rungs.Select(rung => rung.Promoted));
            Assert.Equal(naive.Best, state.Best?.Trial);
            Assert.Equal(naive.Busy, world.Utilization.Busy);
            foreach (var cause in Enum.GetValues<IdleCause>())
                Assert.Equal((cause, naive.Idle[cause]), (cause, world.Utilization.Idle(cause)));
            Assert.Equal(world.Utilization.Present, world.Utilization.Busy + naive.Idle.Values.Aggregate((sum, idle) => sum + idle));
        }, iter: 1000);

    [Fact]
    public void Messages_that_come_twice_change_nothing()
        => RandomTable.Any.Sample(
            table => Assert.Equal(Lines(table.Run()), Lines(table.World(sendsTwice: true).Run(table.Changes, table.Horizon))), iter: 100);

    private static IEnumerable<string> Lines(TableWorld world) => world.Events.Skip(1).Where(happened => happened is not ReportsIgnored).Select(happened => happened.ToString());
}
