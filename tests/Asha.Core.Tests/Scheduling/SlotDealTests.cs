using Asha.Core.Scheduling;

namespace Asha.Core.Tests.Scheduling;

/// <summary>How free slots are dealt out.</summary>
public class SlotDealTests
{
    [Fact]
    public void Free_slots_are_dealt_by_weight_at_once_and_none_has_to_be_recalled()
    {
        var pool = new SlotPool();
        pool.Open("light", 1);
        pool.Open("heavy", 3);
        pool.Join(8);
        var decisions = pool.Balance();
        Assert.All(decisions, decision => Assert.Equal(PoolAction.Grant, decision.Action));
        // 1 : 3 of 8 slots.
        Assert.Equal((2, 6), (decisions.Count(decision => decision.Experiment == "light"), decisions.Count(decision => decision.Experiment == "heavy")));
    }
}
