using Akka.Configuration;
using Akka.Dispatch;

namespace Asha.Actors.Simulation;

/// <summary>Named in the settings of a virtual world's dispatchers: their mailboxes wait in the world's one line.</summary>
public sealed class VirtualExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    public override ExecutorService Produce(string id) => new VirtualExecutor(id, (VirtualScheduler)Prerequisites.Scheduler);

    private sealed class VirtualExecutor(string id, VirtualScheduler world) : ExecutorService(id)
    {
        public override void Execute(IRunnable run) => world.Enqueue(run);

        public override void Shutdown() { }
    }
}
