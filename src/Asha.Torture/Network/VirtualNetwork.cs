using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Actors.Simulation;
using Asha.Core.Experiments;
using Asha.Torture.Faults;
using Asha.Torture.World;

namespace Asha.Torture.Network;

/// <summary>
/// Between nodes and coordinator. Messages of one sender to one receiver keep their order, as between actors anywhere, unless the connection breaks. What is on its way to a coordinator that is lost arrives at the next one.
/// </summary>
internal sealed class VirtualNetwork(VirtualScheduler clock, TorturePlan plan, FaultCounts counts, Trace trace, Action<object> sent) : IWire
{
    private readonly Dictionary<IActorRef, Connection> _nodes = [];
    private readonly List<Letter> _undelivered = [];
    private readonly Dice _dice = new(plan.Random.Stream("network"));
    private Coordinator? _coordinator;
    private long _number;
    private bool _isDelivering;

    /// <summary>Whether faults happen.</summary>
    public bool IsFire { get; set; } = true;

    public Connection Connect(IActorRef node) => _nodes[node] = new Connection();

    /// <summary>The coordinator is gone, and until there is another one nothing arrives.</summary>
    public void Lose() => _coordinator = null;

    public void Found(Coordinator coordinator)
    {
        _coordinator = coordinator;
        Letter[] waiting = [.. _undelivered];
        _undelivered.Clear();
        foreach (var letter in waiting)
            Deliver(_nodes[letter.Sender], letter, toNode: false);
    }

    public bool Takes(IActorRef receiver, Envelope envelope)
    {
        if (_isDelivering)
            return false;
        var message = envelope.Message;
        var toNode = WireTypes.IsToNode(message);
        if (!toNode && !WireTypes.IsFromNode(message))
            return false;
        if (!_nodes.TryGetValue(toNode ? receiver : envelope.Sender, out var connection))
            return false;
        sent(message);
        if (message is NodeReport report)
            Sent(connection, report.Report);
        return connection.IsDead || Send(connection, toNode, receiver, message, envelope.Sender);
    }

    /// <summary>What was held while the connection was frozen arrives now, in its order.</summary>
    public void Thaw(Connection connection)
    {
        connection.IsFrozen = false;
        foreach (var toNode in (ReadOnlySpan<bool>)[true, false])
        {
            var way = toNode ? connection.ToNode : connection.FromNode;
            Letter[] held = [.. way.Held];
            way.Held.Clear();
            foreach (var letter in held)
                Deliver(connection, letter, toNode);
        }
    }

    /// <summary>Whether it was taken; else it passes at once.</summary>
    private bool Send(Connection connection, bool toNode, IActorRef to, object message, IActorRef sender)
    {
        var way = toNode ? connection.ToNode : connection.FromNode;
        var number = ++_number;
        if (connection.IsFrozen)
        {
            way.Held.Add(new Letter(number, to, message, sender));
            return true;
        }
        if (IsFire && plan.Has(Fault.Dropped) && WireTypes.IsDroppable(message) && _dice.Chance(plan.Faults.Dropped))
        {
            Inject(connection, Fault.Dropped, message, TimeSpan.MaxValue);
            return true;
        }
        if (IsFire && connection.BrokenUntil > clock.Now && WireTypes.IsReorderable(message) && _dice.Chance(.5))
        {
            counts.Inject(Fault.Reordered);
            trace.Note(Fault.Reordered, message);
            Carry(connection, toNode, _dice.Time(TimeSpan.FromMilliseconds(1), plan.Faults.LongestBreak), new Letter(number, to, message, sender) { Done = Fault.Reordered, IsOrdered = false });
            return true;
        }
        var isLate = IsFire && plan.Has(Fault.Delayed) && _dice.Chance(plan.Faults.Delayed);
        var arrives = clock.Now + (isLate ? _dice.Time(TimeSpan.FromMilliseconds(1), plan.Faults.LongestDelay) : TimeSpan.Zero);
        if (isLate)
            Inject(connection, Fault.Delayed, message, arrives);
        var passes = way.InFlight == 0 && !isLate;
        if (passes)
            way.Arrived = number;
        else
            Carry(connection, toNode, Behind(way, arrives), new Letter(number, to, message, sender) { Done = isLate ? Fault.Delayed : null });
        if (IsFire && plan.Has(Fault.Duplicated) && WireTypes.IsDuplicable(message) && _dice.Chance(plan.Faults.Duplicated))
        {
            counts.Inject(Fault.Duplicated);
            trace.Note(Fault.Duplicated, message);
            Carry(connection, toNode, Behind(way, clock.Now + (_dice.Chance(.5) ? TimeSpan.FromMilliseconds(1) : _dice.Time(TimeSpan.FromMilliseconds(1), plan.Faults.LongestDelay))), new Letter(number, to, message, sender) { Done = Fault.Duplicated });
        }
        return !passes;
    }

    /// <summary>How long a message takes that arrives then, and after those before it.</summary>
    private TimeSpan Behind(Way way, TimeSpan arrives)
    {
        way.Last = arrives > way.Last ? arrives : way.Last;
        return way.Last - clock.Now;
    }

    private void Carry(Connection connection, bool toNode, TimeSpan after, Letter letter)
    {
        var way = toNode ? connection.ToNode : connection.FromNode;
        way.InFlight += letter.IsOrdered ? 1 : 0;
        clock.At(clock.Now + after, EventClass.NodeChanges, ++_number, () =>
        {
            way.InFlight -= letter.IsOrdered ? 1 : 0;
            Deliver(connection, letter, toNode);
        });
    }

    private void Deliver(Connection connection, Letter letter, bool toNode)
    {
        var way = toNode ? connection.ToNode : connection.FromNode;
        if (toNode && connection.IsDead)
            return;
        if (connection.IsFrozen)
        {
            way.Held.Add(letter);
            return;
        }
        if (!toNode && _coordinator is null)
        {
            _undelivered.Add(letter);
            return;
        }
        var to = toNode ? letter.To : WireTypes.IsForExperiment(letter.Message) ? _coordinator!.Experiment : _coordinator!.Supervisor;
        Show(letter, way);
        way.Arrived = Math.Max(way.Arrived, letter.Number);
        _isDelivering = true;
        to.Tell(letter.Message, letter.Sender);
        _isDelivering = false;
    }

    /// <summary>A copy that the engine will not count; a message that one which was sent later has overtaken, so that it changes something.</summary>
    private void Show(Letter letter, Way way)
    {
        if (letter.Done is not (Fault.Duplicated or Fault.Reordered) || letter is { Done: Fault.Reordered } && letter.Number > way.Arrived)
            return;
        if (letter.Message is NodeReport report ? _coordinator?.StandingOf(report.Report) is not (null or MessageStanding.Next) : letter is { Done: Fault.Reordered, Message: StartJob or EndJob })
            counts.Take(letter.Done.Value);
    }

    private void Inject(Connection connection, Fault kind, object message, TimeSpan until)
    {
        counts.Inject(kind);
        trace.Note(kind, message);
        if (message is NodeReport { Report: var report })
            connection.Sent[(report.Trial, report.Attempt, report.Message)] = (kind, until);
        else if (message is ReportStored stored && connection.Sent.ContainsKey((stored.Trial, stored.Attempt, stored.Message)))
            connection.Sent[(stored.Trial, stored.Attempt, stored.Message)] = (kind, until);
    }

    /// <summary>A node that sends again shows that its message, or the answer, was lost or late.</summary>
    private void Sent(Connection connection, JobReport report)
    {
        var key = (report.Trial, report.Attempt, report.Message);
        if (connection.Sent.TryGetValue(key, out var fault) && fault is { } done && clock.Now < done.Until)
            counts.Take(done.Kind);
        connection.Sent[key] = null;
    }
}
