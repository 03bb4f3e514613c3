using Akka.Actor;
using Asha.Actors;
using Asha.Actors.Persistence;
using Asha.Actors.Simulation;
using Asha.Core.Experiments;

namespace Asha.Torture.World;

/// <summary>The supervisor and the experiment of one engine, from its start to its end.</summary>
internal sealed class Coordinator
{
    private readonly VirtualSystem _system;
    private readonly IActorRef _watcher;
    private readonly ExperimentMaker _maker;

    /// <param name="life">Engines are counted from 1.</param>
    /// <param name="resend">After so long what was not answered is said again.</param>
    public Coordinator(VirtualSystem system, ExperimentSpec spec, int life, TimeSpan resend, Func<JournalOpening, Props>? journal, Props watcher)
    {
        _system = system;
        Life = life;
        Supervisor = system.Actors.ActorOf(SupervisorActor.Props(), $"supervisor-{life}");
        _watcher = system.Actors.ActorOf(watcher, $"watcher-{life}");
        var origin = new RunOrigin(spec.Name, DateTimeOffset.UnixEpoch, "torture", $"engine {life}");
        _maker = new ExperimentMaker(new ExperimentSetup(spec, origin, Weight: 1, Supervisor, journal, _watcher) { Resumes = life > 1, ResendInterval = resend });
        Experiment = system.Actors.ActorOf(Props.CreateBy(_maker), $"experiment-{life}");
        _watcher.Tell(new WatchRun(Experiment, [Supervisor]));
    }

    public int Life { get; }

    public IActorRef Supervisor { get; }

    public IActorRef Experiment { get; }

    /// <summary>What the experiment has decided so far; <c>null</c> until it has read its journal.</summary>
    public ExperimentState? State => _maker.Made?.Experiment?.State;

    /// <summary>Whether something of what it has decided is not written: what rests on that is not let out.</summary>
    public bool IsHeld => _maker.Made is not { Experiment: not null, IsWritten: true };

    public MessageStanding? StandingOf(JobReport report) => _maker.Made?.Experiment?.StandingOf(report);

    /// <summary>Its watcher is told when the actor ends.</summary>
    public void Watch(IActorRef actor) => _watcher.Tell(new WatchRun(Experiment, [actor]));

    /// <summary>None of its actors takes another message.</summary>
    public void Kill()
    {
        _system.End(Experiment);
        _system.End(Supervisor);
        _system.End(_watcher);
    }

    /// <summary>Makes the experiment's actor, and keeps it.</summary>
    private sealed class ExperimentMaker(ExperimentSetup setup) : IIndirectActorProducer
    {
        public ExperimentActor? Made { get; private set; }

        public Type ActorType => typeof(ExperimentActor);

        public ActorBase Produce() => Made = new ExperimentActor(setup);

        public void Release(ActorBase actor) { }
    }
}
