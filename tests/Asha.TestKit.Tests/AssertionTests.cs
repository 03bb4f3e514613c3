using System.Globalization;
using Asha.Core.Utilization;
using Xunit.Sdk;

namespace Asha.TestKit.Tests;

/// <summary>Each assertion holds where it should, and where it does not says what was expected, what was, and what the slots did.</summary>
public sealed class AssertionTests : AshaTestKit
{
    // Four slots, the last 20 times slower at rung 1: rung 0 until 4 s, trials 0 to 3 at rung 1 from 4 to 7 s and to 64 s, trial 0 at rung 2 from 64 to 76 s.
    private ScenarioRun Straggler() => Run(Scenario.Sha(16).Resource(1, 16).Nodes(new Node(), new Node(), new Node(), new Node().SlowAtRung(1, 20)));

    [Fact]
    public void What_is_true_holds()
    {
        var run = Straggler();
        run.AssertPromotions((4, 0, 0), (4, 1, 0), (4, 2, 0), (4, 3, 0), (64, 0, 1));
        run.AssertPromotedFrom(1, 0);
        run.AssertNotPromoted(4, 0);
        run.AssertSlot(3, (3, 0, 0, 1), (7, 0, 1, 2), (11, 0, 2, 3), (15, 0, 3, 4), (3, 1, 4, 64));
        run.AssertBusy(3, 63.9, trial: 3);
        run.AssertIdle(3, 64, IdleCause.NoWork);
        // Three slots while the top rung runs, 12 s.
        run.AssertIdleTime(IdleCause.NoWork, 36);
        run.AssertBest(0, rung: 2, metric: 0);
    }

    public static TheoryData<string, Action<RunUnderTest>, string, string> Wrong => new()
    {
        { "promotions", run => run.AssertPromotions((4, 0, 0), (4, 2, 0)), "4 s: 2 out of 0 (2 in all)", "4 s: 0 out of 0; 4 s: 1 out of 0;" },
        { "no promotions", run => run.AssertPromotions(), "none", "(5 in all)" },
        { "promoted from", run => run.AssertPromotedFrom(0, 0, 1, 2), "trials 0, 1, 2", "trials 0, 1, 2, 3" },
        { "promoted", run => run.AssertPromoted(4, 0), "one", "none so far. It had its result there, 4, at 2 s." },
        { "promoted at", run => run.AssertPromoted(0, 1, at: 7), "at 7 s", "at 64 s, as number 1 of 4 results" },
        { "not promoted", run => run.AssertNotPromoted(0, 1), "none", "at 64 s" },
        { "ran", run => run.AssertRan(3, 1, 4, 7), "4 to 7 s", "4 to 64 s on slot 3 of node-3" },
        { "ran on", run => run.AssertRan(3, 1, 4, 64, node: "node-0"), "4 to 64 s on node-0", "4 to 64 s on slot 3 of node-3" },
        { "ran never", run => run.AssertRan(9, 1, 4, 64, slot: 2), "on slot 2", "not at all" },
        { "slot", run => run.AssertSlot(0, (0, 0, 0, 1)), "0@0 0 to 1 s (1 in all)", "4@0 1 to 2 s" },
        { "idle", run => run.AssertIdle(3, 10, IdleCause.RungBarrier), "idle, rung-barrier", "runs trial 3 to rung 1, 4 to 64 s" },
        { "idle by another cause", run => run.AssertIdle(0, 10, IdleCause.NoWork), "idle, no-work", "idle, rung-barrier, 7 to 64 s" },
        { "idle when all is over", run => run.AssertIdle(0, 76, IdleCause.NoWork), "idle, no-work", "not known: the run is at 76 s" },
        { "busy", run => run.AssertBusy(0, 10), "busy", "idle, rung-barrier" },
        { "busy with", run => run.AssertBusy(0, 5, trial: 1), "runs trial 1", "runs trial 0" },
        { "idle time", run => run.AssertIdleTime(IdleCause.NoPromotable, 1), "1 slot-seconds", "0 slot-seconds" },
        { "utilization", run => run.AssertUtilization(304, 304), "304 of 304 (100 %)", "97 of 304 (31.91 %)" },
        { "rung", run => run.AssertRung(1, started: 4, promoted: 2), "4 started, 2 promoted", "4 started, 4 completed, 0 failed, 1 promoted" },
        { "end", run => run.AssertEnd(73), "completed at 73 s", "completed at 76 s" },
        { "best", run => run.AssertBest(1), "trial 1", "trial 0 at rung 2 with 0" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_not_is_told_with_the_timeline(string name, Action<RunUnderTest> assertion, string expected, string actual)
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            // Whoever runs it may write 0,5.
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
            var lines = Assert.Throws<XunitException>(() => assertion(Straggler())).Message.ReplaceLineEndings("\n").Split('\n');
            Assert.Contains(lines, line => line.StartsWith("  expected: ") && line.Contains(expected));
            Assert.Contains(lines, line => line.StartsWith("  actual:   ") && line.Contains(actual));
            Assert.Equal(4, lines.Count(line => line.StartsWith("slot ")));
            Assert.All(lines.SkipWhile(line => line != ""), line => Assert.True(line.Length <= 100, $"{name}: {line.Length} columns: {line}"));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void A_drawing_is_no_wider_than_100_columns_and_no_longer_than_a_screen()
    {
        var run = Run(Scenario.Asha(300).Stragglers(.5).Drops(.02).Nodes([.. Enumerable.Repeat(new Node(), 120), new Node().Joins(3), new Node().Dies(2, 5)]));
        var lines = Assert.Throws<XunitException>(() => run.AssertBusy(100, 1e6)).Message.ReplaceLineEndings("\n").Split('\n');
        Assert.All(lines, line => Assert.True(line.Length <= 100, $"{line.Length} columns: {line}"));
        Assert.InRange(lines.Length, 20, 45);
        Assert.Contains(lines, line => line.StartsWith("slot 100 node-100"));
        Assert.Contains(lines, line => line.Contains("more slots"));
    }

    [Fact]
    public void A_drawing_shows_cut_bars_failures_and_causes()
    {
        var run = Run(Scenario.Sha(2, 2).Resource(1, 2).Slots(2).SecondsPerUnit(10).Fails(trial: 1, rung: 0, after: 5));
        // 72 columns for 25 s. Trial 0 until 10 s; trial 1 fails at 5 s and is done at 15 s; trial 0 goes on until 25 s.
        Assert.Equal("""
            s             |0                |6.25             |12.5             |18.75            |25
            slot 0 node-0 [0@0========================].rung-barrier.[0@1========================]
            slot 1 node-0 [1@0=========x[1@0========================].no-work.....................
                          [3@1=] trial 3 going to rung 1; x: no result; …: goes on; . with a cause: idle
            """.ReplaceLineEndings("\n"), run.Timeline().ReplaceLineEndings("\n"));
        Assert.Contains("…0@0=", run.Timeline(5, 9));
        Assert.Equal("(No time has passed: 3 s.)", run.Timeline(3, 3));
    }
}
