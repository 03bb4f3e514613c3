using Asha.Core.Experiments;
using Asha.Core.Tests.Experiments;
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

    [Fact]
    public void An_attempt_that_failed_was_lost_or_was_cut_is_told_from_one_that_brought_its_result()
    {
        var (failed, lost, cut, done, all) = (0, 1, 2, 3, new ExperimentDriver());
        foreach (var _ in Enumerable.Range(0, 4))
            all.Sample();
        all.Crash(all.State.Trials[failed]);
        all.Crash(all.State.Trials[lost], EndingCause.CheckpointMissing);
        all.Exit(all.State.Trials[done], new TrialReport(1, 0.5));
        all.Experiment.Park(all.Now);
        all.Decided();
        var running = Fold(all.Events);
        Assert.Equal([failed, lost], Fruitless(running.Timelines!.Until(running.State, running.State.Time)));
        all.Experiment.End(all.Now, "interrupted", "");
        all.Decided();
        var spans = Fold(all.Events).Timelines!.Spans;
        Assert.Equal([failed, lost, cut], Fruitless(spans));
        Assert.DoesNotContain(spans, span => span is { WithoutResult: true, Job: null });

        static IEnumerable<int> Fruitless(IEnumerable<SlotSpan> spans) => spans.Where(span => span.WithoutResult).Select(span => span.Job!.Trial).Order();
    }

    [Theory]
    [InlineData(SchedulerType.Sha, 10)]
    [InlineData(SchedulerType.Asha, 10)]
    [InlineData(SchedulerType.Asha, 3)]
    public void At_any_moment_the_spans_until_then_are_those_of_the_whole_run_cut_off_there(SchedulerType type, int slots)
    {
        var events = new TableWorld(
            TableWorld.Spec(type, 4, 1, 64, 64),
            (trial, rung) => trial * 37 % 64 + rung,
            job => TimeSpan.FromSeconds((job.Target - job.Start) * (1 + job.Trial % 3))).Run(slots).Events;
        var whole = Fold(events);
        for (var taken = 1; taken < events.Count; taken++)
        {
            var part = Fold(events.Take(taken));
            // At the last event, halfway to the next one, and just before it.
            var (last, next) = (events[taken - 1].Time, events[taken].Time);
            foreach (var now in new[] { last, last + (next - last) / 2, next })
                Assert.Equal(Cut(whole.Timelines!.Spans, now), Cut(part.Timelines!.Until(part.State, now), now));
        }
        Assert.Equal(whole.Timelines!.Spans, whole.Timelines.Until(whole.State, whole.State.Time));
        Assert.Throws<ArgumentOutOfRangeException>(() => whole.Timelines.Until(whole.State, whole.State.Time - TimeSpan.FromTicks(1)));

        static List<SlotSpan> Cut(IEnumerable<SlotSpan> spans, TimeSpan now)
            => [.. spans.Where(span => span.From < now).Select(span => span with { To = span.To < now ? span.To : now }).OrderBy(span => span.Slot).ThenBy(span => span.From)];
    }

    private static RunRecord Fold(IEnumerable<ExperimentEvent> events)
    {
        var record = new RunRecord { Timelines = new SlotTimelines() };
        foreach (var happened in events)
            record.Apply(happened);
        return record;
    }

    private static TimeSpan Sum(IEnumerable<SlotSpan> spans) => spans.Aggregate(TimeSpan.Zero, (sum, span) => sum + (span.To - span.From));
}
