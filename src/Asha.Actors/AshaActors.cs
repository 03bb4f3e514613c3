using Akka.Actor;
using Akka.Configuration;
using Asha.Actors.Messages;

namespace Asha.Actors;

/// <summary>The wiring of one machine, shared by host and tests: a supervisor, a node, an experiment, and whoever watches it.</summary>
public static class AshaActors
{
    /// <summary>The environment variable with the connection string of a journal's server. No trial gets it.</summary>
    public const string JournalVariable = "ASHA_JOURNAL";

    /// <summary>SIGTERM, five seconds, SIGKILL, and the sweep behind it.</summary>
    public static readonly TimeSpan ProcessesEndIn = TimeSpan.FromSeconds(25);

    /// <summary>The engine's settings, <c>config/akka.hocon</c>, as built into this assembly.</summary>
    public static Config Configuration()
    {
        using var stream = typeof(AshaActors).Assembly.GetManifestResourceStream("akka.hocon")!;
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }

    /// <summary>Starts the actors of one machine, for one experiment, and returns the experiment's.</summary>
    /// <param name="system">Made with <see cref="Configuration"/>.</param>
    /// <param name="node">This machine's node.</param>
    /// <param name="experiment">Made once the supervisor and the watcher are there.</param>
    /// <param name="watcher">Told of every committed event; it watches the experiment and ends the run.</param>
    /// <param name="ending">So long the system's shutdown waits for trials to end; <c>null</c>: as long as a process may take.</param>
    public static IActorRef StartLocal(ActorSystem system, NodeSetup node, Func<IActorRef, IActorRef, ExperimentSetup> experiment, Props watcher, TimeSpan? ending = null)
    {
        var (supervisor, watching, running) = StartExperiment(system, experiment, watcher);
        var machine = system.ActorOf(NodeActor.Props(node, supervisor), "node");
        watching.Tell(new WatchRun(running, [supervisor, machine]));
        // Trials are ended before the actors that listen to them go.
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceStop, "end-trials",
            async () =>
            {
                await machine.GracefulStop(ending ?? ProcessesEndIn, ShutDownNode.Now).ConfigureAwait(false);
                return Akka.Done.Instance;
            });
        return running;
    }

    /// <summary>Starts what an experiment needs but nodes; these join the supervisor, and who starts them says <see cref="WatchRun"/> to the watcher.</summary>
    /// <param name="instead">Is the supervisor, where one is given.</param>
    public static (IActorRef Supervisor, IActorRef Watcher, IActorRef Experiment) StartExperiment(
        ActorSystem system, Func<IActorRef, IActorRef, ExperimentSetup> experiment, Props watcher, IActorRef? instead = null)
    {
        var supervisor = instead ?? system.ActorOf(SupervisorActor.Props(), "supervisor");
        var watching = system.ActorOf(watcher, "watcher");
        return (supervisor, watching, system.ActorOf(ExperimentActor.Props(experiment(supervisor, watching)), "experiment"));
    }

    /// <summary>How often a node sends an unacknowledged report again.</summary>
    public static TimeSpan ResendInterval(Config config) => config.GetTimeSpan("asha.node.resend-interval");
}

/// <summary>To the watcher: these are the actors without which the run is over.</summary>
public sealed record WatchRun(IActorRef Experiment, IReadOnlyList<IActorRef> Others) : INoSerializationVerificationNeeded
{
    /// <summary>Whoever watches the run hears of the end of each.</summary>
    public void Watch(IActorContext watcher)
    {
        watcher.Watch(Experiment);
        foreach (var other in Others)
            watcher.Watch(other);
    }
}
