using Asha.Core.Scheduling;

namespace Asha.Core.Tests.Scheduling;

/// <summary>What slots have and experiments demand, and numbers that nobody else has.</summary>
public class SlotFitTests
{
    private static readonly SlotCapacity Small = new(2, 4L << 30), Large = new(8, 32L << 30, 2, ["fast", "gpu"]);

    private static IEnumerable<(PoolAction, string, int)> Told(SlotPool pool) => pool.Balance().Select(decision => (decision.Action, decision.Experiment, decision.Slot));

    [Theory]
    [InlineData(2, 4, 0, null, true)]
    [InlineData(3, 0, 0, null, false)]
    [InlineData(0, 5, 0, null, false)]
    [InlineData(0, 0, 1, null, false)]
    [InlineData(0, 0, 0, "fast", false)]
    public void A_slot_fits_that_has_as_much_of_everything(int cpus, int gibibytes, int gpus, string? label, bool fits)
    {
        var demand = new SlotDemand(cpus, (long)gibibytes << 30, gpus, label is null ? null : [label]);
        Assert.Equal(fits, demand.IsMetBy(Small));
        Assert.True(demand.IsMetBy(Large));
    }

    [Fact]
    public void Equal_slots_are_equal_whatever_the_order_of_their_labels()
    {
        Assert.Equal(new SlotCapacity(1, 2, 3, ["b", "a", "b"]), new SlotCapacity(1, 2, 3, ["a", "b"]));
        Assert.NotEqual(new SlotCapacity(1, 2, 3, ["a"]), new SlotCapacity(1, 2, 3, ["a", "b"]));
        Assert.Equal(new SlotDemand(Labels: ["b", "a"]).GetHashCode(), new SlotDemand(Labels: ["a", "b"]).GetHashCode());
    }

    [Fact]
    public void Only_slots_that_fit_are_granted_and_GPUs_are_left_to_those_who_demand_them()
    {
        var pool = new SlotPool();
        pool.Join([Large, Small, Small]);
        pool.Open("any", new ShareTerms(MaxConcurrent: 1));
        pool.Open("gpu", new ShareTerms(), new SlotDemand(Gpus: 1));
        Assert.Equal([(PoolAction.Grant, "any", 1), (PoolAction.Grant, "gpu", 0)], Told(pool));
        Assert.Equal(1, pool.OwnedBy("gpu"));
    }

    [Fact]
    public void What_no_slot_has_is_said()
    {
        var demand = new SlotDemand(Gpus: 4);
        Assert.Equal("there are no slots", SlotShortage.Of(demand, []));
        Assert.Equal("no slot has 4 GPUs", SlotShortage.Of(demand, [Small]));
        Assert.Equal("no slot has 4 GPUs, the most is 2 GPUs", SlotShortage.Of(demand, [Small, Large, Large]));
        Assert.Null(SlotShortage.Of(new SlotDemand(8, 32L << 30, 2, ["fast"]), [Small, Large]));
        Assert.Equal("no slot has 9 CPUs, the most is 8 CPUs; no slot has 33.5 GiB of memory, the most is 32 GiB of memory; no slot has the label slow",
            SlotShortage.Of(new SlotDemand(9, 67L << 29, 0, ["slow"]), [Small, Large]));
        Assert.Equal("no slot has all of 9 GPUs, 2 CPUs, though there are slots with each", SlotShortage.Of(new SlotDemand(2, 0, 9), [Small, Large, new SlotCapacity(1, 0, 9)]));
    }

    [Fact]
    public void A_limit_holds_also_while_a_slot_is_on_its_way_back()
    {
        var pool = new SlotPool();
        pool.Open("one", new ShareTerms(MaxConcurrent: 2));
        pool.Join(3);
        Assert.Equal([(PoolAction.Grant, "one", 0), (PoolAction.Grant, "one", 1)], Told(pool));
        pool.Change("one", new ShareTerms(MaxConcurrent: 1));
        Assert.Equal([(PoolAction.Recall, "one", 1)], Told(pool));
        pool.Change("one", new ShareTerms(MaxConcurrent: 2));
        Assert.Empty(Told(pool)); // It still runs two.
        pool.Return("one", 1);
        Assert.Equal([(PoolAction.Grant, "one", 1)], Told(pool));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShareTerms(MaxConcurrent: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShareTerms(0));
    }

    [Fact]
    public void A_node_keeps_its_numbers_and_new_ones_are_above_all_that_were_ever_given()
    {
        var pool = new SlotPool(nextNumber: 10);
        Assert.Equal(10, pool.Join(2));
        Assert.Equal(4, pool.Join([Small, Small], 4));
        Assert.Equal(20, pool.Join([Small], 20)); // The mark was lost, and the node knows better.
        Assert.Equal(21, pool.Join(1));
        Assert.Equal(22, pool.NextNumber);
        pool.Inherit(30);
        pool.Inherit(25);
        Assert.Equal(30, pool.Join(1));
        Assert.True(pool.HasAny(5, 1));
        Assert.Throws<ArgumentException>(() => pool.Join([Small], 5));
        pool.Lose(4, 2);
        Assert.Equal(4, pool.Join([Small, Small], 4));
    }

    [Fact]
    public void Grants_rise_and_those_of_a_newer_supervisor_are_above_all_of_an_older()
    {
        static long[] Grants(SlotPool pool)
        {
            pool.Open("one", 1);
            pool.Join(2);
            return [.. pool.Balance().Select(decision => decision.Grant)];
        }
        Assert.Equal([1, 2], Grants(new SlotPool()));
        Assert.Equal([(7L << 32) + 1, (7L << 32) + 2], Grants(new SlotPool(7)));
    }
}
