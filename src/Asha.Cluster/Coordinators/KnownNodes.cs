using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Cluster.Settings;
using Asha.Core.Experiments;
using Asha.Core.Scheduling;

namespace Asha.Cluster.Coordinators;

/// <summary>The nodes that have said their names, for people: to be listed, and to be drained. Two may have the same name, by mistake: each is one.</summary>
/// <param name="registry">Says which of them are drained.</param>
/// <param name="context">The registry's: watches their links.</param>
/// <param name="time">Since when each is known.</param>
internal sealed class KnownNodes(Registry registry, IActorContext context, TimeProvider time)
{
    /// <summary>A node that was started again has the name of one that is not given up yet: that takes six seconds, or on a busy machine some more.</summary>
    private static readonly TimeSpan _settled = TimeSpan.FromSeconds(20);

    private sealed record Known(ListedNode Listed, string Process, long Since);

    private readonly Dictionary<IActorRef, Known> _nodes = [];

    /// <summary>Those that were told that another has their name.</summary>
    private readonly HashSet<IActorRef> _told = [];

    /// <summary>Which nodes each run shuns, and why, as its experiment said last.</summary>
    private readonly SortedDictionary<string, IReadOnlyList<ShunnedNode>> _shuns = new(StringComparer.Ordinal);

    /// <summary>All of them, by name; of one name, in the order in which they came.</summary>
    public IReadOnlyList<ListedNode> All => [.. _nodes.Values.OrderBy(node => node.Listed.Node, StringComparer.Ordinal).ThenBy(node => node.Since).Select(Listed)];

    /// <summary>It announces itself. One that was drained may not have heard of it, as whoever had the registry is gone, or the node was away.</summary>
    public void Join(JoinNode join, IActorRef link)
    {
        // A version that does not name its process is known by its link: when that is another, it is another.
        var known = new Known(new ListedNode(join.Node, join.Slots, context.Watch(link), Resources: join.Resources, Files: join.Files), join.Process ?? link.Path.ToSerializationFormat(), _nodes.GetValueOrDefault(link)?.Since ?? time.GetTimestamp());
        _nodes[link] = known;
        if (IsDraining(known))
            link.Tell(new LeaveWhenIdle());
    }

    /// <summary>Why none of their slots can be given to the run: none is such as its trials need, or the nodes of those that are cannot run them; <c>null</c>: there is one, though another may have it.</summary>
    public string? ShortageOf(TrialSpec trial, string run)
    {
        var demand = SlotDemand.Of(trial) ?? SlotDemand.None;
        ListedNode[] there = [.. _nodes.Values.Where(node => !IsDraining(node)).Select(node => node.Listed)];
        if (SlotShortage.Of(demand, there.SelectMany(CapacitiesOf)) is { } shortage)
            return shortage;
        return _shuns.TryGetValue(run, out var shuns) && there.Where(node => CapacitiesOf(node).Any(demand.IsMetBy)).All(node => shuns.Any(shunned => shunned.Node == node.Node))
            ? "the nodes that have such slots cannot run its trials; asha nodes says why" : null;
    }

    private static IReadOnlyList<SlotCapacity> CapacitiesOf(ListedNode node) => node.Resources ?? [.. Enumerable.Repeat(SlotCapacity.None, node.Slots)];

    /// <summary>A run says how it stands.</summary>
    public void Shun(HoldSlots hold)
    {
        var before = _shuns.GetValueOrDefault(hold.Experiment) ?? [];
        foreach (var word in hold.Shuns ?? [])
        {
            if (word.IsQuarantined && !before.Any(said => said.Node == word.Node && (said.IsQuarantined || said.IsTried)))
                context.GetLogger().Warning("{OnNode} is in quarantine, says {Experiment}: {Reason}. It gets no jobs but one at a time, to see whether it is mended", word.Node, hold.Experiment, word.Reason);
        }
        foreach (var word in before.Where(word => (word.IsQuarantined || word.IsTried) && hold.Shuns?.Any(said => said.Node == word.Node) != true))
            context.GetLogger().Info("{OnNode} is in quarantine no longer, says {Experiment}", word.Node, hold.Experiment);
        if (hold.Shuns is { } shuns)
            _shuns[hold.Experiment] = shuns;
        else
            _shuns.Remove(hold.Experiment);
    }

    /// <summary>Forgets what others than these runs shun: they say nothing any more.</summary>
    public void KeepShuns(Func<string, bool> isAtWork)
    {
        foreach (var over in _shuns.Keys.Where(run => !isAtWork(run)).ToArray())
            _shuns.Remove(over);
    }

    public void Forget(IActorRef gone)
    {
        _nodes.Remove(gone);
        _told.Remove(gone);
    }

    /// <summary>Has those say so that have one name, and are both there to stay: here, and where they are.</summary>
    public void TellNamesakes()
    {
        foreach (var same in All.GroupBy(node => node.Node).Where(same => same.Count() > 1))
        {
            foreach (var node in same.Where(node => time.GetElapsedTime(_nodes[node.Link].Since) >= _settled && !_told.Contains(node.Link)))
            {
                var others = string.Join(", ", same.Where(other => !other.Link.Equals(node.Link)).Select(other => AddressOf(other.Link)));
                context.GetLogger().Warning("Two nodes have the name {Name}: {Address} and {Others}. Both have work; checkpoints are looked for on the one that came last. Give each a name of its own, and start it again", node.Node, AddressOf(node.Link), others);
                node.Link.Tell(new NameIsShared(node.Node, others));
                _told.Add(node.Link);
            }
        }
    }

    /// <summary>One is to leave when its jobs are over.</summary>
    /// <param name="node">Its name; where two have it, the address of the one that is meant.</param>
    public RegistryDecision Drain(string node) => All.Where(listed => listed.Node == node || AddressOf(listed.Link) == node).ToArray() switch
    {
        [] => RegistryDecision.Refuse(Unknown(node), isUnknown: true),
        [{ IsDraining: true }] => new([], new RegistryDone()),
        [var meant] => new([new NodeDrained(meant.Node, _nodes[meant.Link].Process, time.GetUtcNow())], new RegistryDone()),
        var several => RegistryDecision.Refuse($"{node}: there are {several.Length} nodes of this name, at {string.Join(" and ", several.Select(listed => AddressOf(listed.Link)))}: say the address of the one that is meant in the place of the name"),
    };

    /// <summary>Has those leave that are to, again and again: the word may have been lost.</summary>
    public void TellLeaving()
    {
        foreach (var node in _nodes.Values.Where(IsDraining))
            node.Listed.Link.Tell(new LeaveWhenIdle());
    }

    private bool IsDraining(Known node) => registry.IsDrained(node.Process);

    private ListedNode Listed(Known node) => node.Listed with { IsDraining = IsDraining(node), Unfit = UnfitFor(node.Listed.Node), IsQuarantined = _shuns.Values.Any(words => words.Any(word => word.IsQuarantined && word.Node == node.Listed.Node)) };

    private string[]? UnfitFor(string node)
        => _shuns.SelectMany(run => run.Value.Where(shunned => shunned.Node == node).Select(shunned => $"{run.Key}: {shunned.Reason}")).ToArray() is { Length: > 0 } unfit ? unfit : null;

    private static string AddressOf(IActorRef link) => link.Path.Address is { Host: { } host, Port: { } port } ? new HostPort(host, port).ToString() : link.Path.ToString();

    private string Unknown(string node)
    {
        // A member says its name when it announces itself, a moment after it came up.
        var nameless = Akka.Cluster.Cluster.Get(context.System).State.Members.Count(member => member.Status == MemberStatus.Up && member.HasRole(ClusterConfig.Node)) - _nodes.Count;
        return $"{node}: there is no such node{(_nodes.Count == 0 ? "" : $"; there are {string.Join(", ", All.Select(known => known.Node).Distinct())}")}"
            + (nameless > 0 ? $"; {nameless} that {(nameless == 1 ? "is" : "are")} up {(nameless == 1 ? "has" : "have")} not said {(nameless == 1 ? "its name" : "their names")} yet: ask again in a moment" : _nodes.Count == 0 ? "; none is up" : "");
    }
}
