using Akka.Actor;
using Asha.Actors;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Host.Tuning;

/// <summary>How a run came to its end: <paramref name="Failure"/> says why the engine failed, and is <c>null</c> where it did not.</summary>
internal sealed record RunEnd(RunRecord Record, string? Failure);

/// <summary>
/// Follows one run: folds its committed events, shows each, and completes <paramref name="end"/> when the experiment ends, or when an actor without which it
/// cannot go on is gone.
/// </summary>
/// <param name="show">Called with the record as it is after each event.</param>
/// <param name="end">Completed once.</param>
internal sealed class RunWatcher(Action<RunRecord, ExperimentEvent> show, TaskCompletionSource<RunEnd> end) : UntypedActor
{
    private readonly RunRecord _record = new();
    private string? _failure;

    public static Props Props(Action<RunRecord, ExperimentEvent> show, TaskCompletionSource<RunEnd> end)
        => Akka.Actor.Props.Create(() => new RunWatcher(show, end));

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
                Take(committed.Events);
                break;
            case EngineFailed failed:
                _failure ??= failed.Message;
                break;
            case Terminated gone:
                end.TrySetResult(new RunEnd(_record, _failure ?? $"the {gone.ActorRef.Path.Name} stopped; asha.log says more"));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Whatever ends this actor, nobody waits for ever.</summary>
    protected override void PostStop() => end.TrySetResult(new RunEnd(_record, _failure ?? "the watcher of the run stopped; asha.log says more"));

    private void Take(IReadOnlyList<ExperimentEvent> events)
    {
        foreach (var happened in events)
        {
            _record.Apply(happened);
            show(_record, happened);
        }
        if (_record.State.Ended is not null)
            end.TrySetResult(new RunEnd(_record, null));
    }
}
