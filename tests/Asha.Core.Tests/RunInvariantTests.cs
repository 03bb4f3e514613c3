using Asha.Core.Experiments;
using CsCheck;

namespace Asha.Core.Tests;

/// <summary>What holds in every run, whatever the table.</summary>
public class RunInvariantTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_promoted_trial_was_among_the_best_of_that_moment_and_no_better_one_was_left_behind(bool waits)
        => RandomTable.Drawn(waits).Sample(table => { PromotionAudit.Check(table.Run().Events); }, iter: 500);

    [Fact]
    public void The_audit_sees_promotions()
        => Assert.Equal(16 + 4 + 1, PromotionAudit.Check(new TableWorld(TableWorld.Spec(SchedulerType.Sha, 4, 1, 64, 64), (trial, _) => trial).Run(3).Events));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_trial_that_a_rung_gave_up_is_never_promoted_from_it(bool waits)
        => RandomTable.Drawn(waits).Sample(table =>
        {
            var world = table.Run();
            Assert.Empty(world.Released.Intersect(world.Events.OfType<TrialPromoted>().Select(promotion => (promotion.Rung, promotion.Trial))));
            Assert.Equal(world.Released.Count, world.Released.Distinct().Count());
        }, iter: 200);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_slot_is_idle_while_work_exists(bool waits)
        => RandomTable.Drawn(waits).Sample(table =>
        {
            table.World(settled: world =>
            {
                var state = world.State;
                if (state.Ended is not null || state.Slots.FirstIdle is null)
                    return;
                Assert.Equal(0, state.Retries.Count); // One that waits out its back-off is no work yet.
                Assert.False(state.MayOpen);
                Assert.All(state.Brackets, bracket => Assert.Empty(bracket.Pending));
                Assert.All(state.Brackets, bracket => Assert.False(state.MaySample(bracket.Bracket)));
            }).Run(table.Changes, table.Horizon);
        }, iter: 200);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Time_never_goes_back_and_a_slot_runs_one_job_at_a_time(bool waits)
        => RandomTable.Drawn(waits).Sample(table =>
        {
            var busy = new Dictionary<int, (int Trial, int Attempt)>();
            var time = TimeSpan.Zero;
            foreach (var happened in table.Run().Events)
            {
                Assert.True(happened.Time >= time);
                time = happened.Time;
                switch (happened)
                {
                    case JobStarted started: Assert.True(busy.TryAdd(started.Slot, (started.Trial, started.Attempt))); break;
                    case JobCompleted ended: Free(ended.Slot, ended.Trial, ended.Attempt); break;
                    case AttemptFailed ended: Free(ended.Slot, ended.Trial, ended.Attempt); break;
                    case AttemptLost ended: Free(ended.Slot, ended.Trial, ended.Attempt); break;
                    case JobCut ended: Free(ended.Slot, ended.Trial, ended.Attempt); break;
                    case SlotLost or SlotLeft or SlotParked: Assert.DoesNotContain(SlotOf(happened), busy.Keys); break;
                    default: break;
                }
            }

            void Free(int slot, int trial, int attempt)
            {
                Assert.True(busy.Remove(slot, out var job));
                Assert.Equal((trial, attempt), job);
            }
        }, iter: 200);

    [Fact]
    public void Sha_ends_with_the_same_promotions_on_any_number_of_slots()
        => RandomTable.Any.Where(table => table is { Type: SchedulerType.Sha, Repeat: BracketRepeat.None, CrashPercent: 0 }).Select(Gen.Int[1, 12]).Sample((table, slots) =>
        {
            Assert.Equal(
                Promotions(table.World().Run(table.Slots)),
                Promotions(table.World().Run(slots)));
            static IEnumerable<(int, int, int)> Promotions(TableWorld world)
                => world.Events.OfType<TrialPromoted>().Select(promotion => (promotion.Rung, promotion.Rank, promotion.Trial));
        }, iter: 100);

    private static int SlotOf(ExperimentEvent happened) => happened switch
    {
        SlotLost lost => lost.Slot,
        SlotLeft left => left.Slot,
        SlotParked parked => parked.Slot,
        _ => -1,
    };
}
