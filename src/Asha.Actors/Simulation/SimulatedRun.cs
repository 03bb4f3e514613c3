using Akka.Actor;
using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors.Simulation;

/// <summary>
/// One run in virtual time: the actors of a live run, unchanged, on a virtual clock. The world around them ends the attempts, and decides nothing else. It is run by the thread that calls it; any number may run side by side.
/// </summary>
/// <param name="spec">The experiment; <see cref="ExperimentSpec.Slots"/> says how many slots the world has.</param>
/// <param name="attempt">How each attempt goes.</param>
public sealed class SimulatedRun(ExperimentSpec spec, Func<JobStarted, SimulatedAttempt> attempt)
{
    private readonly SimulatedRunner _runner = new();
    private readonly Queue<JobStarted> _begun = new();
    private long _starts;
    private string? _failure;
    private bool _isOver;

    /// <summary>Told of every event once it is in the journal.</summary>
    public Action<ExperimentEvent>? Told { get; init; }

    /// <summary>Where <c>events.jsonl</c> goes; <c>null</c>: nowhere.</summary>
    public Func<Stream>? Events { get; init; }

    /// <summary>Told of each message that an actor takes: the time, the actor's path, the message's type.</summary>
    public Action<TimeSpan, string, string>? Trace { get; init; }

    /// <summary>Work that came from other threads in the last run; anything but 0 is a mistake of ours.</summary>
    public long Foreign { get; private set; }

    /// <summary>Runs until nothing can happen any more.</summary>
    /// <exception cref="InvalidOperationException">The engine failed.</exception>
    public void Run()
    {
        using var system = new VirtualSystem(Trace is null ? "" : TracingMailbox.Everywhere);
        system.Clock.Trace = Trace;
        var node = new NodeSetup("node-0", [.. Enumerable.Range(0, spec.Slots).Select(_ => new SlotResources([], []))], () => TrialActor.Props(_runner), _ => Task.CompletedTask, TimeSpan.FromDays(1));
        AshaActors.StartLocal(system.Actors, node, Experiment, WorldWatcher.Props(Take, message => _failure ??= message));
        var clock = system.Clock;
        do
        {
            clock.Drain();
            Plan(clock);
        }
        while (_failure is null && !_isOver && clock.Advance());
        Foreign = clock.Foreign;
        if (_failure is not null)
            throw new InvalidOperationException(_failure);
    }

    /// <summary>How an attempt goes that ends with a result, and leaves a checkpoint where trials resume.</summary>
    public static SimulatedAttempt Completes(JobStarted job, TimeSpan length, double metric, bool resumes)
        => new(length, new TrialReport(job.Target, metric, resumes ? $"at-{job.Target:R}" : null), new TrialEnding(EndingCause.Exited));

    private ExperimentSetup Experiment(IActorRef supervisor, IActorRef watcher) => new(
        spec, new RunOrigin(spec.Name, DateTimeOffset.UnixEpoch, typeof(SimulatedRun).Assembly.GetName().Version!.ToString(3), "simulated"), Weight: 1, supervisor,
        Events is { } open ? Persistence.JournalActor.Props(open) : MemoryJournal.Props(), watcher, TimeZero: TimeSpan.Zero);

    private void Take(ExperimentEvent happened)
    {
        if (happened is JobStarted started)
            _begun.Enqueue(started);
        _isOver |= happened is ExperimentEnded;
        Told?.Invoke(happened);
    }

    /// <summary>Attempts begin in the order in which they were decided, whatever way their messages took to the nodes: of those that end at one time, the first to begin is the first to end.</summary>
    private void Plan(VirtualScheduler clock)
    {
        while (_begun.TryDequeue(out var started))
        {
            if (_runner.Take(started) is not { } flight)
                continue;
            var goes = attempt(started);
            clock.At(clock.Now + goes.Length, EventClass.AttemptEnds, _starts++, () => flight.End(goes));
        }
    }

    /// <summary>Hears of the run, as a live one's watcher does.</summary>
    private sealed class WorldWatcher(Action<ExperimentEvent> take, Action<string> fail) : UntypedActor
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
                    foreach (var happened in committed.Events)
                        take(happened);
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
}
