using Asha.Core.Experiments;

namespace Asha.Core.Tests.Experiments;

/// <summary>A node that cannot be prepared, or lacks what the trials need: that is its fault, not theirs.</summary>
public class UnfitNodeTests
{
    private const string Why = "the preparation failed on this node: exit code 3\nno compiler";

    private static readonly TrialEnding _unfit = new(EndingCause.NodeUnfit, Why);

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    /// <summary>Slots 0 and 1 of <c>bad</c>, 2 of <c>good</c>, each with a trial, and 3 of <c>bad</c>, which is idle.</summary>
    private static ExperimentDriver Driver()
    {
        var driver = new ExperimentDriver();
        foreach (var (slot, node) in new[] { (0, "bad"), (1, "bad"), (2, "good") })
        {
            driver.Experiment.Join(At(0), slot, node);
            driver.Experiment.Sample(At(0));
            driver.Experiment.Start(At(0), slot);
        }
        driver.Experiment.Join(At(0), 3, "bad");
        driver.Decided();
        return driver;
    }

    private static void Say(ExperimentDriver driver, double at, int trial, TrialEnding? ending, params TrialReport[] reports)
        => driver.Experiment.Receive(At(at), new JobReport(trial, driver.State.Trials[trial].Attempt, driver.State.Trials[trial].NextMessage, reports, ending));

    [Fact]
    public void Its_attempts_are_lost_and_use_up_no_retry_and_its_idle_slots_leave()
    {
        var driver = Driver();
        Say(driver, 5, 0, _unfit);
        Assert.Equal(
            [new AttemptLost(At(5), 0, 0, 0, 1, 0, "node-unfit", Why), new NodeUnfit(At(5), "bad", At(60), Why), new SlotLeft(At(5), 0), new SlotLeft(At(5), 3)], driver.Decided());
        // Another that waited there shares the failure.
        Say(driver, 6, 1, _unfit);
        Assert.Equal([new AttemptLost(At(6), 1, 0, 0, 1, 1, "node-unfit", Why), new SlotLeft(At(6), 1)], driver.Decided());
        Assert.All([0, 1], trial => Assert.Equal((TrialPhase.Pending, 0, "node-unfit"), (driver.State.Trials[trial].Phase, driver.State.Trials[trial].Failures, driver.State.Trials[trial].RetryReason)));
        Assert.Equal((1, 2, 0, false), (driver.State.Slots.Present, driver.State.Retries.Count, driver.State.FirstFailures, driver.State.Slots.Contains(3)));
        Assert.Empty(driver.State.RetiredSlots);
        Assert.Equal(new UnfitNode("bad", 1, At(65), Why), Assert.Single(driver.State.Nodes.Unfit).Value);
        Assert.Equal([true, false, false], [driver.State.Nodes.IsShunned("bad", At(64)), driver.State.Nodes.IsShunned("bad", At(65)), driver.State.Nodes.IsShunned("good", At(6))]);
    }

    /// <summary>Left alone until a time, each is tried for a minute then; the next change is the earliest that is still to come.</summary>
    [Fact]
    public void The_next_change_is_that_of_whichever_node_comes_first()
    {
        var state = Driver().State;
        var nodes = state.Nodes;
        Assert.Null(nodes.NextChange(At(0)));
        foreach (var (node, pause) in new[] { ("b", 10), ("a", 30), ("c", 40) })
            state.Apply(new NodeUnfit(At(0), node, At(pause), Why));
        double?[] changes = [10, 30, 40, 70, 90, 100, null];
        Assert.Equal(changes[1..], changes[..^1].Select(at => nodes.NextChange(At(at!.Value))?.TotalSeconds));
        Assert.Equal(10, nodes.NextChange(At(0))?.TotalSeconds);
    }

    [Fact]
    public void It_is_left_alone_longer_each_time_and_forgiven_when_a_trial_has_begun_there()
    {
        var driver = Driver();
        Say(driver, 1, 1, _unfit);
        foreach (var (at, failures, pause) in new[] { (70.0, 2, 120), (200, 3, 240), (500, 4, 480) })
        {
            driver.Experiment.Join(At(at), 0, "bad");
            driver.Experiment.Start(At(at), 1);
            Say(driver, at, 1, _unfit);
            Assert.Equal((failures, At(at + pause)), (driver.State.Nodes.Unfit["bad"].Failures, driver.State.Nodes.Unfit["bad"].Until));
        }
        driver.Experiment.Join(At(1000), 0, "bad");
        driver.Experiment.Start(At(1000), 1);
        Say(driver, 1001, 1, null, new TrialReport(0.5, 1));
        Assert.Empty(driver.State.Nodes.Unfit);
    }

    [Fact]
    public void The_pause_is_ten_minutes_at_most()
        => Assert.Equal([1, 2, 4, 8, 10, 10, 10], Enumerable.Range(1, 7).Select(failures => NodeRules.PauseAfter(failures).TotalMinutes));

    /// <summary>Whatever ends the preparation on the last one: there is nobody left who could run anything.</summary>
    [Fact]
    public void Where_none_was_ever_fit_each_has_three_tries()
    {
        var driver = new ExperimentDriver();
        driver.Sample();
        for (var time = 1; time <= 6; time++)
        {
            Assert.False(driver.State.NoNodeIsFit);
            Say(driver, (1000 * time) - 1, 0, _unfit);
            // Two nodes take turns.
            Assert.Equal(time == 6, driver.State.NoNodeIsFit);
            driver.Experiment.Join(At(1000 * time), time, time % 2 == 1 ? "another" : "node");
            driver.Experiment.Start(At(1000 * time), 0);
        }
        Assert.False(driver.State.NoNodeIsFit); // A slot is there.
    }

    [Fact]
    public void Where_one_was_fit_it_is_waited_for()
    {
        var driver = Driver();
        Say(driver, 1, 2, new TrialEnding(EndingCause.Crash));
        driver.Experiment.Lose(At(2), [2]);
        driver.Experiment.Leave(At(2), 2);
        for (var time = 0; time < 9; time++)
        {
            Say(driver, 1000 * time + 3, 0, _unfit);
            if (time == 0)
                Say(driver, 3, 1, _unfit);
            Assert.Equal((0, false), (driver.State.Slots.Present, driver.State.NoNodeIsFit));
            driver.Experiment.Join(At(1000 * (time + 1)), 0, "bad");
            driver.Experiment.Start(At(1000 * (time + 1)), 0);
        }
    }
}
