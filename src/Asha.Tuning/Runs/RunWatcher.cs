using Akka.Actor;
using Asha.Actors;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Tuning.Runs;

/// <summary>
/// Follows one run: folds its committed events, shows each, and completes <paramref name="end"/> when the experiment ends, or when an actor without which it
/// cannot go on is gone.
/// </summary>
/// <param name="record">Folds the events; whoever else reads it holds its lock.</param>
/// <param name="told">Called after each event, under that lock.</param>
/// <param name="noted">Called with what people should know of the journal: whether it can be written, and the words.</param>
/// <param name="recovered">Called with the experiment as it is gone on with, before anything is decided.</param>
/// <param name="end">Completed once.</param>
/// <param name="waitsForNodes">Others may come when every slot was given up; on one machine there are none.</param>
internal sealed class RunWatcher(RunRecord record, Action<ExperimentEvent>? told, Action<bool, string>? noted, Action<ExperimentState>? recovered, TaskCompletionSource<RunEnd> end, bool waitsForNodes = false) : UntypedActor
{
    private string? _failure;
    private IActorRef? _experiment;

    public static Props Props(RunRecord record, Action<ExperimentEvent>? told, Action<bool, string>? noted, Action<ExperimentState>? recovered, TaskCompletionSource<RunEnd> end, bool waitsForNodes = false)
        => Akka.Actor.Props.Create(() => new RunWatcher(record, told, noted, recovered, end, waitsForNodes));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WatchRun run:
                _experiment = run.Experiment;
                run.Watch(Context);
                break;
            case EventsCommitted committed:
                Take(committed.Events);
                break;
            case EventsRecovered recovered:
                Recover(recovered.Events);
                break;
            case JournalStalled stalled:
                noted?.Invoke(false, $"cannot be written: {stalled.Reason}. Nothing is started or counted until it can; running trials go on. Next try in {stalled.Next.TotalSeconds:0.#} s");
                break;
            case JournalRestored:
                noted?.Invoke(true, "is written again; nothing was lost");
                break;
            case EngineFailed failed:
                _failure ??= failed.Message;
                break;
            case Terminated gone:
                end.TrySetResult(new RunEnd(record, _failure ?? $"the {gone.ActorRef.Path.Name} stopped; asha.log says more"));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Whatever ends this actor, nobody waits for ever.</summary>
    protected override void PostStop() => end.TrySetResult(new RunEnd(record, _failure ?? "the watcher of the run stopped; asha.log says more"));

    private void Recover(IReadOnlyList<ExperimentEvent> events)
    {
        lock (record)
        {
            foreach (var happened in events)
                record.Apply(happened);
            recovered?.Invoke(record.State);
        }
        if (record.State.Ended is { } ended && FinalOutcome.IsFinal(ended))
            end.TrySetResult(new RunEnd(record, null));
    }

    private void Take(IReadOnlyList<ExperimentEvent> events)
    {
        lock (record)
        {
            foreach (var happened in events)
            {
                record.Apply(happened);
                told?.Invoke(happened);
            }
        }
        if (record.State.Ended is not null)
            end.TrySetResult(new RunEnd(record, null));
        else if (!waitsForNodes && record.State.Slots.Present == 0 && events.Any(happened => happened is SlotLeft { Reason: not null }) && record.State.RetiredSlots is [.., var last])
            _experiment?.Tell(new StopExperiment("failed", $"no slot is left; the last one was given up since {last.Reason}"));
    }
}
