using Asha.Core.Experiments;
using Asha.Core.Utilization;

namespace Asha.Core.Tests.Utilization;

/// <summary>What slots' time went to, bin by bin, against the spans of each slot.</summary>
public class SlotActivityTests
{
    [Theory]
    [InlineData(SchedulerType.Sha, 10, 1)]
    [InlineData(SchedulerType.Sha, 3, .0137)]
    [InlineData(SchedulerType.Asha, 10, 86_400.5)]
    [InlineData(SchedulerType.Asha, 1, 1e-6)]
    public void Each_bin_has_what_the_slots_did_in_it(SchedulerType type, int slots, double second)
    {
        var world = new TableWorld(
            TableWorld.Spec(type, 4, 1, 64, 64),
            job => new Attempt((job.Target - job.Start) * (1 + job.Trial % 3) * TimeSpan.FromSeconds(second), job.Trial % 7 == 3 && job.Attempt < 3 ? null : job.Trial * 37 % 64 + job.Rung)).Run(slots);
        var (record, activity) = Fold(world.Events);
        Assert.InRange(activity.Bins, SlotActivity.MostBins / 2, SlotActivity.MostBins);
        Assert.True(activity.Width * activity.Bins >= record.State.Time && activity.Width * (activity.Bins - 1) < record.State.Time);
        var spans = record.Timelines!.Spans.ToLookup(span => new SlotUse(span.Job?.Target, span.Idle));
        Assert.Equal(spans.Select(use => use.Key).ToHashSet(), [.. activity.Uses.Where(use => Sum(activity, use) > TimeSpan.Zero)]);
        foreach (var use in activity.Uses)
        {
            for (var bin = 0; bin < activity.Bins; bin += 17)
            {
                var (from, to) = (activity.Width * bin, activity.Width * (bin + 1));
                var inside = spans[use].Select(span => Min(span.To, to) - Max(span.From, from)).Where(part => part > TimeSpan.Zero).Aggregate(TimeSpan.Zero, (sum, part) => sum + part);
                Assert.Equal(inside, activity.Of(use, bin));
            }
        }
        Assert.Equal(record.Utilization.Busy, activity.Uses.Where(use => use.Level is not null).Aggregate(TimeSpan.Zero, (sum, use) => sum + Sum(activity, use)));
        foreach (var cause in Enum.GetValues<IdleCause>())
            Assert.Equal(record.Utilization.Idle(cause), Sum(activity, new SlotUse(null, cause)));
    }

    [Fact]
    public void A_lost_slot_is_idle_until_it_is_removed()
    {
        var (_, activity) = Fold(TwoSlots.OneDies().TakeDecided());
        Assert.Equal((At(12), At(3)), (Sum(activity, new SlotUse(1, null)), Sum(activity, new SlotUse(null, IdleCause.NodeLost))));
    }

    [Fact]
    public void A_slot_whose_report_is_on_its_way_waits_for_a_decision()
    {
        // Two slots. Trial 0 trains from 0 to 2 s and is heard of at 3 s; trial 1 from 0 to 4 s, and its node dies at 5 s, before anybody has heard of it.
        var experiment = TwoSlots.Started();
        experiment.Await(At(2), 0, 1);
        experiment.Receive(At(3), new JobReport(0, 1, 0, [new TrialReport(1, .5)], new TrialEnding(EndingCause.Exited)));
        experiment.Sample(At(3));
        experiment.Start(At(3), 2);
        experiment.Await(At(4), 1, 1);
        experiment.Lose(At(5), [1]);
        experiment.End(At(10), "interrupted", "");
        var (record, activity) = Fold(experiment.TakeDecided());
        // 2 + 4 + 7 s of training; 1 + 1 s of waiting; 5 s of a lost node.
        Assert.Equal((At(13), At(2), At(5)), (Sum(activity, new SlotUse(1, null)), Sum(activity, new SlotUse(null, IdleCause.WaitingForDecision)), Sum(activity, new SlotUse(null, IdleCause.NodeLost))));
        Assert.Equal((record.Utilization.Busy, record.Utilization.Idle(IdleCause.WaitingForDecision)), (Sum(activity, new SlotUse(1, null)), Sum(activity, new SlotUse(null, IdleCause.WaitingForDecision))));
    }

    private static (RunRecord Record, SlotActivity Activity) Fold(IEnumerable<ExperimentEvent> events)
    {
        var (record, activity) = (new RunRecord { Timelines = new SlotTimelines() }, new SlotActivity());
        foreach (var happened in events)
        {
            if (happened is not ExperimentStarted)
                activity.Advance(record.State, happened);
            record.Apply(happened);
        }
        return (record, activity);
    }

    private static TimeSpan Sum(SlotActivity activity, SlotUse use) => Enumerable.Range(0, activity.Bins).Aggregate(TimeSpan.Zero, (sum, bin) => sum + activity.Of(use, bin));

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan At(int second) => TimeSpan.FromSeconds(second);
}
