using System.Collections.Immutable;
using Akka.Actor;
using Asha.Actors.Messages;

namespace Asha.Actors;

/// <summary>
/// Where the nodes are that an experiment has had slots of, by their names: these are in its journal, and addresses are not. Who goes on with a run meets a node when a slot of it is granted; what the node is to be told before that waits for it.
/// </summary>
/// <param name="outbox">What is told waits there for the journal.</param>
/// <param name="isOneMachine">Whatever a node is called, or was called by an engine before: it is the one that is there.</param>
internal sealed class NodeAddresses(Outbox outbox, bool isOneMachine)
{
    /// <summary>A node has another address each time that it was given up and is back, and two may have been given one name: all are told.</summary>
    private const int MostAddresses = 4;

    private readonly Dictionary<string, List<IActorRef>> _known = [];

    /// <summary>The newest word on each trial counts: it says all that those before it did.</summary>
    private readonly Dictionary<string, SortedDictionary<int, ReleaseCheckpoints>> _waiting = [];

    private IActorRef? _first;

    public void Meet(string node, IActorRef address)
    {
        _first ??= address;
        var addresses = _known.TryGetValue(node, out var known) ? known : _known[node] = [];
        if (addresses.Contains(address))
            return;
        if (addresses.Count == MostAddresses)
            addresses.RemoveAt(0);
        addresses.Add(address);
        if (!_waiting.Remove(node, out var waiting))
            return;
        foreach (var release in waiting.Values)
            outbox.Send(address, release);
    }

    /// <summary>Tells the nodes that a trial has been on, each once, the last one first.</summary>
    public void Tell(ImmutableArray<(int Attempt, string Node)> moves, ReleaseCheckpoints release)
    {
        // Few trials were on more than one node, and the addresses of one are different.
        var told = moves.Length > 1 ? new HashSet<IActorRef>() : null;
        for (var index = moves.Length - 1; index >= 0; index--)
        {
            var node = moves[index].Node;
            if (_known.TryGetValue(node, out var addresses))
                Tell(addresses, release, told);
            else if (isOneMachine && _first is not null)
                Tell(_first, release, told);
            else
                (_waiting.TryGetValue(node, out var waiting) ? waiting : _waiting[node] = [])[release.Trial] = release;
        }
    }

    private void Tell(List<IActorRef> addresses, ReleaseCheckpoints release, HashSet<IActorRef>? told)
    {
        for (var index = addresses.Count - 1; index >= 0; index--)
            Tell(addresses[index], release, told);
    }

    private void Tell(IActorRef address, ReleaseCheckpoints release, HashSet<IActorRef>? told)
    {
        if (told is null || told.Add(address))
            outbox.Send(address, release);
    }
}
