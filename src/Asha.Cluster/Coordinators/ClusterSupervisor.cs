using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Asha.Actors;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;
using Asha.Tuning.Runs;

namespace Asha.Cluster.Coordinators;

/// <summary>
/// The registry, one in the cluster: which experiments there are, and the epoch, raised in its journal before anything else. It wakes every open experiment, wherever the shard region puts it, and again when one's host is gone. Its child gives out
/// slots, and is told what nodes and experiments say: which actors are there is not kept, they say so themselves.
/// </summary>
/// <param name="region">Carries messages to the runs' hosts.</param>
/// <param name="time">For names and dates.</param>
/// <param name="succession">Those before it in this actor system.</param>
internal sealed class ClusterSupervisor(IActorRef region, TimeProvider time, Succession succession) : UntypedPersistentActor, IWithTimers
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
    private RunHosts _hosts = null!;
    private KnownNodes _nodes = null!;
    private IActorRef _supervisor = ActorRefs.Nobody;

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Its journal, among all of the database.</summary>
    public const string JournalId = "registry";

    public override string PersistenceId => JournalId;

    public static Props Props(IActorRef region, TimeProvider time, Succession succession) => Akka.Actor.Props.Create(() => new ClusterSupervisor(region, time, succession));

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
        (_hosts, _nodes) = (new RunHosts(_registry, region, Context, time), new KnownNodes(_registry, Context, time));
        _supervisor = Context.ActorOf(SupervisorActor.Props(new SupervisorSetup((int)_registry.Epoch, _registry.Numbers) { NumberLimit = _registry.Numbers, Registry = Self }), "slots");
        Context.ActorOf(NodeFinder.Props(_supervisor), "nodes");
        _hosts.WakeAll();
        Timers.StartPeriodicTimer(Look.Now, Look.Now, _patience);
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case SubmitExperiment submit:
                Submit(submit);
                break;
            case ListExperiments asked:
                Sender.Tell(RegistryList.Answer(asked, _registry, _hosts, _nodes));
                break;
            case PauseExperiment pause:
                AskToEnd(pause.Run, FinalOutcome.Paused);
                break;
            case CancelExperiment cancel:
                AskToEnd(cancel.Run, FinalOutcome.Cancelled);
                break;
            case ResumePaused resume:
                Reopen(resume.Run);
                break;
            case DrainMember drain:
                if (_nodes.Drain(drain.Node, out var refused) is { } drained)
                    Persist(drained, Sender, _ => _nodes.TellLeaving());
                else
                    Sender.Tell((object?)refused ?? new RegistryDone());
                break;
            case RunAwake awake:
                _hosts.Awake(awake.Run, Sender);
                break;
            case RunEnded ended:
                Settle(ended);
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
                break;
            case NumbersUsedUp used when used.Next + used.Wanted <= _registry.Numbers:
                _supervisor.Tell(new MoreNumbers(_registry.Numbers)); // It was said twice, or others needed more.
                break;
            case NumbersUsedUp used:
                Persist(new NumbersAllowed(used.Next + Math.Max(used.Wanted, NumbersAtATime)), ActorRefs.Nobody, allowed => _supervisor.Tell(new MoreNumbers(allowed.Limit)));
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
                _supervisor.Forward(spoken);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Submit(SubmitExperiment submit)
    {
        if (_registry.OfRequest(submit.Request) is { } known)
        {
            var isOther = (known.Admitted.Digest, submit.Digest) is ({ } first, { } again) && first != again;
            Sender.Tell(isOther ? new RegistryRefused($"{known.Run} was submitted with this key, as another experiment", IsOther: true) : new ExperimentSubmitted(submit.Request, known.Run));
            return;
        }
        var now = time.GetUtcNow();
        var run = _registry.NewName(submit.Spec.Name, now);
        var asker = Sender;
        Persist(new RunAdmitted(run, submit.Request, submit.Spec, EngineOrigin.Of(run, now), submit.Weight, submit.Priority, submit.MostSlots, submit.Digest), admitted =>
        {
            _registry.Apply(admitted);
            _hosts.Wake(_registry.Find(run)!);
            asker.Tell(new ExperimentSubmitted(submit.Request, run));
        });
    }

    /// <summary>Whoever wants it cancelled is heard, also when it is being paused; the other way round it is too late.</summary>
    private void AskToEnd(string run, string outcome)
    {
        switch (_registry.Find(run))
        {
            case null:
                Refuse($"{run}: there is no such run", isUnknown: true);
                break;
            case { Phase: RunPhase.Open }:
            case { Phase: RunPhase.Ending, Outcome: FinalOutcome.Paused } when outcome == FinalOutcome.Cancelled:
                Persist(new RunEndAsked(run, outcome), Sender, asked => region.Tell(new EndRun(asked.Run, asked.Outcome)));
                break;
            case { Phase: RunPhase.Paused } paused when outcome == FinalOutcome.Cancelled:
                // It is gone on with just far enough to be ended: its own journal says so, too.
                var origin = EngineOrigin.Of(run, time.GetUtcNow());
                Persist(new RunReopened(paused.Run, origin), ActorRefs.Nobody, _ => { });
                Persist(new RunEndAsked(run, outcome), Sender, _ => _hosts.WakeAnew(run));
                break;
            case { Phase: RunPhase.Ending } ending when ending.Outcome == outcome:
                Sender.Tell(new RegistryDone());
                break;
            case var entry:
                Refuse($"{run}: it is {(entry.Phase == RunPhase.Over ? $"over ({entry.Outcome})" : entry.Phase == RunPhase.Paused ? "paused already" : $"being ended ({entry.Outcome})")}");
                break;
        }
    }

    private void Reopen(string run)
    {
        switch (_registry.Find(run))
        {
            case null:
                Refuse($"{run}: there is no such run", isUnknown: true);
                break;
            case { Phase: RunPhase.Paused }:
                Persist(new RunReopened(run, EngineOrigin.Of(run, time.GetUtcNow())), Sender, _ => _hosts.WakeAnew(run));
                break;
            case { Phase: RunPhase.Over } over:
                Refuse($"{run}: it is over ({over.Outcome}), and cannot be gone on with");
                break;
            default:
                Refuse($"{run}: it is not paused");
                break;
        }
    }

    private void Settle(RunEnded ended)
    {
        var host = Sender;
        if (_registry.Find(ended.Run) is not { IsAwake: true } entry || (ended.Opening != 0 && ended.Opening != entry.Opening))
        {
            host.Tell(new RunEndKnown(ended.Run));
            return;
        }
        // A cancel that was taken while it was being paused came too late for its experiment, but not for the run: in one piece, or it would be lost after all.
        var goesOn = ended.Outcome == FinalOutcome.Paused && entry is { Phase: RunPhase.Ending, Outcome: FinalOutcome.Cancelled };
        var settled = new RunSettled(ended.Run, ended.Outcome, ended.Reason);
        IRegistryEvent[] happened = goesOn ? [settled, new RunReopened(ended.Run, EngineOrigin.Of(ended.Run, time.GetUtcNow())), new RunEndAsked(ended.Run, FinalOutcome.Cancelled)] : [settled];
        var left = happened.Length;
        PersistAll(happened, written =>
        {
            _registry.Apply(written);
            if (--left > 0)
                return;
            // Its own word may be lost with its coordinator; where it is woken to hear that it has ended, it has none.
            _supervisor.Tell(new CloseExperiment(ended.Run));
            host.Tell(new RunEndKnown(ended.Run));
            if (goesOn)
                _hosts.WakeAnew(ended.Run);
        });
    }

    private void Refuse(string reason, bool isUnknown = false) => Sender.Tell(new RegistryRefused(reason, isUnknown));

    /// <summary>Writes it, counts it, and tells whoever asked.</summary>
    private void Persist<T>(T happened, IActorRef asker, Action<T> then) where T : IRegistryEvent => Persist(happened, written =>
    {
        _registry.Apply(written);
        then(written);
        asker.Tell(new RegistryDone());
    });

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
        => Context.GetLogger().Error("The registry's journal could not be written, and it begins anew: {0}", FailureText.Of(cause));

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
        => Context.GetLogger().Error("The registry's journal could not be read, and it is tried again: {0}", FailureText.Of(reason));
}
