using Asha.Core.Experiments;

namespace Asha.Core.Tests;

/// <summary>One slot, η = 3, r = 1, R = 9, nine trials, written trial@rung with trials numbered from 1. Worked out by hand from the paper's algorithms.</summary>
public class WorkedSequenceTests
{
    private static readonly double[] Mixed = [.30, .70, .80, .60, .90, .20, .50, .10, .40];

    private static string Sequence(SchedulerType type, Func<int, double> loss)
        => new TableWorld(TableWorld.Spec(type, 3, 1, 9, 9), (trial, _) => loss(trial)).Run(1).Sequence;

    [Fact]
    public void Asha_promotes_whenever_it_can()
        // After 1, 2, 3 the best third of 3 is {1}; after 4, 5, 6 the best two of 6 are {6, 1}: 6 goes up. After 8 the best two of 8 are {8, 6}, and 8 goes
        // up before 9 arrives; in rung 1 the best of {1, 6, 8} is 8, which goes on to the top.
        => Assert.Equal("1@0 2@0 3@0 1@1 4@0 5@0 6@0 6@1 7@0 8@0 8@1 8@2 9@0", Sequence(SchedulerType.Asha, trial => Mixed[trial]));

    [Fact]
    public void Sha_waits_for_the_rung_and_promotes_in_rank_order()
        // The best three of nine are 8 (.10), 6 (.20), 1 (.30), in this order; the best of these is 8.
        => Assert.Equal("1@0 2@0 3@0 4@0 5@0 6@0 7@0 8@0 9@0 8@1 6@1 1@1 8@2", Sequence(SchedulerType.Sha, trial => Mixed[trial]));

    [Fact]
    public void Always_worse_promotes_the_early_ones()
        => Assert.Equal("1@0 2@0 3@0 1@1 4@0 5@0 6@0 2@1 7@0 8@0 9@0 3@1 1@2", Sequence(SchedulerType.Asha, trial => trial / 10.0));

    [Fact]
    public void Always_better_promotes_far_more_than_a_third()
        // Each new trial is the best, so it is among the candidates at once: 3, 4, … 9 are seven promotions out of rung 0, and from the third
        // result of rung 1 on (trial 5) each also goes on to the top.
        => Assert.Equal(
            "1@0 2@0 3@0 3@1 4@0 4@1 5@0 5@1 5@2 6@0 6@1 6@2 7@0 7@1 7@2 8@0 8@1 8@2 9@0 9@1 9@2",
            Sequence(SchedulerType.Asha, trial => 1 - trial / 10.0));
}
