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
internal sealed class ClusterSupervisor(IActorRef region, TimeProvider time) : UntypedPersistentActor, IWithTimers
{
    private sealed class Look : INoSerializationVerificationNeeded
    {
        public static readonly Look Now = new();
    }

    /// <summary>So long an answer of a host is waited for, before it is told again.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    /// <summary>An engine that fails at once would otherwise be made again at once.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(10);

    private readonly Registry _registry = new();
    private readonly Dictionary<string, IActorRef> _hosts = [];
    private readonly Dictionary<string, (string Reason, DateTimeOffset At)> _problems = [];
    private readonly Dictionary<string, ListedNode> _nodes = [];
    private IActorRef _supervisor = ActorRefs.Nobody;

    public ITimerScheduler Timers { get; set; } = null!;

    public override string PersistenceId => "registry";

    public static Props Props(IActorRef region, TimeProvider time) => Akka.Actor.Props.Create(() => new ClusterSupervisor(region, time));

    /// <summary>Who gave out slots and failed has forgotten whose they are: another registry begins, with its own epoch.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Escalate);

    protected override void OnRecover(object message)
    {
        if (message is IRegistryEvent happened)
            _registry.Apply(happened);
        else if (message is RecoveryCompleted)
            Persist(new RegistryBegun(_registry.Epoch + 1, time.GetUtcNow(), Akka.Cluster.Cluster.Get(Context.System).SelfAddress.ToString()), Begin);
    }

    private void Begin(RegistryBegun begun)
    {
        _registry.Apply(begun);
        _supervisor = Context.ActorOf(SupervisorActor.Props(), "slots");
        WakeAll();
        Timers.StartPeriodicTimer(Look.Now, Look.Now, _patience);
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case SubmitExperiment submit:
                Submit(submit);
                break;
            case ListExperiments:
                Sender.Tell(new ExperimentList([.. _registry.Entries.Select(Listed)], _registry.Epoch, _registry.Where, [.. _nodes.Values.OrderBy(node => node.Node, StringComparer.Ordinal)]));
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
                Drain(drain.Node);
                break;
            case RunAwake awake:
                Awake(awake.Run);
                break;
            case RunEnded ended:
                Settle(ended);
                break;
            case RunFailed failed:
                _problems[failed.Run] = (failed.Reason, time.GetUtcNow());
                break;
            case Terminated gone:
                Forget(gone.ActorRef);
                break;
            case Look:
                WakeAll();
                break;
            case IWireMessage spoken:
                if (spoken is JoinNode join)
                    _nodes[join.Node] = new ListedNode(join.Node, join.Slots, Context.Watch(Sender), _nodes.GetValueOrDefault(join.Node) is { IsDraining: true } known && known.Link.Equals(Sender));
                _supervisor.Forward(spoken);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Submit(SubmitExperiment submit)
    {
        if (_registry.RunOf(submit.Request) is { } known)
        {
            Sender.Tell(new ExperimentSubmitted(submit.Request, known));
            return;
        }
        var now = time.GetUtcNow();
        var run = _registry.NewName(submit.Spec.Name, now);
        var asker = Sender;
        Persist(new RunAdmitted(run, submit.Request, submit.Spec, EngineOrigin.Of(run, now), submit.Weight, submit.Priority, submit.MostSlots), admitted =>
        {
            _registry.Apply(admitted);
            region.Tell(_registry.Find(run)!.Wake);
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
            case { Phase: RunPhase.Open } or { Phase: RunPhase.Ending, Outcome: FinalOutcome.Paused } when outcome == FinalOutcome.Cancelled || _registry.Find(run)!.Phase == RunPhase.Open:
                Persist(new RunEndAsked(run, outcome), Sender, asked => region.Tell(new EndRun(asked.Run, asked.Outcome)));
                break;
            case { Phase: RunPhase.Paused } paused when outcome == FinalOutcome.Cancelled:
                // It is gone on with just far enough to be ended: its own journal says so, too.
                var origin = EngineOrigin.Of(run, time.GetUtcNow());
                Persist(new RunReopened(paused.Run, origin), ActorRefs.Nobody, _ => { });
                Persist(new RunEndAsked(run, outcome), Sender, _ => WakeAgain(run));
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
                Persist(new RunReopened(run, EngineOrigin.Of(run, time.GetUtcNow())), Sender, _ => WakeAgain(run));
                break;
            case { Phase: RunPhase.Over } over:
                Refuse($"{run}: it is over ({over.Outcome}), and cannot be gone on with");
                break;
            default:
                Refuse($"{run}: it is not paused");
                break;
        }
    }

    private void Drain(string node)
    {
        if (!_nodes.TryGetValue(node, out var listed))
        {
            Refuse($"{node}: there is no such node{(_nodes.Count == 0 ? "; none is up" : $"; there are {string.Join(", ", _nodes.Keys.Order(StringComparer.Ordinal))}")}", isUnknown: true);
            return;
        }
        _nodes[node] = listed with { IsDraining = true };
        listed.Link.Tell(new LeaveWhenIdle());
        Sender.Tell(new RegistryDone());
    }

    private void Awake(string run)
    {
        _hosts[run] = Context.Watch(Sender);
        _problems.Remove(run);
        if (_registry.Find(run) is { Phase: RunPhase.Ending, Outcome: { } outcome })
            Sender.Tell(new EndRun(run, outcome));
    }

    private void Settle(RunEnded ended)
    {
        var host = Sender;
        if (_registry.Find(ended.Run) is { IsAwake: true })
            Persist(new RunSettled(ended.Run, ended.Outcome, ended.Reason), ActorRefs.Nobody, _ => host.Tell(new RunEndKnown(ended.Run)));
        else
            host.Tell(new RunEndKnown(ended.Run));
    }

    private void Forget(IActorRef gone)
    {
        foreach (var (run, _) in _hosts.Where(host => host.Value.Equals(gone)).ToArray())
            _hosts.Remove(run);
        foreach (var (node, _) in _nodes.Where(node => node.Value.Link.Equals(gone)).ToArray())
            _nodes.Remove(node);
        WakeAll();
    }

    /// <summary>Everybody who ought to be awake and has not said so; and those that are to end are told so again.</summary>
    private void WakeAll()
    {
        var now = time.GetUtcNow();
        foreach (var entry in _registry.Entries.Where(entry => entry.IsAwake))
        {
            if (!_hosts.ContainsKey(entry.Run) && !(_problems.TryGetValue(entry.Run, out var problem) && now - problem.At < _pause))
                region.Tell(entry.Wake);
            else if (entry is { Phase: RunPhase.Ending, Outcome: { } outcome } && _hosts.TryGetValue(entry.Run, out var host))
                host.Tell(new EndRun(entry.Run, outcome));
        }
    }

    /// <summary>The host that brought it to its pause may still be there for late reports; told that it is wanted again, it makes way for another.</summary>
    private void WakeAgain(string run)
    {
        if (_hosts.ContainsKey(run))
            region.Tell(_registry.Find(run)!.Wake);
        WakeAll();
    }

    private ListedExperiment Listed(Registry.Entry entry) => new(
        entry.Run, entry.Admitted.Spec.Name, entry.Phase, entry.Admitted.Origin.StartedAt, entry.Admitted.Weight, entry.Admitted.Priority, entry.Admitted.MostSlots,
        entry.IsAwake ? _hosts.GetValueOrDefault(entry.Run) : null, entry.Outcome, entry.Reason, _problems.TryGetValue(entry.Run, out var problem) ? problem.Reason : null);

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
