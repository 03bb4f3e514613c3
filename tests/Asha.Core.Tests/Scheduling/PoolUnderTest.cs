using Asha.Core.Scheduling;

namespace Asha.Core.Tests.Scheduling;

/// <summary>A pool with experiments that do what it says, and books of their own, by which its laws are checked after every step.</summary>
internal sealed class PoolUnderTest(int epoch = 0)
{
    internal sealed class Player(ShareTerms terms, SlotDemand demand)
    {
        public ShareTerms Terms { get; set; } = terms;
        public SlotDemand Demand { get; } = demand;
        public bool Wants { get; set; } = true;
        public SortedSet<int> Held { get; } = [];
        public IReadOnlySet<int> Shunned { get; set; } = new HashSet<int>();

        /// <summary>Whether it would take the slot.</summary>
        public bool Takes(int slot, SlotCapacity capacity) => Demand.IsMetBy(capacity) && !Shunned.Contains(slot);

        public RecalledSlots Recalled { get; } = new();
    }

    private readonly HashSet<int> _leaving = [];
    private long _grant = (long)epoch << 32;

    public SlotPool Pool { get; } = new(epoch);

    public SortedDictionary<string, Player> Players { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<int, SlotCapacity> Slots { get; } = [];

    /// <summary>The first number and the count of each node.</summary>
    public List<(int First, int Count)> Nodes { get; } = [];

    public void Join(params SlotCapacity[] slots)
    {
        var first = Pool.Join(slots);
        Nodes.Add((first, slots.Length));
        for (var index = 0; index < slots.Length; index++)
            Slots[first + index] = slots[index];
    }

    public void Lose((int First, int Count) node)
    {
        Nodes.Remove(node);
        foreach (var (experiment, lost) in Pool.Lose(node.First, node.Count))
            lost.ForEach(slot => Drop(Players[experiment], slot));
        foreach (var slot in Enumerable.Range(node.First, node.Count))
            Slots.Remove(slot);
        Assert.DoesNotContain(Players.Values.SelectMany(player => player.Held), slot => !Slots.ContainsKey(slot));
    }

    public void Withdraw((int First, int Count) node)
    {
        Pool.Withdraw(node.First, node.Count);
        _leaving.UnionWith(Enumerable.Range(node.First, node.Count));
    }

    public Player Open(string experiment, ShareTerms terms, SlotDemand? demand = null)
    {
        Pool.Open(experiment, terms, demand);
        return Players[experiment] = new Player(terms, demand ?? SlotDemand.None);
    }

    public void Close(string experiment)
    {
        Pool.Close(experiment);
        Players.Remove(experiment);
    }

    public void Change(string experiment, ShareTerms terms)
    {
        Pool.Change(experiment, terms);
        Players[experiment].Terms = terms;
    }

    /// <summary>Its trials cannot be run on these nodes: what it has there it returns.</summary>
    public void Shun(string experiment, params (int First, int Count)[] nodes)
    {
        var player = Players[experiment];
        player.Shunned = nodes.SelectMany(node => Enumerable.Range(node.First, node.Count)).ToHashSet();
        Pool.Shun(experiment, player.Shunned);
        foreach (var slot in player.Held.Where(player.Shunned.Contains).ToArray())
        {
            Drop(player, slot);
            Pool.Return(experiment, slot);
        }
    }

    public void Park(string experiment, int slot)
    {
        Pool.Park(experiment, slot);
        Players[experiment].Wants = false;
    }

    public void Want(string experiment)
    {
        Pool.Want(experiment);
        Players[experiment].Wants = true;
    }

    /// <summary>A job has ended on the slot; whether it went back for a recall, its own or another slot's.</summary>
    public bool Idle(string experiment, int slot)
    {
        var player = Players[experiment];
        if (player.Recalled.Settle(slot, Slots[slot]) is not { } settled)
            return false;
        Drop(player, slot);
        Pool.Return(experiment, slot, settled == slot ? null : settled);
        return true;
    }

    /// <summary>Balances, and checks what holds after every step; returns the slots that were granted.</summary>
    public IReadOnlyList<PoolDecision> Balance()
    {
        var decisions = Pool.Balance();
        foreach (var decision in decisions)
        {
            var player = Players[decision.Experiment];
            if (decision.Action == PoolAction.Grant)
            {
                Assert.True(decision.Grant > _grant, "grants rise");
                _grant = decision.Grant;
                Assert.DoesNotContain(Players.Values, other => other.Held.Contains(decision.Slot));
                Assert.DoesNotContain(decision.Slot, _leaving);
                Assert.True(player.Takes(decision.Slot, Slots[decision.Slot]), "a slot that is granted fits, and is not shunned");
                player.Held.Add(decision.Slot);
                Assert.True(player.Held.Count <= (player.Terms.MaxConcurrent ?? int.MaxValue), $"{decision.Experiment} has more than its limit");
            }
            else if (decision.Action == PoolAction.Keep)
            {
                Assert.Contains(decision.Slot, player.Held);
                player.Recalled.Forget(decision.Slot);
            }
            else
            {
                Assert.Equal(PoolAction.Recall, decision.Action);
                Assert.Contains(decision.Slot, player.Held);
                player.Recalled.Recall(decision.Slot, decision.For);
            }
        }
        PoolLaws.Check(this);
        return decisions;
    }

    /// <summary>Jobs end, in any order, until nothing moves any more.</summary>
    public void Settle(Random random)
    {
        Balance();
        for (var ends = 0; Players.Any(player => player.Value.Recalled.Count > 0); ends++)
        {
            Assert.True(ends < 5_000, "slots are moved about for ever");
            var all = Players.SelectMany(player => player.Value.Held.Select(slot => (player.Key, slot))).ToArray();
            var (experiment, slot) = all[random.Next(all.Length)];
            if (Idle(experiment, slot))
                Balance();
        }
    }

    private static void Drop(Player player, int slot)
    {
        player.Held.Remove(slot);
        player.Recalled.Forget(slot);
    }
}
