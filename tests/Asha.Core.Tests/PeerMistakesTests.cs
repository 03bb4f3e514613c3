using System.Numerics;
using Asha.Core.Experiments;
using Asha.Core.Scheduling;
using Asha.Core.Tests.Experiments;
using CsCheck;

namespace Asha.Core.Tests;

/// <summary>What went wrong in other tuners, and must not here. Each comment names the project and, where there is one, the report.</summary>
public class PeerMistakesTests
{
    [Fact]
    public void Rungs_are_counted_with_integers()
        // int(log(R/r)/log(η) + 1), as in several tuners, gives five rungs for R = 243, η = 3.
        => Gen.Select(Gen.Int[1, 50], Gen.Int[2, 10], Gen.Int[0, 8], Gen.Int[0, 1]).Sample((min, factor, power, more) =>
        {
            var max = (long)(min * BigInteger.Pow(factor, power)) + more;
            var expected = new List<double>();
            for (var level = new BigInteger(min); level * factor <= max; level *= factor)
                expected.Add((double)level);
            expected.Add(max);
            Assert.Equal(expected, RungLadder.Levels(new ResourceSpec("epoch", min, max, Integral: true), factor));
            Assert.Equal(6, RungLadder.Levels(new ResourceSpec("epoch", 1, 243, Integral: true), 3).Count);
        }, iter: 300);

    [Fact]
    public void Real_levels_do_not_lose_a_rung_to_rounding()
        // 0.1·3^4 = 8.1 in decimal, and 8.100000000000001 in doubles.
        => Assert.Equal([0.1, 0.3, 0.9, 2.7, 8.1], RungLadder.Levels(new ResourceSpec("epoch", 0.1, 8.1, Integral: false), 3));

    [Fact]
    public void Two_results_promote_nobody_and_never_more_than_the_floor()
    {
        // Syne Tune 0.13: a quantile promotes ⌈N/η⌉ from N = 2 on.
        var rung = new Rung(RungRule.Asynchronous, 3);
        var promoted = 0;
        for (var trial = 0; trial < 100; trial++)
        {
            rung.Insert(trial, trial, null, []); // Always worse: nothing that was promoted is pushed out.
            while (rung.Head(null) is not null)
            {
                rung.Promote(null);
                promoted++;
            }
            Assert.Equal((trial + 1) / 3, promoted);
        }
    }

    [Fact]
    public void A_plateau_promotes_the_first_trials_and_not_everybody()
    {
        // Syne Tune 0.13: metric ≤ quantile holds for all of a plateau.
        var world = new TableWorld(TableWorld.Spec(SchedulerType.Asha, 4, 1, 64, 64), (_, _) => 0.5).Run(1);
        Assert.Equal([64, 16, 4, 1], world.State.Rungs.Select(rung => rung.Completed));
        Assert.Equal(Enumerable.Range(0, 16), world.Events.OfType<TrialPromoted>().Where(promotion => promotion.Rung == 0).Select(promotion => promotion.Trial));
    }

    [Fact]
    public void A_metric_that_is_not_finite_takes_a_place_in_the_count_and_nothing_else()
    {
        // Syne Tune 0.13: NaN in a sorted list promotes wrong trials.
        var rung = new Rung(RungRule.Asynchronous, 2);
        double[] metrics = [double.NaN, 0.9, double.NegativeInfinity, double.NaN, 0.1, double.PositiveInfinity];
        foreach (var (trial, metric) in metrics.Index())
            rung.Insert(trial, metric, null, []);
        Assert.Equal((4, 3), (rung.Head(null)!.Trial, rung.Head(null)!.Candidates)); // ⌊6/2⌋ of {0.1, 0.9, …}
        rung.Promote(null);
        Assert.Equal(1, rung.Promote(null).Trial);
        Assert.Null(rung.Head(null)); // The third place is not a finite one.
    }

    [Fact]
    public void Rungs_are_judged_at_their_level_and_not_one_step_later()
    {
        // optuna#5750: 11, 41, 161 in place of 10, 40, 160.
        var driver = new ExperimentDriver(TableWorld.Spec(SchedulerType.Asha, 4, 10, 160, null));
        Assert.Equal([10, 40, 160], driver.State.Rungs.Select(rung => rung.Level));
        var trial = driver.Sample();
        driver.Report(trial, 9, 0.9);
        Assert.Null(trial.Result);
        driver.Report(trial, 10, 0.8);
        Assert.Equal((10, 0.8), trial.Result);
    }

    [Fact]
    public void A_report_that_overshoots_is_the_result_and_later_ones_are_not()
    {
        // Reports every 7 epochs never hit 10: the first at or above it counts, with the resource that it names.
        var driver = new ExperimentDriver(TableWorld.Spec(SchedulerType.Asha, 4, 10, 160, null));
        var trial = driver.Sample();
        foreach (var resource in new[] { 7, 14, 21 })
            driver.Report(trial, resource, 1.0 / resource);
        Assert.Same(trial, driver.Exit(trial));
        Assert.Equal([(14, 1.0 / 14)], trial.Results.ToArray());
        // The later one changes nothing; that it came is in the journal.
        Assert.Equal((1, 14), (driver.State.RejectedReports, driver.State.ResourceSpent));
    }

    [Fact]
    public void All_of_the_best_half_go_up_and_not_only_the_first()
    {
        // optuna PR#388: the second best was pruned.
        var world = new TableWorld(TableWorld.Spec(SchedulerType.Sha, 2, 1, 2, 4), (trial, _) => trial).Run(1);
        Assert.Equal([0, 1], world.Events.OfType<TrialPromoted>().Select(promotion => promotion.Trial));
    }

    [Fact]
    public void A_trial_is_ranked_only_when_its_attempt_has_ended()
    {
        // orion#395: promoted before its report was complete.
        var driver = new ExperimentDriver();
        var trial = driver.Sample();
        Assert.Null(driver.Report(trial, 1, 0.1));
        Assert.Equal((TrialPhase.Running, 0), (trial.Phase, driver.State.Rungs[0].Completed));
        Assert.Null(driver.State.Slots.FirstIdle);
        Assert.Same(trial, driver.Exit(trial));
    }

    [Fact]
    public void A_resumed_trial_that_begins_again_at_one_is_told_so_and_goes_on()
    {
        // syne-tune#304: reporting resource 1 after a resume from 3 crashed the scheduler.
        var driver = new ExperimentDriver(TableWorld.Spec(SchedulerType.Asha, 3, 3, 27, null));
        var trial = driver.Sample();
        driver.Exit(trial, new TrialReport(3, 0.5, "three"));
        driver.Promote(trial);
        driver.Start(trial);
        driver.Decided();
        foreach (var resource in new[] { 1, 2, 3, 4 })
            driver.Report(trial, resource, 0.4);
        Assert.Equal(["ReportRejected", "ReportRejected", "ReportRejected", "ReportAccepted"], driver.Decided().Select(happened => happened.GetType().Name));
        Assert.Equal((3, 3), (trial.RejectedReports, driver.State.RejectedReports));
        Assert.Equal(TrialPhase.Running, trial.Phase);
    }

    [Fact]
    public void A_resource_that_repeats_or_goes_back_is_rejected_and_counted()
    {
        // optuna#852: a duplicate step silently ignored; optuna#6737: a decreasing one silently mis-pruned.
        var driver = new ExperimentDriver(TableWorld.Spec(SchedulerType.Asha, 4, 10, 160, null));
        var trial = driver.Sample();
        driver.Decided();
        foreach (var resource in new[] { 5.0, 5.0, 4.0, double.NaN, 6.0 })
            driver.Report(trial, resource, 0.4);
        Assert.Equal([true, false, false, false, true], driver.Decided().Select(happened => happened is ReportAccepted));
        Assert.Contains("5 does not rise", Assert.IsType<ReportRejected>(driver.Events[^4]).Reason);
        Assert.Equal((6, 6), (trial.Resource, driver.State.ResourceSpent));
    }

    [Fact]
    public void Losing_nodes_spends_no_retry()
    {
        // ray#41609: preemption spends the user's retries.
        var spec = TableWorld.Spec(SchedulerType.Asha, 4, 1, 64, null);
        var driver = new ExperimentDriver(spec with { Trial = spec.Trial with { MaxAttempts = 1 } });
        var trial = driver.Sample();
        for (var loss = 0; loss < 10; loss++)
        {
            driver.Experiment.Lose(driver.Now, [trial.Slot]);
            driver.Experiment.Leave(driver.Now, trial.Slot);
            Assert.Equal("node-lost", trial.RetryReason);
            driver.Start(trial);
        }
        Assert.Equal((0, 11), (trial.Failures, trial.Attempt));
        Assert.Same(trial, driver.Exit(trial, new TrialReport(1, 0.5)));
    }

    [Fact]
    public void Three_attempts_are_three()
    {
        // ray#10923: the documentation says 3 retries, the code none.
        var driver = new ExperimentDriver();
        Assert.Equal(3, driver.State.Spec.Trial.MaxAttempts);
        var trial = driver.Sample();
        Assert.Null(driver.Crash(trial));
        driver.Start(trial);
        Assert.Null(driver.Crash(trial));
        driver.Start(trial);
        Assert.Same(trial, driver.Crash(trial));
        Assert.Equal((TrialPhase.Failed, 3), (trial.Phase, trial.Attempt));
    }

    [Fact]
    public void A_trial_on_a_dead_node_does_not_run_for_ever()
    {
        // ray#5036: "running" on a dead worker.
        var driver = new ExperimentDriver();
        var (lost, other) = (driver.Sample(), driver.Sample());
        driver.Experiment.Lose(driver.Now, [lost.Slot]);
        Assert.Equal((TrialPhase.Pending, TrialPhase.Running), (lost.Phase, other.Phase));
        Assert.Equal(1, driver.State.Rungs[0].Running);
        Assert.Equal([lost.Trial], driver.State.Retries.Due);
    }

    [Theory]
    [InlineData(SchedulerType.Sha)]
    [InlineData(SchedulerType.Asha)]
    public void Five_hundred_slots_all_work(SchedulerType type)
    {
        // keras-tuner#636: 30 of 500 workers work. ray#4211: idle with 2,500 queued.
        var busy = 0;
        new TableWorld(TableWorld.Spec(type, 4, 1, 64, 3000), (trial, _) => trial)
        {
            Settled = world => busy = Math.Max(busy, world.State.Slots.Count(SlotPhase.Busy)),
        }.Run(500);
        Assert.Equal(500, busy);
    }

    [Theory]
    [InlineData(SchedulerType.Sha)]
    [InlineData(SchedulerType.Asha)]
    public void When_everything_fails_the_run_ends_and_says_so(SchedulerType type)
    {
        // wandb#4628: three quick failures kill the agent.
        var world = new TableWorld(TableWorld.Spec(type, 3, 1, 9, 9), _ => new Attempt(TimeSpan.FromSeconds(1), null)).Run(2);
        Assert.Equal(("failed", "every trial failed"), (world.State.Ended!.Outcome, world.State.Ended.Reason));
        Assert.All(world.State.Trials, trial => Assert.Equal(TrialPhase.Failed, trial.Phase));
        Assert.Equal((27, 9, 0), (world.State.Attempts, world.State.Rungs[0].Completed, world.State.Rungs[0].Promoted));
        Assert.Null(world.State.Best);
    }
}
