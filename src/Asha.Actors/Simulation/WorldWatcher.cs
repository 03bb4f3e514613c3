using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors.Simulation;

/// <summary>Hears of a simulated run, as a live one's watcher does.</summary>
internal sealed class WorldWatcher(Action<ExperimentEvent> take, Action<string> fail) : UntypedActor
{
    public static Props Props(Action<ExperimentEvent> take, Action<string> fail) => Akka.Actor.Props.Create(() => new WorldWatcher(take, fail));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WatchRun run:
                Context.Watch(run.Experiment);
                foreach (var other in run.Others)
                    Context.Watch(other);
                break;
            case EventsCommitted committed:
                for (var index = 0; index < committed.Events.Count; index++)
                    take(committed.Events[index]);
                break;
            case EngineFailed failed:
                fail(failed.Message);
                break;
            case Terminated gone:
                fail($"the {gone.ActorRef.Path.Name} stopped");
                break;
            default:
                Unhandled(message);
                break;
        }
    }
}
