using Asha.Core.Experiments;
using Asha.Core.Utilization;
using Asha.Core.Worlds;

namespace Asha.TestKit.Tests;

/// <summary>What a scenario says happens, with the counts worked out by hand.</summary>
public sealed class ScenarioTests : AshaTestKit
{
    // docs/semantics.md, "Numbers to check with": 64 configurations, η = 4, r = 1, R = 64, ten slots, one second an epoch.
    [Fact]
    public void Sha_that_resumes_ends_after_73_seconds()
    {
        var run = Run(Scenario.Sha(64).Slots(10));
        run.AssertEnd(73);
        // 64 · 1 + 16 · 3 + 4 · 12 + 1 · 48 = 208 of 10 · 73.
        run.AssertUtilization(208, 730);
        run.AssertRung(0, started: 64, completed: 64, failed: 0, promoted: 16);
        run.AssertRung(1, started: 16, completed: 16, promoted: 4);
        run.AssertRung(2, started: 4, completed: 4, promoted: 1);
        run.AssertRung(3, started: 1, completed: 1, promoted: 0);
        // Six slots wait while the third rung runs, 12 s; four do at the end of the second, 3 s, and six at the end of the first, 1 s: see SemanticsNumbersTests; 12.33 % of 730.
        run.AssertIdleTime(IdleCause.RungBarrier, 90);
        run.AssertBest(0, rung: 3, metric: 0);
    }

    [Fact]
    public void Sha_that_restarts_ends_after_95_seconds()
    {
        var run = Run(Scenario.Sha(64).Slots(10).Restarts());
        run.AssertEnd(95);
        // 64 · 1 + 16 · 4 + 4 · 16 + 1 · 64 = 256 of 10 · 95.
        run.AssertUtilization(256, 950);
    }

    [Fact]
    public void A_table_says_metrics_and_lengths()
    {
        // Two rungs, at 1 and 3; of two trials one goes on: the one with the lower metric, 0.2.
        var run = Run(Scenario.Asha(reductionFactor: 3).Resource(1, 3).Table(
            [(1, .9, 5), (3, .1, 10)],
            [(1, .2, 0.29), (3, .3, 2.5)],
            [(1, double.NaN, 1), (3, .3, 2.5)]));
        // 5 + 0.29 + 1 = 6.29 s; then 3 / 3 = 1 trial: 2.5 s more.
        run.AssertSlot(0, (0, 0, 0, 5), (1, 0, 5, 5.29), (2, 0, 5.29, 6.29), (1, 1, 6.29, 8.79));
        run.AssertBest(1, metric: .3);
    }

    [Fact]
    public void Attempts_fail_as_planned_and_are_tried_again()
    {
        var run = Run(Scenario.Sha(2, 2).Resource(1, 2).Fails(trial: 0, rung: 0, after: .25, attempts: 2).Fails(trial: 1, rung: 0, after: .5, attempts: 3).MaxAttempts(3));
        // Jobs to try again come first: trial 0 fails at 0.25 and 0.5, and has its result at 1.5. Trial 1 fails at 2, 2.5 and 3: for good, a NaN that is never promoted. Trial 0 goes on for a second.
        run.AssertSlot(0, (0, 0, 0, .25), (0, 0, .25, .5), (0, 0, .5, 1.5), (1, 0, 1.5, 2), (1, 0, 2, 2.5), (1, 0, 2.5, 3), (0, 1, 3, 4));
        run.AssertRung(0, completed: 2, failed: 1, promoted: 1);
        run.AssertPromotions((3, 0, 0));
        Assert.Equal(5, run.Events.OfType<AttemptFailed>().Count(failed => failed.Cause == "crash"));
    }

    [Fact]
    public void Nodes_join_leave_slow_down_and_die()
    {
        var run = Run(Scenario.Asha(reductionFactor: 2).Resource(1, 1).StopAfter(10).Nodes(
            new Node().Speed(2), new Node().Joins(4).Leaves(5.5), new Node().SlowFrom(3, times: 4), new Node().Dies(2.5, removedAfter: 3)));
        // One rung: every job is a new trial of a second; half a second on node-0.
        run.AssertRan(trial: 0, rung: 0, from: 0, to: .5, node: "node-0");
        // node-2 is four times slower for jobs that start at 3 s or later.
        Assert.Equal([0, 1, 2, 3, 7], run.Spans.Where(span => span.Slot == 1 && span.Job is not null).Select(span => span.From.TotalSeconds));
        // node-3 dies at 2.5 s, in the middle of its third job, and counts until 5.5 s.
        run.AssertIdle(slot: 2, at: 2.5, IdleCause.NodeLost);
        run.AssertIdleTime(IdleCause.NodeLost, 3);
        // node-1 comes at 4 s as slot 3, and finishes the job that it has at 5.5 s.
        Assert.Equal([4, 5], run.Spans.Where(span => span.Slot == 3 && span.Job is not null).Select(span => span.From.TotalSeconds));
        // Slots 0 and 1 for 10 s, slot 2 for 5.5 s, slot 3 for 2 s; all busy but for the lost 3 s.
        run.AssertUtilization(24.5, 27.5);
        run.AssertEnd(10, "stopped");
    }

    [Fact]
    public void A_node_is_slow_at_one_rung_only()
    {
        var run = Run(Scenario.Sha(4, 2).Resource(1, 4).Nodes(new Node().SlowAtRung(1, 20)));
        // Rung 0: four trials of 1 s; rung 1: two of 20 · 1 s; rung 2: one of 2 s.
        run.AssertEnd(4 + 40 + 2);
    }

    [Fact]
    public void Overheads_and_latency_are_added()
    {
        var run = Run(Scenario.Sha(2, 2).Resource(1, 2).Overheads(startUp: 2, checkpoint: .5).DecisionLatency(.25));
        // Three jobs of 2 + 1 + 0.5 s, each decided 0.25 s later.
        run.AssertUtilization(10.5, 11.25);
        run.AssertIdleTime(IdleCause.WaitingForDecision, .75);
        run.AssertEnd(11.25);
    }

    [Fact]
    public void A_run_stops_by_each_rule()
    {
        var endless = Scenario.Asha().Resource(1, 4).Slots(2);
        Run(endless.StopAfter(2.5)).AssertEnd(2.5, "stopped");
        // Two a second, but one of the first four goes on and keeps a slot: results at 1, 1, 2, 2, then one more at 3.
        Run(endless.StopAtTrials(5)).AssertEnd(3, "stopped");
        Run(endless.StopAtResource(2)).AssertEnd(1, "stopped");
        Run(endless.Metrics((trial, _) => -trial).StopAtMetric(-3)).AssertEnd(2, "stopped");
        Run(endless.Maximize().StopAtMetric(3)).AssertEnd(2, "stopped");
    }

    [Fact]
    public void What_is_drawn_comes_from_the_seed_alone()
    {
        var drawn = Scenario.Asha(64).Slots(4).Curves(new CrossingCurves(16, .01)).Stragglers(.5).Drops(.01);
        var (first, again, other) = (Run(drawn), Run(drawn), Run(drawn.Seed(2)));
        Assert.Equal(first.Events.Select(happened => happened.ToString()), again.Events.Select(happened => happened.ToString()));
        Assert.NotEqual(first.Promotions, other.Promotions);
        Assert.Contains(first.Events, happened => happened is AttemptFailed { Cause: "drop" });
    }

    [Fact]
    public void Brackets_repeat_and_trials_that_cannot_resume_run_on()
    {
        // Two brackets of two trials, each: two of a second, one of a second more.
        Run(Scenario.Sha(2, 2).Resource(1, 2).Repeat(BracketRepeat.Sequential, mostTrials: 4)).AssertEnd(6);
        // Trial 0 is the best of one and goes on at once; trial 1 is second of two, and ends: 1 + 1 + 1 s.
        Run(Scenario.Stopping(2, 2).Resource(1, 2)).AssertSlot(0, (0, 0, 0, 1), (0, 1, 1, 2), (1, 0, 2, 3));
    }

    [Fact]
    public void Lengths_are_a_function_of_the_job()
        => Run(Scenario.Sha(2, 2).Resource(1, 2).Lengths(job => job.Trial == 0 ? 10 : .5)).AssertSlot(0, (0, 0, 0, 10), (1, 0, 10, 10.5), (0, 1, 10.5, 20.5));

    [Fact]
    public void Everything_wrong_is_told_at_once()
    {
        var wrong = Assert.Throws<InvalidScenarioException>(() => Start(Scenario.Asha(trials: 0, reductionFactor: 1).Resource(4, 2).Seed(-1).MaxAttempts(0).Drops(2).Stragglers(-1).SecondsPerUnit(double.NaN).DecisionLatency(-1)
            .Nodes(new Node(0), new Node().Speed(0).Joins(10).Leaves(5).Dies(double.NaN).SlowFrom(-1, 0).SlowAtRung(-1, 0)).Fails(-1, -1, -1, 0, EndingCause.Exited).StopAfter(0).Overheads(-1, 1).Restarts().Repeat(BracketRepeat.Overlap, 0)
            .Table([(2, 1, 1), (1, 1, -1)])));
        foreach (var name in (string[])["trials: must be 1", "reductionFactor: must be 2", "Resource: max", "Seed:", "MaxAttempts:", "Drops:", "Stragglers: sigma", "SecondsPerUnit:", "DecisionLatency:", "node-0: slots", "node-1: speed", "node-1: Leaves",
            "node-1: Dies", "node-1: SlowFrom:", "node-1: SlowFrom: times", "node-1: SlowAtRung: rung", "node-1: SlowAtRung: times", "Fails: trial -1 at rung -1: cause", "StopAfter:", "Overheads: startUp", "Overheads: checkpoint", "Repeat: is for SHA", "Repeat: mostTrials",
            "Table: trial 0: the resource must rise", "Table: trial 0 at 1: seconds"])
            Assert.Contains(wrong.Problems, problem => problem.Contains(name));
        Assert.Equal(wrong.Problems.Count, wrong.Message.Split("\n- ").Length - 1);
    }

    [Fact]
    public void What_depends_on_the_rungs_is_told_with_their_levels()
    {
        var wrong = Assert.Throws<InvalidScenarioException>(() => Start(Scenario.Asha(3).Resource(1, 4).Nodes(new Node().SlowAtRung(2, 20)).Fails(0, 5, 1).Table([(1, 1, 1)])));
        Assert.Equal(["Table: trial 0 has no row at 4, the level of rung 1", "Table: has 1 trials, but 3 are asked for", "Nodes: node-0: SlowAtRung: there is no rung 2: there are 2, 0 to 1, at 1, 4", "Fails: trial 0: there is no rung 5: there are 2, 0 to 1, at 1, 4"], wrong.Problems);
        Assert.Contains("Nothing would end this run", Assert.Throws<InvalidScenarioException>(() => Start(Scenario.Asha())).Message);
    }
}
