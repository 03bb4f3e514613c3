using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Asha.Actors;

/// <summary>The wiring of one machine, shared by host and tests: a supervisor, a node, an experiment, and whoever watches it.</summary>
public static class AshaActors
{
    /// <summary>The engine's settings, <c>config/akka.hocon</c>, as built into this assembly.</summary>
    public static Config Configuration()
    {
        using var stream = typeof(AshaActors).Assembly.GetManifestResourceStream("akka.hocon")!;
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }

    /// <summary>Adds an actor system that runs one experiment on this machine.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="node">This machine's node.</param>
    /// <param name="experiment">Made once the supervisor and the watcher are there.</param>
    /// <param name="watcher">Told of every committed event; it watches the experiment and ends the run.</param>
    public static IServiceCollection AddLocalAsha(
        this IServiceCollection services, NodeSetup node, Func<IActorRef, IActorRef, ExperimentSetup> experiment, Func<Props> watcher)
        => services.AddAkka("asha", builder => builder
            .AddHocon(Configuration(), HoconAddMode.Prepend)
            .ConfigureLoggers(loggers =>
            {
                // Akka's own logger writes to standard output, which belongs to the user.
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
            })
            .WithActors((system, registry) => registry.Register<ExperimentActor>(StartLocal(system, node, experiment, watcher()))));

    /// <summary>Starts the actors of one machine and returns the experiment's.</summary>
    public static IActorRef StartLocal(ActorSystem system, NodeSetup node, Func<IActorRef, IActorRef, ExperimentSetup> experiment, Props watcher)
    {
        var supervisor = system.ActorOf(SupervisorActor.Props(), "supervisor");
        var watching = system.ActorOf(watcher, "watcher");
        var running = system.ActorOf(ExperimentActor.Props(experiment(supervisor, watching)), "experiment");
        var machine = system.ActorOf(NodeActor.Props(node, supervisor), "node");
        watching.Tell(new WatchRun(running, [supervisor, machine]));
        // Trials are ended before the actors that listen to them go.
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceStop, "end-trials",
            async () =>
            {
                await machine.GracefulStop(TimeSpan.FromSeconds(25), ShutDownNode.Now).ConfigureAwait(false);
                return Akka.Done.Instance;
            });
        return running;
    }

    /// <summary>How often a node sends an unacknowledged report again.</summary>
    public static TimeSpan ResendInterval(Config config) => config.GetTimeSpan("asha.node.resend-interval");
}

/// <summary>To the watcher: these are the actors without which the run is over.</summary>
public sealed record WatchRun(IActorRef Experiment, IReadOnlyList<IActorRef> Others) : INoSerializationVerificationNeeded;
