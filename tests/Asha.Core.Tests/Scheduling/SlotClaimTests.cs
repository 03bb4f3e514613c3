using Asha.Core.Scheduling;
using CsCheck;

namespace Asha.Core.Tests.Scheduling;

/// <summary>A supervisor that is new, or an experiment that is: claims, and jobs that nodes announce.</summary>
public class SlotClaimTests
{
    private static readonly SlotCapacity[] Two = [SlotCapacity.None, SlotCapacity.None];

    private static IEnumerable<(PoolAction, string, int)> Told(SlotPool pool) => pool.Balance().Select(decision => (decision.Action, decision.Experiment, decision.Slot));

    [Fact]
    public void Node_before_claim()
    {
        var pool = new SlotPool(2, 10);
        pool.Join(Two, 4);
        Assert.True(pool.Hold(4, "one"));
        pool.Open("other", 1);
        // What runs on slot 4 is kept for its experiment, which has not come.
        Assert.Equal([(PoolAction.Grant, "other", 5)], Told(pool));
        pool.Open("one", 1);
        pool.Claim("one", [4]);
        var grant = Assert.Single(pool.Balance());
        Assert.Equal((PoolAction.Grant, "one", 4, (2L << 32) + 2), (grant.Action, grant.Experiment, grant.Slot, grant.Grant));
    }

    [Fact]
    public void Claim_before_node()
    {
        var pool = new SlotPool(2, 10);
        pool.Open("one", 1);
        pool.Claim("one", [4, 12, -1]);
        // 12 was never given: it cannot come.
        Assert.Equal([(PoolAction.Lost, "one", -1), (PoolAction.Lost, "one", 12)], Told(pool));
        Assert.Equal([4], pool.Awaited("one"));
        pool.Join(Two, 4);
        Assert.Equal([(PoolAction.Grant, "one", 4), (PoolAction.Grant, "one", 5)], Told(pool));
        Assert.Empty(pool.Awaited("one"));
    }

    [Fact]
    public void A_claim_whose_node_does_not_come_is_lost_when_it_is_given_up()
    {
        var pool = new SlotPool(2, 10);
        pool.Open("one", 1);
        pool.Claim("one", [4]);
        Assert.Empty(Told(pool));
        pool.GiveUp("one");
        Assert.Equal([(PoolAction.Lost, "one", 4)], Told(pool));
        pool.Join(Two, 4);
        pool.Open("other", 1);
        Assert.Equal([(PoolAction.Grant, "one", 4), (PoolAction.Grant, "other", 5)], Told(pool).Order());
        // A node that was here and is gone does not come with those numbers again.
        pool.Lose(4, 2);
        pool.Claim("one", [4]);
        Assert.Equal([(PoolAction.Lost, "one", 4)], Told(pool));
    }

    [Fact]
    public void What_is_awaited_counts_for_the_limit_and_the_share()
    {
        var pool = new SlotPool(2, 10);
        pool.Open("one", new ShareTerms(MaxConcurrent: 2));
        pool.Open("other", 1);
        pool.Claim("one", [4, 5]);
        pool.Join(1);
        Assert.Equal([(PoolAction.Grant, "other", 10)], Told(pool));
        pool.Join(Two, 4);
        Assert.Equal([(PoolAction.Grant, "one", 4), (PoolAction.Grant, "one", 5)], Told(pool));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_job_that_runs_is_stronger_than_a_claim_whichever_comes_first(bool nodeFirst)
    {
        var pool = new SlotPool(2, 10);
        pool.Open("one", 1);
        pool.Open("other", 1);
        void Node()
        {
            pool.Join([SlotCapacity.None], 4);
            Assert.True(pool.Hold(4, "other"));
        }
        if (nodeFirst)
            Node();
        pool.Claim("one", [4]);
        if (!nodeFirst)
            Node();
        Assert.Equal([(PoolAction.Grant, "other", 4), (PoolAction.Lost, "one", 4)], Told(pool).Order());
        Assert.False(pool.Hold(4, "one"));
        Assert.False(pool.Hold(7, "one"));
    }

    [Fact]
    public void A_slot_that_was_given_to_another_is_lost()
    {
        var pool = new SlotPool(2, 10);
        pool.Join(Two, 4);
        pool.Open("other", 1);
        Assert.Equal(2, pool.Balance().Count);
        pool.Open("one", 1);
        pool.Claim("one", [4]);
        Assert.Equal([(PoolAction.Recall, "other", 5), (PoolAction.Lost, "one", 4)], Told(pool).OrderByDescending(told => told.Item2));
    }

    [Fact]
    public void Of_two_who_claim_the_same_the_first_has_it()
    {
        var pool = new SlotPool(2, 10);
        pool.Open("one", 1);
        pool.Open("other", 1);
        pool.Claim("one", [4]);
        pool.Claim("other", [4]);
        Assert.Equal([(PoolAction.Lost, "other", 4)], Told(pool));
    }

    [Fact]
    public void An_experiment_that_is_new_hears_of_all_that_it_has_and_of_what_is_recalled()
    {
        var pool = new SlotPool();
        pool.Join(4);
        pool.Open("one", 1);
        Assert.Equal(4, pool.Balance().Count);
        pool.Open("other", 1);
        Assert.Equal([(PoolAction.Recall, "one", 3), (PoolAction.Recall, "one", 2)], Told(pool));
        // Its actor is made anew: by its journal it has 0, 1 and 3; of the recalls it knows nothing.
        pool.Open("one", 1);
        pool.Claim("one", [0, 1, 3]);
        var told = pool.Balance();
        Assert.Equal([(PoolAction.Grant, "one", 0), (PoolAction.Grant, "one", 1), (PoolAction.Grant, "one", 3), (PoolAction.Recall, "one", 3), (PoolAction.Grant, "other", 2)],
            told.Select(decision => (decision.Action, decision.Experiment, decision.Slot)));
        Assert.All(told.Where(decision => decision.Action == PoolAction.Grant), grant => Assert.True(grant.Grant > 4));
        // A return that was under way, of the grant before, is none: the experiment has the slot again when it hears of the new one.
        pool.Return("one", 0, grant: 1);
        Assert.Equal(SlotStanding.Kept, pool.StandingOf("one", 0));
        pool.Return("one", 0, grant: told[0].Grant);
        Assert.Equal(SlotStanding.Free, pool.StandingOf("one", 0));
    }

    [Fact]
    public void A_node_that_leaves_before_its_experiment_is_back_waits_for_its_job()
    {
        var pool = new SlotPool(2, 10);
        pool.Join(Two, 4);
        pool.Hold(4, "one");
        pool.Balance();
        pool.Withdraw(4, 2);
        Assert.True(pool.HasAny(4, 1));
        Assert.False(pool.HasAny(5, 1));
        pool.Open("one", 1);
        pool.Claim("one", [4]);
        Assert.Equal([(PoolAction.Grant, "one", 4), (PoolAction.Recall, "one", 4)], Told(pool));
        pool.Return("one", 4);
        Assert.False(pool.HasAny(4, 1));
    }

    /// <summary>An experiment that never comes back keeps nothing for ever.</summary>
    [Fact]
    public void What_is_kept_for_one_that_was_cancelled_is_free()
    {
        var pool = new SlotPool(2, 10);
        pool.Join(Two, 4);
        pool.Hold(4, "gone");
        pool.Open("one", 1);
        Assert.Equal([(PoolAction.Grant, "one", 5)], Told(pool));
        pool.Close("gone");
        Assert.Equal([(PoolAction.Grant, "one", 4)], Told(pool));
    }

    /// <summary>A failover in the middle of anything: nodes and experiments come in any order, and all go on with what they had.</summary>
    [Fact]
    public void After_a_failover_everybody_has_what_it_had_whatever_the_order()
        => Gen.Int.Sample(seed =>
        {
            var random = new Random(seed);
            var (nodes, experiments) = (random.Next(1, 5), random.Next(1, 4));
            var holders = Enumerable.Range(0, nodes * 3).ToDictionary(slot => slot, _ => $"experiment-{random.Next(experiments)}");
            var pool = new SlotPool(5, nodes * 3);
            var steps = Enumerable.Range(0, nodes).Select(node => (Action)(() =>
            {
                pool.Join([SlotCapacity.None, SlotCapacity.None, SlotCapacity.None], node * 3);
                foreach (var slot in Enumerable.Range(node * 3, 3).Where(_ => random.Next(2) == 0))
                    Assert.True(pool.Hold(slot, holders[slot])); // Some slots are between two jobs.
            })).Concat(Enumerable.Range(0, experiments).Select(index => (Action)(() =>
            {
                pool.Open($"experiment-{index}", 1);
                pool.Claim($"experiment-{index}", holders.Where(held => held.Value == $"experiment-{index}").Select(held => held.Key));
            }))).ToArray();
            // Those that were open when they failed over claim before the nodes come, or after; in the worst case somebody else is given a slot between two jobs.
            random.Shuffle(steps);
            var told = new List<PoolDecision>();
            foreach (var step in steps)
            {
                step();
                told.AddRange(pool.Balance());
            }
            foreach (var (slot, holder) in holders)
            {
                var last = told.Last(decision => decision.Slot == slot && decision.Action == PoolAction.Grant);
                var lost = told.Any(decision => decision.Action == PoolAction.Lost && decision.Slot == slot && decision.Experiment == holder);
                Assert.Equal(lost, last.Experiment != holder);
                Assert.Equal(last.Experiment, pool.Rows.Single(row => row.Slot == slot).Holder);
            }
        }, iter: 300);
}
