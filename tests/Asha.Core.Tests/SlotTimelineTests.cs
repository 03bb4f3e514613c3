using Asha.Core.Experiments;
using Asha.Core.Utilization;

namespace Asha.Core.Tests;

/// <summary>Timelines and tally are two readings of the same events.</summary>
public class SlotTimelineTests
{
    [Theory]
    [InlineData(SchedulerType.Sha, 10)]
    [InlineData(SchedulerType.Sha, 3)]
    [InlineData(SchedulerType.Asha, 10)]
    [InlineData(SchedulerType.Asha, 1)]
    public void Spans_fill_each_slots_time_without_gap_or_overlap_and_sum_to_the_tally(SchedulerType type, int slots)
    {
        var world = new TableWorld(
            TableWorld.Spec(type, 4, 1, 64, 64),
            (trial, rung) => trial % 7 == 3 ? double.NaN : trial * 37 % 64 + rung,
            job => TimeSpan.FromSeconds((job.Target - job.Start) * (1 + job.Trial % 3))).Run(slots);
        var record = new RunRecord { Timelines = new SlotTimelines() };
        foreach (var happened in world.Events)
            record.Apply(happened);

        var spans = record.Timelines.Spans;
        foreach (var own in spans.GroupBy(span => span.Slot))
        {
            var until = TimeSpan.Zero;
            foreach (var span in own)
            {
                Assert.Equal(until, span.From);
                Assert.True(span.To > span.From);
                Assert.True(span.Job is null != span.Idle is null);
                until = span.To;
            }
            Assert.Equal(record.State.Time, until);
        }
        Assert.Equal(record.Utilization.Busy, Sum(spans.Where(span => span.Job is not null)));
        foreach (var cause in Enum.GetValues<IdleCause>())
            Assert.Equal(record.Utilization.Idle(cause), Sum(spans.Where(span => span.Idle == cause)));
    }

    [Fact]
    public void Six_of_ten_slots_wait_while_the_third_rung_runs()
    {
        // 64, 16 on ten slots end at 7 and 13; then four trials train from 4 to 16, until 25, and the other six slots wait for them.
        var world = new TableWorld(TableWorld.Spec(SchedulerType.Sha, 4, 1, 64, 64), (trial, _) => trial).Run(10);
        var record = new RunRecord { Timelines = new SlotTimelines() };
        foreach (var happened in world.Events)
            record.Apply(happened);
        var at = TimeSpan.FromSeconds(20);
        var now = record.Timelines.Spans.Where(span => span.From <= at && span.To > at).ToList();
        Assert.Equal(4, now.Count(span => span.Job is { Rung: 2 }));
        Assert.Equal(6, now.Count(span => span.Idle == IdleCause.RungBarrier));
    }

    private static TimeSpan Sum(IEnumerable<SlotSpan> spans) => spans.Aggregate(TimeSpan.Zero, (sum, span) => sum + (span.To - span.From));
}
