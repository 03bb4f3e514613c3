using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Asha.Actors;
using Asha.Actors.Messages;
using Asha.Actors.Metrics;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;

namespace Asha.Cluster.Coordinators;

/// <summary>
/// The registry, one in the cluster: which experiments there are, and the epoch, raised in its journal before anything else. It wakes every open experiment, wherever the shard region puts it, and again when one's host is gone. Its child gives out
/// slots, and is told what nodes and experiments say: which actors are there is not kept, they say so themselves.
/// </summary>
/// <param name="region">Carries messages to the runs' hosts.</param>
/// <param name="time">For names and dates.</param>
/// <param name="succession">Those before it in this actor system.</param>
/// <param name="metrics">Is shown the slots.</param>
internal sealed class ClusterSupervisor(IActorRef region, TimeProvider time, Succession succession, EngineMetrics? metrics) : UntypedPersistentActor, IWithTimers
{
    private sealed class Look : INoSerializationVerificationNeeded
    {
        public static readonly Look Now = new();
    }

    /// <summary>So long an answer of a host is waited for, before it is told again.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    /// <summary>Slot numbers that may be given before that is written again.</summary>
    private const int NumbersAtATime = 1024;

    private readonly Registry _registry = new();
    private RunRegion _region = null!;
    private RunHosts _hosts = null!;
    private KnownNodes _nodes = null!;
    private IActorRef _supervisor = ActorRefs.Nobody;

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Its journal, among all of the database.</summary>
    public const string JournalId = "registry";

    public override string PersistenceId => JournalId;

    public static Props Props(IActorRef region, TimeProvider time, Succession succession, EngineMetrics? metrics = null) => Akka.Actor.Props.Create(() => new ClusterSupervisor(region, time, succession, metrics));

    /// <summary>Who gave out slots and failed has forgotten whose they are: another registry begins, with its own epoch.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Escalate);

    protected override void OnRecover(object message)
    {
        if (message is IRegistryEvent happened)
            _registry.Apply(happened);
        else if (message is RecoveryCompleted)
            BeginAt(Akka.Cluster.Cluster.Get(Context.System).SelfAddress.ToString());
    }

    private void BeginAt(string here)
    {
        if (succession.MayBegin(_registry, here))
            Persist(new RegistryBegun(_registry.Epoch + 1, time.GetUtcNow(), here), Begin);
        else
            Context.Stop(Self);
    }

    private void Begin(RegistryBegun begun)
    {
        _registry.Apply(begun);
        succession.HasBegun();
        _region = new RunRegion(region, Context);
        (_hosts, _nodes) = (new RunHosts(_registry, _region, Context, time), new KnownNodes(_registry, Context, time));
        _supervisor = Context.ActorOf(SupervisorActor.Props(new SupervisorSetup((int)_registry.Epoch, _registry.Numbers) { NumberLimit = _registry.Numbers, Registry = Self, Metrics = metrics }), "slots");
        Context.ActorOf(NodeFinder.Props(_supervisor), "nodes");
        _hosts.WakeAll();
        Timers.StartPeriodicTimer(Look.Now, Look.Now, _patience);
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case SubmitExperiment submit:
                Do(RunDecisions.Submit(_registry, submit, time.GetUtcNow()));
                break;
            case ListExperiments asked:
                Sender.Tell(RegistryList.Answer(asked, _registry, _hosts, _nodes));
                break;
            case PauseExperiment pause:
                Do(RunDecisions.AskToEnd(_registry, pause.Run, FinalOutcome.Paused, time.GetUtcNow()));
                break;
            case CancelExperiment cancel:
                Do(RunDecisions.AskToEnd(_registry, cancel.Run, FinalOutcome.Cancelled, time.GetUtcNow()));
                break;
            case ResumePaused resume:
                Do(RunDecisions.Reopen(_registry, resume.Run, time.GetUtcNow()));
                break;
            case DrainMember drain:
                Do(_nodes.Drain(drain.Node));
                break;
            case RunAwake awake:
                _hosts.Awake(awake.Run, Sender);
                break;
            case RunEnded ended:
                Do(RunDecisions.Settle(_registry, ended, time.GetUtcNow()));
                break;
            case RunFailed failed:
                _hosts.Failed(failed);
                break;
            case Terminated gone:
                _hosts.Forget(gone.ActorRef);
                _nodes.Forget(gone.ActorRef);
                _hosts.WakeAll();
                break;
            case Look:
                _hosts.WakeAll();
                _nodes.TellNamesakes();
                _nodes.TellLeaving();
                _nodes.KeepShuns(run => _registry.Find(run) is { IsAwake: true });
                break;
            case NumbersUsedUp used:
                var limit = used.Next + Math.Max(used.Wanted, NumbersAtATime);
                Do(new RegistryDecision([new NumbersAllowed(limit)], new MoreNumbers(limit)));
                break;
            case ExperimentAway away:
                if (_registry.Find(away.Run) is { IsAwake: true } entry)
                    _hosts.Wake(entry);
                else
                    _supervisor.Tell(new CloseExperiment(away.Run)); // What a node still has of it holds no slot.
                break;
            case RunNotOpen asked:
                if (_registry.Find(asked.Run) is not { } known || known.Phase == RunPhase.Over)
                    asked.Node.Tell(new RunIsOver(asked.Run));
                else if (known.Phase == RunPhase.Paused)
                    asked.Node.Tell(new RunIsPaused(asked.Run));
                break;
            case IWireMessage spoken:
                if (spoken is JoinNode join)
                    _nodes.Join(join, Sender);
                else if (spoken is HoldSlots hold)
                    _nodes.Shun(hold);
                _supervisor.Forward(spoken);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Writes what was decided, in one piece, counts it, does what follows from it, and tells whoever asked.</summary>
    private void Do(RegistryDecision decision)
    {
        var asker = Sender;
        var left = decision.Events.Count;
        if (left == 0)
        {
            asker.Tell(decision.Answer);
            return;
        }
        PersistAll(decision.Events, written =>
        {
            _registry.Apply(written);
            if (--left > 0)
                return;
            Follow(decision.Events);
            asker.Tell(decision.Answer);
        });
    }

    private void Follow(IReadOnlyList<IRegistryEvent> events)
    {
        var isReopened = events.Any(happened => happened is RunReopened);
        foreach (var happened in events)
        {
            switch (happened)
            {
                case RunAdmitted admitted:
                    _hosts.Wake(_registry.Find(admitted.Run)!);
                    break;
                case RunSettled settled:
                    // Its own word may be lost with its coordinator; where it is woken to hear that it has ended, it has none.
                    _supervisor.Tell(new CloseExperiment(settled.Run));
                    break;
                case RunReopened reopened:
                    _hosts.WakeAnew(reopened.Run);
                    break;
                case RunEndAsked asked when !isReopened: // Otherwise it is woken with that.
                    _region.Tell(new EndRun(asked.Run, asked.Outcome));
                    break;
                case NodeDrained:
                    _nodes.TellLeaving();
                    break;
            }
        }
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
        => Fails("The registry's journal could not be written, and it begins anew: {Problem}", FailureText.Of(cause));

    /// <summary>Whoever waits for what was rejected, such as numbers, would wait for ever.</summary>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        OnPersistFailure(cause, @event, sequenceNr);
        Context.Stop(Self); // After a failure Akka does that by itself.
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
        => Fails("The registry's journal could not be read, and it is tried again: {Problem}", FailureText.Of(reason));

    private void Fails(string words, string reason)
    {
        Context.GetLogger().Error(words, reason);
        succession.Fails(reason);
    }
}
