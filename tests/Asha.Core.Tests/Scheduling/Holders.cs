using Asha.Core.Scheduling;

namespace Asha.Core.Tests.Scheduling;

/// <summary>What the experiments know: which slots they hold, and which of these they are to return.</summary>
internal sealed class Holders
{
    private readonly SlotPool _pool = new();
    private readonly Dictionary<string, List<int>> _nodes = [];
    private readonly HashSet<int> _withdrawn = [];

    public SortedDictionary<string, (SortedSet<int> Slots, SortedSet<int> Recalled)> Experiments { get; } = [];

    public Dictionary<string, int> Weights { get; } = [];

    /// <summary>Those that would take another slot.</summary>
    public HashSet<string> Hungry { get; } = [];

    public HashSet<int> Present { get; } = [];

    public IEnumerable<int> Held => Experiments.Values.SelectMany(own => own.Slots);

    public IEnumerable<int> Free => Present.Except(Held);

    public IReadOnlyDictionary<string, List<int>> Nodes => _nodes;

    public void Join(string node, int slots)
    {
        _nodes[node] = [.. Enumerable.Range(_pool.Join(slots), slots)];
        Present.UnionWith(_nodes[node]);
    }

    public void Lose(string node)
    {
        Assert.True(_nodes.Remove(node, out var slots));
        Present.ExceptWith(slots);
        foreach (var (experiment, lost) in _pool.Lose(slots[0], slots.Count))
        {
            Assert.Equal(Experiments[experiment].Slots.Where(slots.Contains), lost);
            Experiments[experiment].Slots.ExceptWith(lost);
            Experiments[experiment].Recalled.ExceptWith(lost);
        }
        Assert.Empty(Held.Intersect(slots)); // Each holder was told.
    }

    /// <summary>The node leaves: what nobody holds is gone, the rest when it is returned.</summary>
    public void Withdraw(string node)
    {
        var slots = _nodes[node];
        _pool.Withdraw(slots[0], slots.Count);
        _withdrawn.UnionWith(slots.Intersect(Present));
        Present.ExceptWith(slots.Except(Held));
    }

    public void Open(string experiment, int weight)
    {
        _pool.Open(experiment, weight);
        Experiments[experiment] = ([], []);
        Weights[experiment] = weight;
        Hungry.Add(experiment);
    }

    public void Close(string experiment)
    {
        _pool.Close(experiment);
        Present.ExceptWith(Experiments[experiment].Slots.Intersect(_withdrawn));
        Experiments.Remove(experiment);
        Hungry.Remove(experiment);
    }

    public void Park(string experiment, int slot)
    {
        _pool.Park(experiment, slot);
        Hungry.Remove(experiment);
    }

    public void Use(string experiment, int slot) => _pool.Use(experiment, slot);

    public void Want(string experiment)
    {
        _pool.Want(experiment);
        Hungry.Add(experiment);
    }

    public void Return(string experiment, int slot)
    {
        if (Experiments[experiment].Slots.Remove(slot) && _withdrawn.Contains(slot))
            Present.Remove(slot);
        Experiments[experiment].Recalled.Remove(slot);
        _pool.Return(experiment, slot);
    }

    public IReadOnlyList<PoolDecision> Balance()
    {
        var decisions = _pool.Balance();
        foreach (var (action, experiment, slot) in decisions)
        {
            if (action == PoolAction.Grant)
            {
                Assert.Contains(slot, Present);
                Assert.DoesNotContain(slot, Held); // No slot with two holders.
                Assert.DoesNotContain(slot, _withdrawn);
                Experiments[experiment].Slots.Add(slot);
            }
            else
            {
                Assert.Contains(slot, Experiments[experiment].Slots);
                if (action == PoolAction.Recall)
                    Experiments[experiment].Recalled.Add(slot);
                else
                    Experiments[experiment].Recalled.Remove(slot); // It may be kept.
            }
        }
        if (Hungry.Count > 0)
            Assert.Empty(Free); // No slot is left over while somebody would take it.
        Assert.All(_withdrawn.Intersect(Held), slot => Assert.Contains(Experiments.Values, own => own.Recalled.Contains(slot)));
        Assert.All(_nodes.Values, slots => Assert.Equal(slots.Any(Present.Contains), _pool.HasAny(slots[0], slots.Count)));
        return decisions;
    }

    /// <summary>All jobs end: what was recalled is returned, until nothing moves any more.</summary>
    public void Settle()
    {
        Balance();
        for (var round = 0; Experiments.Any(own => own.Value.Recalled.Count > 0); round++)
        {
            Assert.True(round < 200, "slots are moved about for ever");
            foreach (var (experiment, (_, recalled)) in Experiments)
            {
                foreach (var slot in recalled.ToArray())
                    Return(experiment, slot);
            }
            Balance();
        }
    }
}
