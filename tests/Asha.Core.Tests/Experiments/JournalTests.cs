using Asha.Core.Experiments;
using CsCheck;

namespace Asha.Core.Tests.Experiments;

/// <summary>Applying the journal gives the live state, field by field.</summary>
public class JournalTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Folding_the_events_gives_the_live_state_whenever_it_has_settled(bool waits)
        => RandomTable.Drawn(waits).Sample(table =>
        {
            var settled = 0;
            table.World(settled: world =>
            {
                if (settled++ % 11 == 0 || world.State.Ended is not null)
                    Assert.Equal(Dump.Of(world.State), Dump.Of(world.Folded));
            }).Run(table.Changes, table.Horizon);
        }, iter: 60);

    [Fact]
    public void The_dump_sees_every_part_of_the_state()
    {
        var table = new RandomTable(SchedulerType.Asha, MetricMode.Max, 2, 3, 20, 3, 2, 7, 15, NodesComeAndGo: true);
        var world = table.Run();
        var live = Dump.Of(world.State);
        foreach (var name in new[] { "Phase", "Failures", "Checkpoint", "Results", "Retries", "Pending", "Best", "ResourceSpent", "_idle", "_counts", "Underway", "RetryReason", "Ended" })
            Assert.Contains(name, live);
        // One event less is a difference.
        var folded = new ExperimentState();
        foreach (var happened in world.Events.SkipLast(1))
            folded.Apply(happened);
        Assert.NotEqual(live, Dump.Of(folded));
    }

    [Fact]
    public void An_event_of_an_unknown_kind_is_an_error()
        => Assert.Throws<InvalidOperationException>(() => new ExperimentState().Apply(new Unheard(TimeSpan.Zero)));

    private sealed record Unheard(TimeSpan Time) : ExperimentEvent(Time);
}
