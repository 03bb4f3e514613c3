using Akka.Actor;
using Akka.Configuration;

namespace Asha.Actors.Simulation;

/// <summary>An actor system with the engine's own settings on a virtual clock; the thread that made it runs it.</summary>
public sealed class VirtualSystem : IDisposable
{
    private static readonly Config _settings = ConfigurationFactory.ParseString($$"""
        akka {
          scheduler.implementation = "{{Name<VirtualScheduler>()}}"
          # Starting a logger waits for its answer, and nothing would answer yet.
          loggers = []
          loglevel = OFF
          stdout-loglevel = OFF
          log-dead-letters = off
          actor {
            default-mailbox.mailbox-type = "{{Name<VirtualMailbox>()}}"
            mailbox.unbounded-deque-based.mailbox-type = "{{Name<VirtualDequeMailbox>()}}"
            default-dispatcher { executor = "{{Name<VirtualExecutorConfigurator>()}}", throughput = 1 }
            internal-dispatcher { executor = "{{Name<VirtualExecutorConfigurator>()}}", throughput = 1 }
            default-blocking-io-dispatcher { executor = "{{Name<VirtualExecutorConfigurator>()}}", throughput = 1 }
          }
          coordinated-shutdown {
            run-by-clr-shutdown-hook = off
            run-by-actor-system-terminate = off
            terminate-actor-system = off
          }
        }
        asha.journal-dispatcher { executor = "{{Name<VirtualExecutorConfigurator>()}}", throughput = 1 }
        """);

    public VirtualSystem() : this(AshaActors.Configuration())
    {
    }

    /// <param name="engine">The engine's settings, and whatever else the actors need; a virtual world's own come before them.</param>
    internal VirtualSystem(Config engine)
    {
        Actors = ActorSystem.Create("asha", _settings.WithFallback(engine));
        Clock = (VirtualScheduler)Actors.Scheduler;
    }

    public ActorSystem Actors { get; }

    public VirtualScheduler Clock { get; }

    /// <summary>Ends all actors but the system's own, and goes back to time 0, with nothing planned: another world may begin on it. Returns whether it could; if not, an actor did not end at once, and the system is of no use any more.</summary>
    internal bool Clear()
    {
        var guardian = (ActorRefWithCell)((ExtendedActorSystem)Actors).Guardian;
        foreach (var actor in guardian.Children)
            Actors.Stop(actor);
        Clock.Drain();
        if (guardian.Children.Any())
            return false;
        Clock.Restart();
        return true;
    }

    /// <summary>Ends the system, which takes turns of its own mailboxes.</summary>
    public void Dispose()
    {
        var ended = Actors.Terminate();
        do
            Clock.Drain();
        while (!ended.IsCompleted && Clock.Advance());
        // Its own Dispose would only terminate it once more, on whatever is left of it.
    }

    private static string Name<T>() => $"{typeof(T).FullName}, {typeof(T).Assembly.GetName().Name}";
}
