using Akka.Actor;
using Asha.Actors.Messages;

namespace Asha.Actors;

/// <summary>
/// What a node tells the supervisor, and says again until it is answered: that it joins and what runs on it, which of its slots have retired, that it leaves; and what it asks it.
/// </summary>
/// <param name="setup">Its name and slots.</param>
/// <param name="supervisor">Who is told; <see cref="ActorRefs.Nobody"/>: the one that the uplink knows.</param>
/// <param name="voice">Tells it.</param>
internal sealed class NodeMembership(NodeSetup setup, IActorRef supervisor, NodeVoice voice)
{
    /// <summary>Slots that never run anything again, and why.</summary>
    private readonly SortedDictionary<int, string> _retired = [];

    /// <summary>Those of them that the supervisor may not have heard of since the node joined.</summary>
    private readonly SortedSet<int> _unheard = [];
    private IActorRef _supervisor = supervisor;
    private bool _hasJoined, _leaves;

    /// <summary>The number of the first slot; <c>null</c>: none was given, or it was given up.</summary>
    private int? _firstSlot;

    /// <summary>What runs, whenever it joins.</summary>
    public Func<IReadOnlyList<RunningJob>> Running { get; set; } = () => [];

    /// <summary>The newest joining; they are counted from 1.</summary>
    public int Joining { get; private set; }

    /// <summary>Of the supervisor that it has announced itself to, last.</summary>
    public int Epoch { get; private set; }

    /// <summary>Whether there is nothing to say again.</summary>
    public bool IsAnswered => _hasJoined && _unheard.Count == 0 && !_leaves;

    /// <summary>Joins, for the first time or again: one that was given up was forgotten with its slots.</summary>
    public void Join()
    {
        Joining++;
        _firstSlot = null;
        SayAll();
    }

    /// <summary>Joins another supervisor: the one before is gone.</summary>
    public void Follow(IActorRef supervisor)
    {
        _supervisor = supervisor;
        Join();
    }

    /// <summary>There is another supervisor, which does not know of the node: its slots keep their numbers, and what runs there runs on. Said again, it has not heard yet that the node joins.</summary>
    public void Announce(AnnounceNode announce, IActorRef supervisor)
    {
        if (announce.Epoch < Epoch)
            return;
        Epoch = announce.Epoch;
        // Where the supervisor has a name that follows it, that one is told.
        if (!_supervisor.IsNobody())
            _supervisor = supervisor;
        if (Joining == 0)
            Joining = 1;
        SayAll();
    }

    /// <summary>The slot runs nothing any more. Nobody gives it back: the supervisor has to know of it, or would wait for that slot for ever.</summary>
    public void Retire(int slot, string reason)
    {
        _retired[slot] = reason;
        _unheard.Add(slot);
        voice.Say(_supervisor, new RetireSlot(slot, reason));
    }

    public void Leave()
    {
        _leaves = true;
        voice.Say(_supervisor, new LeaveNode());
    }

    /// <summary>Whether the supervisor lets it go or not, it goes.</summary>
    public void Close() => _leaves = false;

    public void Answered(NodeJoined joined)
    {
        if (joined.Joining != Joining || joined.Epoch < Epoch)
            return;
        (_hasJoined, Epoch, _firstSlot) = (true, joined.Epoch, joined.FirstSlot);
    }

    /// <summary>One that is gone says nothing about what its next was told.</summary>
    public void Answered(SlotGivenUp known, IActorRef by)
    {
        if (by.Equals(_supervisor) || _supervisor.IsNobody())
            _unheard.Remove(known.Slot);
    }

    /// <summary>Nobody speaks for these runs: the supervisor may know that they are over.</summary>
    public void Ask(IEnumerable<string> runs)
    {
        foreach (var run in runs)
            voice.Say(_supervisor, new IsRunOver(run));
    }

    /// <summary>All that has no answer yet.</summary>
    public void Say()
    {
        if (!_hasJoined)
            voice.Say(_supervisor, new JoinNode(setup.Name, setup.Slots.Count, Joining, Epoch, _firstSlot, Running() is { Count: > 0 } running ? running : null, setup.Capacities, setup.Files, setup.Process));
        foreach (var slot in _unheard)
            voice.Say(_supervisor, new RetireSlot(slot, _retired[slot]));
        if (_leaves)
            voice.Say(_supervisor, new LeaveNode());
    }

    private void SayAll()
    {
        _hasJoined = false;
        _unheard.UnionWith(_retired.Keys);
        Say();
    }
}
