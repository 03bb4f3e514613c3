using Asha.Core.Experiments;

namespace Asha.Core.Tests.Experiments;

/// <summary>Promotions that hindsight would not have made, against arithmetic and the paper's mean.</summary>
public class MispromotionsTests
{
    [Fact]
    public void Always_better_promotes_seven_of_nine_and_four_of_them_wrongly()
    {
        // docs of the sequence: 1 − i/10, one worker, η = 3: trials 2 to 8 (from 0) leave rung 0; of 9 results the best 3 are trials 6, 7, 8. Rung 1 (R = 9): 5, 6, 7, 8 … leave it by its best third.
        var run = Run(SchedulerType.Asha, 3, 9, 9, 1, (trial, _) => 1 - (trial + 1) / 10.0);
        var out0 = run.Events.OfType<TrialPromoted>().Where(up => up.Rung == 0).Select(up => up.Trial).ToList();
        Assert.Equal([2, 3, 4, 5, 6, 7, 8], out0);
        var out1 = run.Events.OfType<TrialPromoted>().Where(up => up.Rung == 1).Select(up => up.Trial).ToList();
        // Seven results of rung 1, the best ⌊7/3⌋ = 2 of them trials 7 and 8.
        Assert.Equal(out0.Count(trial => trial < 6) + out1.Count(trial => trial < 7), run.Mispromotions);
        Assert.True(run.Mispromotions > 4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void Sha_makes_none_on_any_number_of_slots_whatever_fails(int slots)
        => Assert.Equal(0, Run(SchedulerType.Sha, 4, 64, 64, slots, (trial, rung) => trial % 5 == 2 ? double.NaN : trial * 37 % 11 + rung).Mispromotions);

    [Fact]
    public void Ties_are_ranked_by_trial()
        // Equal results: rung 0 promotes 0 after the third, 1 after the sixth, 2 after the ninth; the best three of nine are just these.
        => Assert.Equal(0, Run(SchedulerType.Asha, 3, 3, 9, 1, (_, _) => .5).Mispromotions);

    [Fact]
    public void In_random_order_there_are_as_many_as_computed_apart()
    {
        // 1,000 results in random order, η = 4: a mean of 16.1, computed apart from this code; 100 orders here. Sixteen slots do not change the order in which equally long jobs end.
        var random = new Random(7);
        var mean = Enumerable.Range(0, 100).Average(_ =>
        {
            var order = Enumerable.Range(0, 1000).OrderBy(_ => random.Next()).ToArray();
            return Run(SchedulerType.Asha, 4, 4, 1000, 1, (trial, _) => order[trial]).Mispromotions;
        });
        Assert.InRange(mean, 14.5, 17.7);
    }

    [Fact]
    public void Of_a_few_results_the_best_may_go_on_where_trials_stop()
    {
        // One slot, η = 4, two trials, the first one better: it goes on as the best of one result, which hindsight would do as well; the other one does not.
        var run = Run(SchedulerType.Stopping, 4, 4, 2, 1, (trial, _) => trial);
        Assert.Equal([0], run.Events.OfType<TrialPromoted>().Select(up => up.Trial));
        Assert.Equal(0, run.Mispromotions);
        // The other way round both go on, and hindsight lets one of them.
        run = Run(SchedulerType.Stopping, 4, 4, 2, 1, (trial, _) => -trial);
        Assert.Equal([0, 1], run.Events.OfType<TrialPromoted>().Select(up => up.Trial));
        Assert.Equal(1, run.Mispromotions);
    }

    private static (IReadOnlyList<ExperimentEvent> Events, int Mispromotions) Run(SchedulerType type, int factor, int most, int trials, int slots, Func<int, int, double> metric)
    {
        var world = new TableWorld(TableWorld.Spec(type, factor, 1, most, trials), metric).Run(slots);
        var (state, mispromotions) = (new ExperimentState(), new Mispromotions());
        foreach (var happened in world.Events)
        {
            state.Apply(happened);
            mispromotions.Advance(state, happened);
        }
        return (world.Events, mispromotions.Count(factor));
    }
}
