using Asha.Core.Experiments;
using Asha.Torture.Invariants;

namespace Asha.Torture.Tests.Invariants;

/// <summary>Who goes up, as what, and that nobody waits for it (η = 2, rungs at 1, 2 and 4).</summary>
public sealed class PromotionLawsTests
{
    private const double None = double.NaN;

    /// <summary>Trials with these results in rung 0.</summary>
    private static History After(Invariant law, SchedulerType type, int? trials, params double[] metrics)
    {
        var history = new History(law, type, trials).Join();
        for (var trial = 0; trial < metrics.Length; trial++)
            history.Sample(trial).Run(trial, metrics[trial]);
        return history;
    }

    [Fact]
    public void The_best_half_goes_up_better_ones_first()
    {
        var law = new PromotedFromTheBest();
        After(law, SchedulerType.Asha, 100, 3, 1, None, 2).Promote(1).Promote(3);
        Assert.Equal(12, law.Evaluated);
        After(new PromotedFromTheBest(), SchedulerType.Asha, 100, 1, 1).Promote(0); // Ties by trial.
        After(new PromotedFromTheBest(), SchedulerType.Sha, 4, 3, 1, None, 2).Promote(1).Promote(3);
        After(new PromotedFromTheBest(), SchedulerType.Stopping, 100, 3).Promote(0); // At least one.
    }

    [Fact]
    public void Whoever_goes_up_otherwise_breaks_the_law()
    {
        History Asha(params double[] metrics) => After(new PromotedFromTheBest(), SchedulerType.Asha, 100, metrics);
        History.Breaks("as number 2 of 3, where 1 may", () => Asha(3, 1, 4).Promote(0)); // ⌈m/η⌉, and not ⌊m/η⌋
        History.Breaks("before trial 1, which is better", () => Asha(2, 1, 3, 4).Promote(0));
        History.Breaks("before trial 0, which is better", () => Asha(1, 1, 3, 4).Promote(1));
        History.Breaks("a second time", () => Asha(2, 1, 3, 4).Promote(1).Promote(1));
        History.Breaks("without a finite result", () => Asha(None, 5).Promote(0)); // NaN ranked first.
        History.Breaks("without a finite result", () => Asha(double.NegativeInfinity, 5).Promote(0));
        History.Breaks("where it is not", () => Asha(2, 1).Promote(1, bracket: 1));
        History.Breaks("where it is not", () => Asha(2, 1).Promote(1, rung: 2));
        History.Breaks("a higher one has a trial to promote", () => Asha(1, 2, 3, 4, 5, 6).Promote(0).Promote(1).Run(0, 1, rung: 1, attempt: 2).Run(1, 2, rung: 1, attempt: 2).Promote(2));
    }

    [Fact]
    public void A_barrier_that_is_passed_with_a_result_missing_breaks_the_law()
    {
        History.Breaks("as number 1 of 3, where 0 may: results are missing", () => After(new PromotedFromTheBest(), SchedulerType.Sha, 4, 3, 1, 2).Promote(1));
        var law = new PromotedFromTheBest();
        var history = After(law, SchedulerType.Sha, 4, 3, 1, 2, 4).Promote(1).Promote(2).Run(1, 1, rung: 1, attempt: 2);
        History.Breaks("results are missing", () => history.Promote(1, rung: 1));
    }

    [Fact]
    public void A_trial_that_cannot_be_resumed_goes_on_at_once_or_never()
        => History.Breaks("after trial 2 had its result", () => After(new PromotedFromTheBest(), SchedulerType.Stopping, 100, 1, 2, 3).Promote(0));

    [Fact]
    public void A_promotion_says_what_a_sort_says()
    {
        var law = new RanksAreASort();
        var history = After(law, SchedulerType.Asha, 100, 3, 1, None, 2).Promote(1, 0, 1, 1, 4, 2, 2).Promote(3, 0, 2, 2, 4, 2, 2);
        law.Changed(history.Now, history.Events, history.State);
        Assert.Equal(6, law.Evaluated);
        law.Crashed(history.Now, history.Events, history.State);
        Assert.Equal(6, law.Evaluated); // What was sorted once needs no sorting again.
        // The last of the candidates may have no metric: what counts is that the entry says so.
        After(new RanksAreASort(), SchedulerType.Asha, 100, 3, None, None, None).Promote(0, 0, 3, 1, 4, 2, None);
    }

    [Theory]
    [InlineData(2, 4, 2, 2)]
    [InlineData(1, 3, 2, 2)]
    [InlineData(1, 4, 1, 2)]
    [InlineData(1, 4, 2, 3)]
    public void A_promotion_that_says_something_else_breaks_the_law(int rank, int results, int candidates, double cutOff)
        => History.Breaks("it is number 1 of 4, 2 may go up, and the last of these has 2", () => After(new RanksAreASort(), SchedulerType.Asha, 100, 3, 1, None, 2).Promote(1, 0, 1, rank, results, candidates, cutOff));

    [Fact]
    public void Nobody_is_passed_over_for_a_new_trial_a_parked_slot_or_the_end()
    {
        History Asha(int? trials, params double[] metrics) => After(new NobodyIsPassedOver(), SchedulerType.Asha, trials, metrics);
        SlotParked Parked(int second) => new(TimeSpan.FromSeconds(second), 0);
        ExperimentEnded Over(int second) => new(TimeSpan.FromSeconds(second), "completed", "");
        var law = new NobodyIsPassedOver();
        After(law, SchedulerType.Asha, 3, 1).Sample(1).Run(1, 2).Promote(0).Run(0, 1, 1, 2).Sample(2).Run(2, 3).Add(Parked(99)).Add(Over(99));
        Assert.InRange(law.Evaluated, 8, 99);
        History.Breaks("trial 0 may go up from rung 0", () => Asha(100, 1, 2).Sample(2));
        History.Breaks("1 jobs wait", () => Asha(100).Sample(0).Sample(1));
        History.Breaks("has all its trials", () => Asha(1, 1).Sample(1));
        History.Breaks("another trial may be sampled", () => Asha(2, 1).Add(Parked(99)));
        History.Breaks("trial 0 may go up", () => Asha(2, 1, 2).Add(Parked(99)));
        History.Breaks("another trial may be sampled", () => Asha(2, 1).Add(Over(99)));
        History.Breaks("1 jobs run", () => Asha(1).Sample(0).Start(0).Add(Over(99)));
        History.Breaks("trial 0 may go up", () => After(new NobodyIsPassedOver(), SchedulerType.Sha, 2, 1, 2).Add(Parked(99)));
        History.Breaks("trial 0 was to go on", () => After(new NobodyIsPassedOver(), SchedulerType.Stopping, 100, 1).Sample(1));
        History.Breaks("and the user ends the run", () => Asha(100, 1).Add(new ExperimentStopping(TimeSpan.FromSeconds(50), "paused", "")).Sample(1));
        Asha(2, 1, 2).Add(new ExperimentStopping(TimeSpan.FromSeconds(50), "paused", "")).Add(Parked(99)); // Nothing starts any more.
        History.Breaks("another bracket opens", () => After(new NobodyIsPassedOver(), SchedulerType.Asha, 1, 1).Add(new BracketOpened(TimeSpan.FromSeconds(99), 1)));
    }
}
