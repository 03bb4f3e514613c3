using Asha.Core.Utilization;
using Asha.TestKit;
using Xunit;

namespace MyProject.Tests;

/// <summary>One node of four is 20 times slower at the second rung.</summary>
public sealed class StragglerTests : AshaTestKit
{
    // A second an epoch; rungs at 1, 4 and 16 epochs; trial 0 is the best, trial 1 the next, and so on.
    private static Scenario OnFourNodes(Scenario scheduler) => scheduler
        .Resource(min: 1, max: 16)
        .Nodes(new Node(), new Node(), new Node(), new Node().SlowAtRung(1, times: 20))
        .Metrics((trial, epoch) => trial + 1 / epoch);

    [Fact]
    public void Sha_waits_behind_the_slow_node()
    {
        var run = Run(OnFourNodes(Scenario.Sha(trials: 16, reductionFactor: 4)));

        // 16 jobs of 1 s on 4 slots: the first rung is done at 4 s. Its best 16 / 4 = 4 go on together.
        run.AssertPromotedFrom(0, 0, 1, 2, 3);
        // Each trains 4 − 1 = 3 epochs more: 3 s, and 20 · 3 = 60 s on the slow node, which is slot 3.
        run.AssertRan(trial: 3, rung: 1, from: 4, to: 64, node: "node-3");
        // The other three slots are done at 7 s, and wait until 64 s: 3 · 57 slot-seconds.
        run.AssertIdle(slot: 0, at: 7, IdleCause.RungBarrier);
        run.AssertIdleTime(IdleCause.RungBarrier, slotSeconds: 171);
        // Then the best of the four trains 16 − 4 = 12 epochs more, alone.
        run.AssertPromoted(trial: 0, rung: 1, at: 64);
        run.AssertEnd(at: 76);
        run.AssertUtilization(busy: 16 + 3 * 3 + 60 + 12, present: 4 * 76);
    }

    [Fact]
    public void Asha_does_not()
    {
        // As long as SHA took, and with as many trials as there is time for.
        var run = Run(OnFourNodes(Scenario.Asha(reductionFactor: 4)).StopAfter(76));

        // With the fourth result, at 1 s, one of four may go on: the best, and slot 3 is the idle one. It takes 60 s there.
        run.AssertRan(trial: 0, rung: 1, from: 1, to: 61, node: "node-3");
        // Nobody waits for it.
        run.AssertIdleTime(IdleCause.RungBarrier, slotSeconds: 0);
        run.AssertUtilization(busy: 4 * 76, present: 4 * 76);
        run.AssertEnd(at: 76, outcome: "stopped");
    }
}
