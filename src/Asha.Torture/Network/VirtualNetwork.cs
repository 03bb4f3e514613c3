using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Actors.Simulation;
using Asha.Torture.Faults;
using Asha.Torture.World;

namespace Asha.Torture.Network;

/// <summary>
/// Between nodes and coordinator, and, where these are on two machines, between supervisor and experiment. Messages of one sender to one receiver keep their order, as between actors anywhere, unless the connection breaks. What is on its way to a coordinator that is lost arrives at the next one, if that is on the same machine.
/// </summary>
internal sealed class VirtualNetwork : IWire
{
    private readonly VirtualScheduler _clock;
    private readonly Action<object> _sent;
    private readonly Engines _engines;
    private readonly Dictionary<IActorRef, Connection> _nodes = [];
    private readonly List<Letter> _undelivered = [];
    private readonly MessageFaults _faults;
    private readonly MessageEffects _effects;
    private Coordinator? _coordinator;
    private long _number;
    private bool _isDelivering;

    /// <param name="sent">Told of each message that leaves its sender.</param>
    /// <param name="engines">Know which experiments live.</param>
    public VirtualNetwork(VirtualScheduler clock, TorturePlan plan, FaultCounts counts, Trace trace, Action<object> sent, Engines engines)
    {
        (_clock, _sent, _engines) = (clock, sent, engines);
        _effects = new MessageEffects(counts, trace);
        _faults = new MessageFaults(clock, plan, _effects);
    }

    /// <summary>Whether faults happen.</summary>
    public bool IsFire { get; set; } = true;

    /// <summary>What lies between supervisor and experiment.</summary>
    public Connection Between { get; } = new();

    /// <param name="isLate">See <see cref="Connection"/>.</param>
    public Connection Connect(IActorRef node, Action isLate) => _nodes[node] = new Connection(isLate);

    /// <summary>The coordinator is gone, and until there is another one nothing arrives.</summary>
    public void Lose() => _coordinator = null;

    public void Found(Coordinator coordinator)
    {
        _coordinator = coordinator;
        Letter[] waiting = [.. _undelivered];
        _undelivered.Clear();
        foreach (var letter in waiting)
            Deliver(_nodes[letter.Sender], letter, toNode: false);
        // What was on its way to and from a supervisor that is lost is lost as well.
    }

    public bool Takes(IActorRef receiver, Envelope envelope)
    {
        if (_isDelivering)
            return false;
        var message = envelope.Message;
        if (_coordinator is { TakesOver: true } && !receiver.Equals(_engines.Proxy) && (WireTypes.IsFromSupervisor(message) || WireTypes.IsToSupervisor(message)))
            return Send(Between, WireTypes.IsFromSupervisor(message), receiver, message, envelope.Sender);
        var toNode = WireTypes.IsToNode(message);
        if (!toNode && !WireTypes.IsFromNode(message))
            return false;
        if (!_nodes.TryGetValue(toNode ? receiver : envelope.Sender, out var connection))
            return false;
        _sent(message);
        if (message is NodeReport report)
            _effects.Sent(connection, report.Report, _clock.Now);
        return connection.IsDead || Send(connection, toNode, receiver, message, envelope.Sender);
    }

    /// <summary>What was held while the connection was frozen arrives now, in its order.</summary>
    public void Thaw(Connection connection)
    {
        connection.IsFrozen = false;
        foreach (var toNode in (ReadOnlySpan<bool>)[true, false])
        {
            var way = connection.Way(toNode);
            Letter[] held = [.. way.Held];
            way.Held.Clear();
            foreach (var letter in held)
                Deliver(connection, letter, toNode);
        }
    }

    /// <summary>Whether it was taken; else it passes at once.</summary>
    private bool Send(Connection connection, bool toNode, IActorRef to, object message, IActorRef sender)
    {
        var way = connection.Way(toNode);
        var number = ++_number;
        if (IsLost(connection, toNode, message))
            return true;
        if (connection.IsFrozen)
        {
            way.Held.Add(new Letter(number, to, message, sender));
            return true;
        }
        var (fault, late) = IsFire ? _faults.Of(connection, message) : default;
        var passes = way.InFlight == 0 && fault is null;
        if (!passes && message is AnnounceNode or JoinNode)
            connection.IsLate();
        if (fault == Fault.Dropped)
            return true;
        if (fault == Fault.Reordered)
        {
            Carry(connection, toNode, late, new Letter(number, to, message, sender) { Done = fault, IsOrdered = false });
            return true;
        }
        if (passes)
            way.Arrived = number;
        else
            Carry(connection, toNode, way.Behind(_clock.Now, late), new Letter(number, to, message, sender) { Done = fault });
        if (IsFire && _faults.Copy(message) is { } copyLate)
            Carry(connection, toNode, way.Behind(_clock.Now, copyLate), new Letter(number, to, message, sender) { Done = Fault.Duplicated });
        return !passes;
    }

    /// <summary>The network has fallen into parts, and it does not get from one to the other.</summary>
    private bool IsLost(Connection connection, bool toNode, object message)
    {
        var isLost = toNode ? connection.IsCutToNode : connection.IsCutFromNode;
        if (isLost)
            _effects.Cut(connection, message);
        return isLost;
    }

    /// <summary>Who gets it; <c>null</c>: nobody, it is lost. For experiments a supervisor has a name that follows it, nodes are told of the next one; an experiment that is gone with its coordinator is followed by the next one on the same machine, and by none of another.</summary>
    private IActorRef? Receiver(Connection connection, Letter letter, bool toNode)
    {
        if (connection == Between)
            return toNode ? _engines.IsThere(letter.To) ? letter.To : null : _coordinator is { IsHeadless: false } ? _coordinator.Supervisor : null;
        if (toNode)
            return letter.To;
        if (WireTypes.IsForExperiment(letter.Message))
            return _engines.IsThere(letter.To) ? letter.To : _coordinator is { TakesOver: false } next ? next.Experiment : null;
        return _coordinator is { IsHeadless: false } here && (!here.TakesOver || letter.To.Equals(here.Supervisor)) ? here.Supervisor : null;
    }

    private void Carry(Connection connection, bool toNode, TimeSpan after, Letter letter)
    {
        var way = connection.Way(toNode);
        way.InFlight += letter.IsOrdered ? 1 : 0;
        _clock.At(_clock.Now + after, EventClass.NodeChanges, ++_number, () =>
        {
            way.InFlight -= letter.IsOrdered ? 1 : 0;
            Deliver(connection, letter, toNode);
        });
    }

    private void Deliver(Connection connection, Letter letter, bool toNode)
    {
        var way = connection.Way(toNode);
        if (toNode && connection.IsDead || IsLost(connection, toNode, letter.Message))
            return;
        if (connection.IsFrozen)
        {
            way.Held.Add(letter);
            return;
        }
        if (!toNode && _coordinator is null && connection != Between && !_engines.IsThere(letter.To))
        {
            _undelivered.Add(letter);
            return;
        }
        if (Receiver(connection, letter, toNode) is not { } to)
            return;
        _effects.Arrives(letter, way, _coordinator);
        way.Arrived = Math.Max(way.Arrived, letter.Number);
        _isDelivering = true;
        to.Tell(letter.Message, letter.Sender);
        _isDelivering = false;
    }
}
