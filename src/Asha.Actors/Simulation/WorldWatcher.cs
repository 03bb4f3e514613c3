using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors.Simulation;

/// <summary>Hears of a simulated run, as a live one's watcher does.</summary>
/// <param name="also">Is told the same, by the same sender.</param>
internal sealed class WorldWatcher(Action<ExperimentEvent> take, Action<string> fail, IActorRef? also) : UntypedActor
{
    public static Props Props(Action<ExperimentEvent> take, Action<string> fail, IActorRef? also) => Akka.Actor.Props.Create(() => new WorldWatcher(take, fail, also));

    protected override void OnReceive(object message)
    {
        if (message is EventsCommitted or EngineFailed)
            also?.Forward(message);
        switch (message)
        {
            case WatchRun run:
                run.Watch(Context);
                break;
            case EventsCommitted committed:
                Take(committed.Events);
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

    private void Take(IReadOnlyList<ExperimentEvent> events)
    {
        try
        {
            for (var index = 0; index < events.Count; index++)
                take(events[index]);
        }
        catch (Exception wrong)
        {
            // Who takes them has lost some: nothing of the run can be relied on.
            fail(wrong.Message);
            throw;
        }
    }
}
