using Akka.Actor;
using Akka.Event;
using Asha.Actors;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Torture.World;

/// <summary>Who is told what an engine tells its watcher.</summary>
internal interface ITestimony
{
    void Committed(IReadOnlyList<ExperimentEvent> events);

    void Recovered(IReadOnlyList<ExperimentEvent> events);

    void Failed(string message);

    void JournalFailed(string message);

    void Stopped(IActorRef actor);

    void Stalled(string? reason);
}

/// <summary>An engine's watcher, as a live run has one.</summary>
internal sealed class Witness(ITestimony testimony) : UntypedActor
{
    public static Props Props(ITestimony testimony) => Akka.Actor.Props.Create(() => new Witness(testimony));

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(Error));

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WatchRun run:
                run.Watch(Context);
                break;
            case EventsCommitted committed:
                testimony.Committed(committed.Events);
                break;
            case EventsRecovered recovered:
                testimony.Recovered(recovered.Events);
                break;
            case EngineFailed failed:
                testimony.Failed(failed.Message);
                break;
            case Error { Cause: { } cause } error when !error.LogSource.Contains("journal", StringComparison.Ordinal):
                testimony.Failed($"{error.LogSource}: {cause.GetType().Name}: {cause.Message}");
                break;
            case Error error:
                testimony.JournalFailed($"{error.LogSource}: {error.Message}");
                break;
            case JournalStalled stalled:
                testimony.Stalled(stalled.Reason);
                break;
            case JournalRestored:
                testimony.Stalled(null);
                break;
            case Terminated gone:
                testimony.Stopped(gone.ActorRef);
                break;
            default:
                Unhandled(message);
                break;
        }
    }
}
