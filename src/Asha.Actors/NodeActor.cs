using Akka.Actor;
using Akka.Event;
using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>Host to node: end all trials, then stop.</summary>
public sealed class ShutDownNode : INoSerializationVerificationNeeded
{
    public static readonly ShutDownNode Now = new();
}

/// <summary>Host to node: take no more jobs, finish those that you have, then stop.</summary>
public sealed class DrainNode : INoSerializationVerificationNeeded
{
    public static readonly DrainNode Now = new();
}

/// <summary>Host to node: you did not answer for a while, and what you ran was given up. End that, and join again.</summary>
public sealed class JoinAgain : INoSerializationVerificationNeeded
{
    public static readonly JoinAgain Now = new();
}

/// <summary>What a node brings: its name, its slots, what runs attempts on each, and who deletes checkpoints.</summary>
public sealed record NodeSetup(string Name, IReadOnlyList<SlotResources> Slots, SlotMaker Slot, Func<ReleaseCheckpoints, Task> Release, TimeSpan ResendInterval)
{
    /// <summary>Carries what the node says, as <see cref="Outward"/>, where its actor system has no way out itself; <c>null</c>: it has.</summary>
    public IActorRef? Uplink { get; init; }
}

/// <summary>Node to its uplink: say this, in my name. It may be lost: what matters is said again.</summary>
/// <param name="To">Whom; <see cref="ActorRefs.Nobody"/>: the supervisor, wherever it is.</param>
public sealed record Outward(IActorRef To, IWireMessage Message) : INoSerializationVerificationNeeded;

/// <summary>
/// One machine: owns its slots, runs an attempt at a time on each, and sends every report again until the experiment has it in its journal, so that a
/// coordinator that is away loses nothing.
/// </summary>
public sealed class NodeActor : UntypedActor, IWithTimers
{
    private sealed class Resend : INoSerializationVerificationNeeded
    {
        public static readonly Resend Now = new();
    }

    private sealed record Released(Exception? Failure) : INoSerializationVerificationNeeded;

    private readonly NodeSetup _setup;
    private readonly IActorRef _supervisor;
    private readonly ISlot[] _slots;
    private readonly Dictionary<(IActorRef Experiment, int Trial, int Attempt), int> _slotOf = [];
    private readonly Dictionary<(IActorRef Experiment, int Trial, int Attempt, int Message), NodeReport> _unstored = [];

    /// <summary>The newest start of each slot.</summary>
    private readonly Dictionary<(IActorRef Experiment, int Slot), long> _newest = [];

    /// <summary>Slots that never run anything again, and why.</summary>
    private readonly SortedDictionary<int, string> _retired = [];

    /// <summary>Those of them that the supervisor may not have heard of since the node joined.</summary>
    private readonly SortedSet<int> _unheard = [];
    private int _releasing, _joining;
    private bool _joined;
    private bool _draining, _closing;

    public NodeActor(NodeSetup setup, IActorRef supervisor)
    {
        _setup = setup;
        _supervisor = supervisor;
        _slots = new ISlot[setup.Slots.Count];
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(NodeSetup setup, IActorRef supervisor) => Akka.Actor.Props.Create(() => new NodeActor(setup, supervisor));

    /// <summary>A slot whose actor keeps failing takes its node down: the supervisor sees that, and the jobs go elsewhere.</summary>
    protected override SupervisorStrategy SupervisorStrategy()
        => new RestartWindow(most: 10, TimeSpan.FromMinutes(1), Context.System.Scheduler);

    protected override void PreStart()
    {
        for (var slot = 0; slot < _slots.Length; slot++)
            _slots[slot] = _setup.Slot(Context, slot, _setup.Slots[slot]);
        Join();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case StartJob when _closing:
                break; // Its experiment will see this node go.
            case StartJob start:
                Start(start);
                break;
            case EndJob end:
                End(end);
                break;
            case AttemptReport attempt:
                Send(attempt.Experiment, attempt.Report);
                break;
            case AttemptGone gone:
                Free(gone.Experiment, gone.Trial, gone.Attempt, gone.Retires);
                break;
            case ReportStored stored:
                _unstored.Remove((Sender, stored.Trial, stored.Attempt, stored.Message));
                break;
            case Resend:
                SendAgain();
                break;
            case ReleaseCheckpoints release:
                Release(release);
                break;
            case Released released:
                _releasing--;
                if (released.Failure is { } failure)
                    Context.GetLogger().Warning("A checkpoint could not be deleted: {0}", failure.GetBaseException().Message);
                break;
            case ShutDownNode:
                _closing = true;
                EndAll();
                break;
            case DrainNode:
                _draining = true;
                Say(_supervisor, new LeaveNode());
                StartTimer();
                break;
            case NodeJoined joined:
                _joined |= joined.Joining == _joining;
                break;
            case SlotGivenUp known:
                _unheard.Remove(known.Slot);
                break;
            case JoinAgain when !_closing:
                EndAll();
                Join();
                break;
            case JoinAgain:
                break; // It goes.
            case NodeReleased:
                _closing = true;
                break;
            case Terminated gone:
                throw new InvalidOperationException($"{gone.ActorRef.Path.Name} failed too often.");
            default:
                Unhandled(message);
                return;
        }
        if (_closing && _slotOf.Count == 0 && _releasing == 0)
            Context.Stop(Self);
    }

    private void Join()
    {
        _joining++;
        _joined = false;
        _unheard.UnionWith(_retired.Keys);
        TellSupervisor();
        StartTimer();
    }

    private void EndAll()
    {
        foreach (var ((experiment, trial, attempt), slot) in _slotOf)
            _slots[slot].End(experiment, trial, attempt);
    }

    /// <summary>Until it has an answer. One that leaves was forgotten with its slots, if it joined again; and nobody gives back a slot that has retired: the supervisor has to know of it, or would wait for that slot for ever.</summary>
    private void TellSupervisor()
    {
        if (!_joined)
            Say(_supervisor, new JoinNode(_setup.Name, _slots.Length, _joining));
        foreach (var slot in _unheard)
            Say(_supervisor, new RetireSlot(slot, _retired[slot]));
        if (_draining && !_closing)
            Say(_supervisor, new LeaveNode());
    }

    private void Start(StartJob start)
    {
        if (start.Number > 0)
        {
            if (start.Joining != _joining)
                return; // What came before it joined again is ended.
            if (start.Number <= _newest.GetValueOrDefault((Sender, start.Slot)))
            {
                // If it is over, that is being said.
                if (_slotOf.ContainsKey((Sender, start.Trial, start.Attempt)))
                    Say(Sender, new JobTaken(start.Trial, start.Attempt));
                return;
            }
            _newest[(Sender, start.Slot)] = start.Number;
        }
        if (start.GoesOn)
            _slotOf.Remove((Sender, start.Trial, start.Attempt - 1));
        _slotOf[(Sender, start.Trial, start.Attempt)] = start.Slot;
        _slots[start.Slot].Run(Sender, start);
    }

    private void End(EndJob end)
    {
        if (_slotOf.TryGetValue((Sender, end.Trial, end.Attempt), out var slot))
        {
            _slots[slot].End(Sender, end.Trial, end.Attempt);
            return;
        }
        if (end.Number == 0)
            return; // It ended by itself meanwhile.
        if (end.Number <= _newest.GetValueOrDefault((Sender, end.Slot)))
        {
            Say(Sender, new JobGone(end.Trial, end.Attempt));
            return;
        }
        // Its start was lost, or is late.
        _newest[(Sender, end.Slot)] = end.Number;
        if (_slotOf.TryGetValue((Sender, end.Trial, end.Attempt - 1), out var before))
            _slots[before].End(Sender, end.Trial, end.Attempt - 1);
        Send(Sender, new JobReport(end.Trial, end.Attempt, 0, [], new TrialEnding(EndingCause.Stopped)));
    }

    private void Release(ReleaseCheckpoints release)
    {
        var released = _setup.Release(release);
        if (released.IsCompletedSuccessfully)
            return;
        _releasing++;
        released.PipeTo(Self, success: () => new Released(null), failure: error => new Released(error));
    }

    private void Send(IActorRef experiment, JobReport report)
    {
        // One that has reached its level, and runs on, may still have to be ended.
        if (report.Ending is { Cause: not EndingCause.LevelReached } ending)
            Free(experiment, report.Trial, report.Attempt, ending.Retires);
        var message = new NodeReport(report);
        _unstored[(experiment, report.Trial, report.Attempt, report.Message)] = message;
        Say(experiment, message);
        StartTimer();
    }

    private void Say(IActorRef to, IWireMessage message)
    {
        if (_setup.Uplink is { } uplink)
            uplink.Tell(new Outward(to, message));
        else
            to.Tell(message);
    }

    private void StartTimer()
    {
        if (!Timers.IsTimerActive(Resend.Now))
            Timers.StartSingleTimer(Resend.Now, Resend.Now, _setup.ResendInterval);
    }

    private void Free(IActorRef experiment, int trial, int attempt, string? retires)
    {
        if (!_slotOf.Remove((experiment, trial, attempt), out var slot) || retires is null)
            return;
        _retired[slot] = retires;
        _unheard.Add(slot);
        Say(_supervisor, new RetireSlot(slot, retires));
        StartTimer();
    }

    private void SendAgain()
    {
        foreach (var ((experiment, _, _, _), report) in _unstored.OrderBy(entry => entry.Key))
            Say(experiment, report);
        TellSupervisor();
        if (_unstored.Count > 0 || _unheard.Count > 0 || !_joined || (_draining && !_closing))
            StartTimer();
    }
}
