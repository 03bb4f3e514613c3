using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Scheduling;

namespace Asha.Actors;

/// <summary>How nodes come: they join, and those that do not know this supervisor are told of it.</summary>
internal sealed partial class NodeDesk
{
    /// <summary>The supervisor's own alarm: nodes that have not joined are told again.</summary>
    internal sealed class AnnounceAgain : INoSerializationVerificationNeeded
    {
        public static readonly AnnounceAgain Now = new();
    }

    /// <summary>One that joins again, after it did not answer, has new slots: those that it had were given up. The same joining may come twice.</summary>
    public void Join(IActorRef address, JoinNode join)
    {
        if (setup.IsClustered && join.Epoch != setup.Epoch && (join.FirstSlot is not null || join.Running is not null || join.Epoch > setup.Epoch))
        {
            // What it says of others it must not say to this one before it takes no starts of theirs any more.
            if (join.Epoch < setup.Epoch)
                address.Tell(new AnnounceNode(setup.Epoch));
            return;
        }
        if (join.Joining > 0 && _nodes.TryGetValue(address, out var known) && join.Joining <= known.Joining)
        {
            Answer(known, join.Joining);
            return;
        }
        var keeps = join.FirstSlot is { } first && first >= 0 && first + join.Slots <= pool.NextNumber && !pool.HasAny(first, join.Slots);
        if (!keeps && pool.NextNumber + join.Slots > _limit)
        {
            _waiting[supervisor.Watch(address)] = join;
            return;
        }
        Lose(address);
        var numbered = pool.Join(join.Resources is { } capacities && capacities.Count == join.Slots ? capacities : [.. Enumerable.Repeat(SlotCapacity.None, join.Slots)], keeps ? join.FirstSlot : null);
        var node = new JoinedNode(join.Node, supervisor.Watch(address), numbered, join.Slots, join.Joining, join.Files);
        _nodes[address] = node;
        _met.Remove(address);
        for (var slot = node.FirstSlot; slot < node.FirstSlot + join.Slots; slot++)
            _nodeOfSlot[slot] = node;
        foreach (var job in join.Running ?? [])
            Keep(node, job);
        if (join.Joining > 0)
            Answer(node, join.Joining);
    }

    /// <summary>More numbers may be given.</summary>
    public void Allow(int limit)
    {
        _limit = Math.Max(_limit, limit);
        _isAsking = false;
        foreach (var (address, join) in _waiting.ToArray())
            Join(address, join);
    }

    /// <summary>Asks for numbers with one question at a time, for all who wait: if each asked for itself, each answer would have all those ask again who are left, and their questions would be more each time.</summary>
    public void AskForNumbers()
    {
        if (_isAsking || _waiting.Count == 0)
            return;
        _isAsking = true;
        registry.Tell(new NumbersUsedUp(pool.NextNumber, _waiting.Values.Sum(join => join.Slots)));
    }

    /// <summary>A node is there that does not know this supervisor.</summary>
    public void Meet(IActorRef address)
    {
        if (_nodes.ContainsKey(address) || !_met.Add(supervisor.Watch(address)))
            return;
        address.Tell(new AnnounceNode(setup.Epoch));
        timers().StartSingleTimer(AnnounceAgain.Now, AnnounceAgain.Now, setup.ResendInterval);
    }

    /// <summary>Tells those again that have not joined.</summary>
    public void SayAgain()
    {
        foreach (var address in _met)
            address.Tell(new AnnounceNode(setup.Epoch));
        if (_met.Count > 0)
            timers().StartSingleTimer(AnnounceAgain.Now, AnnounceAgain.Now, setup.ResendInterval);
    }

    /// <summary>A job runs there: the slot is kept for its experiment, wherever that is.</summary>
    private void Keep(JoinedNode node, RunningJob job)
    {
        var slot = node.FirstSlot + job.Slot;
        if (!setup.IsClustered || job.Slot < 0 || job.Slot >= node.Slots || !pool.Hold(slot, job.Run))
            return;
        node.Running[slot] = job;
        if (!experiments.Knows(job.Run))
            registry.Tell(new ExperimentAway(job.Run));
    }

    private void Answer(JoinedNode node, int joining)
        => node.Address.Tell(setup.IsClustered ? new NodeJoined(joining, setup.Epoch, node.FirstSlot) : new NodeJoined(joining));
}
