using Akka.Actor;
using Asha.Actors;
using Asha.Actors.Persistence;
using Asha.Actors.Simulation;
using Asha.Core.Experiments;

namespace Asha.Torture.World;

/// <summary>The experiment of one engine, from its start to its end, and the supervisor, which may be lost alone and followed by another.</summary>
internal sealed class Coordinator
{
    private readonly VirtualSystem _system;
    private readonly IActorRef _watcher;
    private readonly ExperimentMaker _maker;
    private readonly TorturePlan _plan;
    private readonly IActorRef _registry;

    /// <param name="life">Engines are counted from 1.</param>
    /// <param name="epoch">Supervisors are.</param>
    /// <param name="takesOver">Its experiment and its supervisor are on two machines, and it takes over from the one before, if its nodes ran on.</param>
    /// <param name="proxy">Speaks to the supervisor, where that is on another machine.</param>
    /// <param name="registry">Knows whether the run is over.</param>
    public Coordinator(VirtualSystem system, TorturePlan plan, int life, int epoch, bool takesOver, IActorRef proxy, IActorRef registry, Func<JournalOpening, Props>? journal, Props watcher)
    {
        (_system, _plan, _registry, Life, TakesOver) = (system, plan, registry, life, takesOver);
        Supervisor = NewSupervisor(epoch);
        _watcher = system.Actors.ActorOf(watcher, $"watcher-{life}");
        var origin = new RunOrigin(plan.Spec.Name, DateTimeOffset.UnixEpoch, "torture", $"engine {life}");
        _maker = new ExperimentMaker(new ExperimentSetup(plan.Spec, origin, Weight: 1, takesOver ? proxy : Supervisor, journal, _watcher)
        {
            Resumes = life > 1,
            ResendInterval = plan.Resend,
            TakesOver = takesOver,
            Time = takesOver ? new VirtualTime(system.Clock) : null,
        });
        Experiment = system.Actors.ActorOf(Props.CreateBy(_maker), $"experiment-{life}");
        _watcher.Tell(new WatchRun(Experiment, [Supervisor]));
    }

    public int Life { get; }

    public bool TakesOver { get; }

    /// <summary>The one that is there, or was there last.</summary>
    public IActorRef Supervisor { get; private set; }

    /// <summary>The supervisor is gone, and no other is there yet.</summary>
    public bool IsHeadless { get; private set; }

    public IActorRef Experiment { get; }

    /// <summary>What the experiment has decided so far; <c>null</c> until it has read its journal.</summary>
    public ExperimentState? State => _maker.Made?.Experiment?.State;

    /// <summary>Whether something of what it has decided is not written: what rests on that is not let out.</summary>
    public bool IsHeld => _maker.Made is not { Experiment: not null, IsWritten: true };

    public MessageStanding? StandingOf(JobReport report) => _maker.Made?.Experiment?.StandingOf(report);

    /// <summary>Its watcher is told when the actor ends.</summary>
    public void Watch(IActorRef actor) => _watcher.Tell(new WatchRun(Experiment, [actor]));

    /// <summary>The supervisor is gone, with all that it knew.</summary>
    public void LoseSupervisor()
    {
        IsHeadless = true;
        _system.End(Supervisor);
    }

    /// <summary>Another one is there, which knows nothing.</summary>
    public void FindSupervisor(int epoch)
    {
        (IsHeadless, Supervisor) = (false, NewSupervisor(epoch));
        Watch(Supervisor);
    }

    /// <summary>The run is over, and the registry has heard of it.</summary>
    public void Settle() => _registry.Tell(new RunRegistry.Settle(_plan.Spec.Name, Supervisor), ActorRefs.NoSender);

    /// <summary>The experiment is gone; nodes see that.</summary>
    public void Go() => _system.End(Experiment);

    /// <summary>None of its actors takes another message.</summary>
    public void Kill()
    {
        _system.End(Experiment);
        if (!IsHeadless)
            _system.End(Supervisor);
        _system.End(_watcher);
    }

    private IActorRef NewSupervisor(int epoch) => _system.Actors.ActorOf(SupervisorActor.Props(new SupervisorSetup(epoch, (epoch - 1) * 1000)
    {
        ResendInterval = _plan.Resend,
        NodeGrace = _plan.NodeGrace,
        Registry = _registry,
    }), $"supervisor-{epoch}");

    /// <summary>Makes the experiment's actor, and keeps it.</summary>
    private sealed class ExperimentMaker(ExperimentSetup setup) : IIndirectActorProducer
    {
        public ExperimentActor? Made { get; private set; }

        public Type ActorType => typeof(ExperimentActor);

        public ActorBase Produce() => Made = new ExperimentActor(setup);

        public void Release(ActorBase actor) { }
    }
}
