using Akka.Actor;
using Akka.Cluster;
using Asha.Actors.Messages;
using Asha.Cluster.Settings;
using Asha.Core.Experiments;
using Asha.Core.Scheduling;

namespace Asha.Cluster.Coordinators;

/// <summary>The nodes that have said their names, for people: to be listed, and to be drained.</summary>
/// <param name="context">The registry's: watches their links.</param>
internal sealed class KnownNodes(IActorContext context)
{
    private readonly Dictionary<string, ListedNode> _nodes = [];

    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<ListedNode> All => [.. _nodes.Values.OrderBy(node => node.Node, StringComparer.Ordinal)];

    /// <summary>It announces itself.</summary>
    public void Join(JoinNode join, IActorRef link)
        => _nodes[join.Node] = new ListedNode(join.Node, join.Slots, context.Watch(link), _nodes.GetValueOrDefault(join.Node) is { IsDraining: true } known && known.Link.Equals(link), join.Resources, join.Files);

    /// <summary>Why none of their slots is such as these trials need; <c>null</c>: one is, though another may have it.</summary>
    public string? ShortageOf(TrialSpec trial)
        => SlotShortage.Of(SlotDemand.Of(trial) ?? SlotDemand.None, _nodes.Values.Where(node => !node.IsDraining).SelectMany(node => node.Resources ?? [.. Enumerable.Repeat(SlotCapacity.None, node.Slots)]));

    public void Forget(IActorRef gone)
    {
        foreach (var (node, _) in _nodes.Where(node => node.Value.Link.Equals(gone)).ToArray())
            _nodes.Remove(node);
    }

    /// <summary>Has it leave when its jobs are over.</summary>
    /// <returns>Why there is none of that name; <c>null</c>: it was told.</returns>
    public string? Drain(string node)
    {
        if (!_nodes.TryGetValue(node, out var listed))
            return Unknown(node);
        _nodes[node] = listed with { IsDraining = true };
        listed.Link.Tell(new LeaveWhenIdle());
        return null;
    }

    private string Unknown(string node)
    {
        // A member says its name when it announces itself, a moment after it came up.
        var nameless = Akka.Cluster.Cluster.Get(context.System).State.Members.Count(member => member.Status == MemberStatus.Up && member.HasRole(ClusterConfig.Node)) - _nodes.Count;
        return $"{node}: there is no such node{(_nodes.Count == 0 ? "" : $"; there are {string.Join(", ", _nodes.Keys.Order(StringComparer.Ordinal))}")}"
            + (nameless > 0 ? $"; {nameless} that {(nameless == 1 ? "is" : "are")} up {(nameless == 1 ? "has" : "have")} not said {(nameless == 1 ? "its name" : "their names")} yet: ask again in a moment" : _nodes.Count == 0 ? "; none is up" : "");
    }
}
