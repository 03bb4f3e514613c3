using CsCheck;

namespace Asha.Core.Tests.Scheduling;

/// <summary>Who holds which slot, under random operations: what experiments do follows their messages' meaning, and returns come late.</summary>
public class SlotPoolTests
{
    [Fact]
    public void Whatever_happens_no_slot_has_two_holders_and_none_is_left_over_while_somebody_wants_it()
        => Gen.Int.Sample(seed =>
        {
            var (random, holders, names) = (new Random(seed), new Holders(), 0);
            for (var step = 0; step < 150; step++)
            {
                Operate(random, holders, ref names);
                holders.Balance();
            }
            holders.Settle();
        }, iter: 300);

    [Fact]
    public void Shares_approach_the_weights_and_nobody_starves()
        => Gen.Select(Gen.Int, Gen.Int[1, 5].Array[1, 5], Gen.Int[1, 40]).Sample((seed, weights, slots) =>
        {
            var random = new Random(seed);
            var holders = new Holders();
            var nodes = 0;
            void JoinSome()
            {
                for (var joined = 0; joined < slots; nodes++)
                {
                    var more = Math.Min(random.Next(1, 6), slots - joined);
                    holders.Join($"node-{nodes}", more);
                    joined += more;
                }
            }
            // All want all they can get, and come one after the other, before or after the nodes.
            if (random.Next(2) == 0)
                JoinSome();
            for (var experiment = 0; experiment < weights.Length; experiment++)
            {
                holders.Open($"experiment-{experiment}", weights[experiment]);
                holders.Balance();
            }
            if (nodes == 0)
                JoinSome();
            holders.Settle();
            Assert.Equal(slots, holders.Held.Count());
            foreach (var (one, (mine, _)) in holders.Experiments)
            {
                if (slots >= weights.Length)
                    Assert.NotEmpty(mine);
                foreach (var (other, (theirs, _)) in holders.Experiments)
                {
                    // Moving one more slot would not bring them closer to their weights, the last one of anybody excepted.
                    Assert.True((theirs.Count - 1) * holders.Weights[one] < (mine.Count + 1) * holders.Weights[other],
                        $"{one} has {mine.Count} for {holders.Weights[one]}, {other} has {theirs.Count} for {holders.Weights[other]}");
                }
            }
        }, iter: 500);

    [Fact]
    public void A_parked_slot_moves_to_whoever_wants_one()
        => Gen.Select(Gen.Int, Gen.Int[1, 10]).Sample((seed, slots) =>
        {
            var random = new Random(seed);
            var holders = new Holders();
            holders.Join("node", slots);
            holders.Open("idle", 5);
            holders.Balance();
            var parked = holders.Experiments["idle"].Slots.Where(_ => random.Next(2) == 0).ToArray();
            foreach (var slot in parked)
                holders.Park("idle", slot);
            holders.Balance();
            holders.Open("busy", 1);
            holders.Settle();
            Assert.Superset(parked.ToHashSet(), holders.Experiments["busy"].Slots);
        }, iter: 200);

    [Fact]
    public void A_slot_that_was_parked_and_is_wanted_again_is_not_taken_for_idle()
    {
        var holders = new Holders();
        holders.Join("node", 2);
        holders.Open("one", 1);
        holders.Balance();
        holders.Park("one", 0);
        holders.Use("one", 0);
        holders.Want("one");
        holders.Open("two", 1);
        holders.Settle();
        Assert.Equal([0], holders.Experiments["one"].Slots);
        Assert.Equal([1], holders.Experiments["two"].Slots);
    }

    [Fact]
    public void New_slots_that_nobody_wants_are_given_all_the_same_and_found_by_who_wants_them_later()
    {
        var holders = new Holders();
        holders.Open("idle", 1);
        holders.Join("first", 1);
        holders.Balance();
        holders.Park("idle", 0);
        holders.Join("second", 2);
        holders.Balance();
        Assert.Equal([0, 1, 2], holders.Experiments["idle"].Slots);
        holders.Park("idle", 1);
        holders.Park("idle", 2);
        holders.Open("busy", 1);
        holders.Settle();
        Assert.Equal([0, 1, 2], holders.Experiments["busy"].Slots);
    }

    [Fact]
    public void What_does_not_hold_the_slot_cannot_park_or_return_it()
    {
        var holders = new Holders();
        holders.Join("node", 1);
        holders.Open("one", 1);
        holders.Open("two", 1);
        holders.Balance();
        holders.Return("two", 0);
        holders.Park("two", 0);
        Assert.Empty(holders.Balance());
        Assert.Equal([0], holders.Experiments["one"].Slots);
    }

    private static void Operate(Random random, Holders holders, ref int names)
    {
        var experiments = holders.Experiments.Keys.ToArray();
        var one = experiments.Length > 0 ? experiments[random.Next(experiments.Length)] : null;
        switch (random.Next(10))
        {
            case 9 when holders.Nodes.Count > 1 && random.Next(3) == 0:
                holders.Withdraw(holders.Nodes.Keys.Order().ElementAt(random.Next(holders.Nodes.Count)));
                break;
            case 0:
                holders.Join($"node-{names++}", random.Next(1, 5));
                break;
            case 1 when holders.Nodes.Count > 1:
                holders.Lose(holders.Nodes.Keys.Order().ElementAt(random.Next(holders.Nodes.Count)));
                break;
            case 2 when experiments.Length < 5:
                holders.Open($"experiment-{names++}", random.Next(1, 5));
                break;
            case 3 when one is not null && random.Next(3) == 0:
                holders.Close(one);
                break;
            case 4 or 5 when one is not null && holders.Experiments[one].Slots.Count > 0:
                holders.Park(one, holders.Experiments[one].Slots.ElementAt(random.Next(holders.Experiments[one].Slots.Count)));
                break;
            case 6 when one is not null:
                if (holders.Experiments[one].Slots.Count > 0)
                    holders.Use(one, holders.Experiments[one].Slots.Max);
                holders.Want(one);
                break;
            case 7 or 8 when one is not null && holders.Experiments[one].Recalled.Count > 0:
                holders.Return(one, holders.Experiments[one].Recalled.Min);
                break;
            default:
                break;
        }
    }
}
