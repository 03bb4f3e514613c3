using Asha.Core.Experiments;

namespace Asha.Core.Tests.Experiments;

/// <summary>A node on which everything fails, while other nodes do well: it is taken out, no trial pays for it, and it is tried with one job at a time until it is mended.</summary>
public class QuarantineTests
{
    private static readonly string[] _three = ["bad", "one", "two"];

    private static bool OnBad(string node, int trial) => node == "bad";

    private static NodeUnfit[] Quarantines(QuarantineGround ground) => [.. ground.Events.OfType<NodeUnfit>()];

    /// <summary>Two sound nodes: of the chances 1/4 each, five in a row are the first below 1 in 1000.</summary>
    [Fact]
    public void It_is_taken_out_at_the_fifth_failure_in_a_row_and_what_failed_there_is_given_back()
    {
        var ground = new QuarantineGround(new Random(1), _three, 1, OnBad);
        ground.Step("one");
        ground.Step("two");
        for (var failure = 1; failure <= 4; failure++)
            ground.Step("bad");
        Assert.Empty(Quarantines(ground));
        var charged = ground.Events.OfType<AttemptFailed>().Select(failed => new FailedThere(failed.Trial, 0, failed.Attempt, "exit")).ToArray();
        Assert.Equal(4, charged.Length);

        ground.Step("bad");
        var quarantine = Assert.Single(Quarantines(ground));
        Assert.Equal(("bad", 15.0), (quarantine.Node, quarantine.Pause.TotalSeconds));
        Assert.Matches("^5 attempts of [345] trials failed in a row, the last by exit, exit code 1$", quarantine.Detail);
        Assert.Equal(charged, quarantine.Forgives);
        Assert.Equal(("node-unfit", "exit"), Assert.Single(ground.Events.OfType<AttemptLost>().Select(lost => (lost.Cause, lost.Fault!))));
        Assert.All(ground.State.Trials, trial => Assert.Equal((0, 0), (trial.Failures, trial.FailuresOf(FaultKind.Crash))));
        Assert.Equal(0, ground.Held("bad"));
        Assert.Equal((true, false), (ground.State.Nodes.IsShut("bad", ground.Now), ground.State.Nodes.IsShut("one", ground.Now)));
    }

    /// <summary>Nobody else has ended a job yet: one in two each, ten in a row. Meanwhile no trial fails for good, although each has but one try.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Before_any_other_node_has_ended_a_job_no_trial_fails_for_good_either(int attempts)
    {
        var ground = new QuarantineGround(new Random(1), _three, 2, OnBad, attempts: attempts);
        for (var failure = 1; failure <= 10; failure++)
            ground.Step("bad");
        Assert.Single(Quarantines(ground));
        // With one try the first failure is the last one, and nothing speaks against the node yet.
        Assert.Equal(attempts == 1 ? 1 : 0, ground.Events.OfType<AttemptFailed>().Count(failed => failed.Last));
    }

    [Fact]
    public void It_is_tried_with_one_job_after_a_pause_that_doubles_and_is_back_when_one_succeeds()
    {
        var isMended = false;
        var ground = new QuarantineGround(new Random(1), _three, 2, (node, _) => node == "bad" && !isMended);
        ground.Step("one");
        ground.Step("two");
        while (Quarantines(ground).Length < 4)
        {
            ground.Step("bad");
            Assert.InRange(ground.Held("bad"), 0, ground.State.Nodes.IsTried("bad", ground.Now) ? 1 : 2);
        }
        Assert.Equal([15, 30, 60, 120], Quarantines(ground).Select(unfit => unfit.Pause.TotalSeconds));
        Assert.All(Quarantines(ground)[1..], again => Assert.Equal("tried again: exit, exit code 1", again.Detail));
        isMended = true;
        while (ground.State.Nodes.Unfit.ContainsKey("bad"))
        {
            Assert.InRange(ground.Held("bad"), 0, 1);
            ground.Step("bad");
        }
        Assert.Equal(2, ground.Held("bad"));
        Assert.DoesNotContain(ground.Events, happened => happened is AttemptFailed { Last: true });
        Assert.Equal(120, (ground.Events.OfType<SlotJoined>().Last(joined => joined.Node == "bad").Time - Quarantines(ground)[^1].Time).TotalSeconds, 2.0);
    }

    [Fact]
    public void Started_again_it_is_tried_at_once()
    {
        var ground = new QuarantineGround(new Random(1), _three, 1, OnBad);
        while (Quarantines(ground).Length == 0)
            ground.Step();
        ground.Experiment.Join(ground.Now, 1000, "bad", anew: true);
        Assert.True(ground.Experiment.State.Nodes.IsTried("bad", ground.Now));
        Assert.True(ground.Events.OfType<SlotJoined>().Last().Anew);
        ground.Experiment.Join(ground.Now, 1001, "one", anew: true);
        Assert.False(ground.Events.OfType<SlotJoined>().Last().Anew); // It is in no quarantine.
    }

    /// <summary>With nothing else left, whatever is wrong is tried, and costs retries: a run that cannot go on is to end.</summary>
    [Fact]
    public void Where_no_other_node_is_left_it_is_used()
    {
        var ground = new QuarantineGround(new Random(1), ["bad", "one"], 1, OnBad);
        while (Quarantines(ground).Length == 0)
            ground.Step();
        Assert.False(ground.State.Nodes.IsTried("bad", ground.Now));
        ground.Lose("one");
        Assert.True(ground.State.Nodes.IsTried("bad", ground.Now));
        ground.Experiment.Join(ground.Now, 1000, "bad");
        var (lost, failed) = (ground.Events.OfType<AttemptLost>().Count(), ground.Events.OfType<AttemptFailed>().Count());
        ground.State.Retries.TryPeek(out var trial);
        ground.Experiment.Start(ground.Now, trial);
        ground.Experiment.Receive(ground.Now, new JobReport(trial, ground.State.Trials[trial].Attempt, 0, [], new TrialEnding(EndingCause.Exit, "exit code 1")));
        Assert.Equal((lost, failed + 1), (ground.Events.OfType<AttemptLost>().Count(), ground.Events.OfType<AttemptFailed>().Count()));
    }

    [Fact]
    public void One_node_alone_is_never_taken_out()
    {
        var ground = new QuarantineGround(new Random(1), ["bad"], 4, OnBad);
        for (var step = 0; step < 500; step++)
            ground.Step();
        Assert.Empty(Quarantines(ground));
        Assert.Equal((4, 500), (ground.Held("bad"), ground.Events.OfType<AttemptFailed>().Count()));
    }

    [Fact]
    public void Turned_off_nothing_is()
    {
        var ground = new QuarantineGround(new Random(1), _three, 2, OnBad, quarantine: null);
        for (var step = 0; step < 200; step++)
            ground.Step();
        Assert.Empty(Quarantines(ground));
        Assert.DoesNotContain(ground.Events, happened => happened is AttemptLost);
        Assert.Contains(ground.Events, happened => happened is AttemptFailed { Last: true });
    }

    /// <summary>One trial that fails wherever it is says nothing of a node.</summary>
    [Fact]
    public void A_trial_that_fails_everywhere_is_no_nodes_fault_and_fails_for_good()
    {
        var ground = new QuarantineGround(new Random(1), _three, 1, (_, trial) => trial == 2);
        for (var step = 0; step < 100; step++)
            ground.Step();
        Assert.Empty(Quarantines(ground));
        Assert.Equal(TrialPhase.Failed, ground.State.Trials[2].Phase);
        Assert.Equal(3, ground.State.Trials[2].Attempt);
    }

    [Theory]
    [InlineData(0, 0, 10)] // Others say nothing: 1/2.
    [InlineData(1, 0, 7)] // 1/3
    [InlineData(2, 0, 5)]
    [InlineData(9, 0, 3)]
    [InlineData(499, 0, 2)]
    [InlineData(1, 1, 10)]
    [InlineData(0, 2, 25)] // 3/4
    [InlineData(0, 499, 3458)]
    public void So_many_failures_in_a_row_are_too_many_for_chance(int sound, int failing, int failures)
    {
        Assert.True(QuarantineRules.ChanceOf(failures, sound, failing) <= QuarantineRules.MostChance);
        Assert.False(QuarantineRules.ChanceOf(failures - 1, sound, failing) <= QuarantineRules.MostChance);
    }

    [Fact]
    public void The_pause_is_ten_minutes_at_most()
        => Assert.Equal([15, 30, 60, 120, 240, 480, 600, 600], Enumerable.Range(1, 8).Select(times => QuarantineRules.PauseAfter(times).TotalSeconds));
}
