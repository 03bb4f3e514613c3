using Asha.Core.Experiments;
using Asha.Core.Scheduling;
using Asha.Core.Utilization;

namespace Asha.Core.Tests;

/// <summary>The numbers that follow from the rules by arithmetic, for any losses.</summary>
public class SemanticsNumbersTests
{
    private static TableWorld Run(SchedulerType type, int slots, Func<JobStarted, TimeSpan>? length = null)
        => new TableWorld(TableWorld.Spec(type, 4, 1, 64, 64), (trial, rung) => (trial * 37 % 64 + rung) / 100.0, length).Run(slots);

    [Fact]
    public void Sixty_four_configurations_climb_64_16_4_1()
    {
        var rungs = Run(SchedulerType.Sha, 10).State.Rungs;
        Assert.Equal([1, 4, 16, 64], rungs.Select(rung => rung.Level));
        Assert.Equal([64, 16, 4, 1], rungs.Select(rung => rung.Completed));
        Assert.Equal([16, 4, 1, 0], rungs.Select(rung => rung.Promoted));
    }

    [Fact]
    public void Sha_on_ten_slots_resuming_ends_at_73()
    {
        // 64 jobs of 1 are 7 waves on 10 slots, 16 of 3 are 2 waves, 4 of 12 one, 1 of 48 one: 7 + 6 + 12 + 48 = 73.
        // Busy: 64·1 + 16·3 + 4·12 + 1·48 = 208 of 10·73 = 730.
        var world = Run(SchedulerType.Sha, 10);
        Assert.Equal(TimeSpan.FromSeconds(73), world.State.Time);
        Assert.Equal(TimeSpan.FromSeconds(208), world.Utilization.Busy);
        Assert.Equal(TimeSpan.FromSeconds(730), world.Utilization.Present);
        Assert.Equal(208.0 / 730, world.Utilization.Utilization, 12);
        // The barrier costs 6 slots for 1 (rung 0), 4 for 3 (rung 1) and 6 for 12 (rung 2); above the top there is nothing to wait for: 9 for 48.
        Assert.Equal(TimeSpan.FromSeconds(6 + 4 * 3 + 6 * 12), world.Utilization.Idle(IdleCause.RungBarrier));
        Assert.Equal(TimeSpan.FromSeconds(9 * 48), world.Utilization.Idle(IdleCause.NoWork));
    }

    [Fact]
    public void Sha_on_ten_slots_restarting_ends_at_95()
    {
        // Restarting costs the level itself: 7·1 + 2·4 + 16 + 64 = 95; busy 64 + 16·4 + 4·16 + 64 = 256 of 950.
        var world = Run(SchedulerType.Sha, 10, job => TimeSpan.FromSeconds(job.Target));
        Assert.Equal(TimeSpan.FromSeconds(95), world.State.Time);
        Assert.Equal(TimeSpan.FromSeconds(256), world.Utilization.Busy);
        Assert.Equal(TimeSpan.FromSeconds(950), world.Utilization.Present);
    }

    [Theory]
    [InlineData(SchedulerType.Sha)]
    [InlineData(SchedulerType.Asha)]
    public void Idle_and_busy_add_up_to_the_slots_present(SchedulerType type)
    {
        var tally = Run(type, 10).Utilization;
        var idle = Enum.GetValues<IdleCause>().Aggregate(TimeSpan.Zero, (sum, cause) => sum + tally.Idle(cause));
        Assert.Equal(tally.Present, tally.Busy + idle);
    }

    [Theory]
    [InlineData(1, 243, 3, new double[] { 1, 3, 9, 27, 81, 243 })] // A floating-point logarithm gives five.
    [InlineData(1, 100, 3, new double[] { 1, 3, 9, 27, 100 })] // The last one is R.
    [InlineData(1, 1, 4, new double[] { 1 })]
    [InlineData(3, 50, 4, new double[] { 3, 12, 50 })]
    public void Levels_are_computed_with_integers(double min, double max, int reductionFactor, double[] levels)
        => Assert.Equal(levels, RungLadder.Levels(new ResourceSpec("epoch", min, max, Integral: true), reductionFactor));

    [Fact]
    public void An_integral_resource_rounds_half_up()
        // 0.5·3 = 1.5 → 2, 0.5·9 = 4.5 → 5, and 0.5 itself → 1.
        => Assert.Equal([1, 2, 5, 14], RungLadder.Levels(new ResourceSpec("epoch", 0.5, 14, Integral: true), 3));

    [Fact]
    public void Brackets_that_are_over_are_looked_at_no_more()
    {
        var spec = TableWorld.Spec(SchedulerType.Sha, 2, 1, 4, 4);
        var world = new TableWorld(spec with { Scheduler = spec.Scheduler with { Repeat = BracketRepeat.Sequential, MostTrials = 20 } }, (trial, _) => trial).Run(3);
        Assert.Equal((5, 4), (world.State.Brackets.Count, world.State.FirstOpen));
        // 20 + 10 + 5 jobs: each bracket promotes two of four, and one of two.
        Assert.Equal([20, 10, 5], world.State.Rungs.Select(rung => rung.Completed));
    }
}
