using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Asha.Actors;
using Asha.Actors.Messages;
using Asha.Actors.Metrics;
using Asha.Actors.Persistence;
using Asha.Cluster.Api;
using Asha.Cluster.Logs;
using Asha.Cluster.Settings;
using Asha.Core.Experiments;
using Asha.Core.Scheduling;
using Asha.Tuning.Runs;

namespace Asha.Cluster.Coordinators;

/// <summary>
/// Has one run at work, on the coordinator where the shard region put it: its experiment, its journal, and who follows it. It is woken by the registry, and goes when the run has ended and everybody knows.
/// </summary>
/// <param name="setup">What all runs of this coordinator share.</param>
internal sealed class ExperimentHost(HostSetup setup) : UntypedActor, IWithTimers
{
    private sealed class TellAgain : INoSerializationVerificationNeeded
    {
        public static readonly TellAgain Now = new();
    }

    private sealed class Leave : INoSerializationVerificationNeeded
    {
        public static readonly Leave Now = new();
    }

    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private WakeRun? _run;
    private IActorRef _experiment = ActorRefs.Nobody;
    private RunEnded? _ended;
    private bool _isStalled;
    private OpenRun? _open;
    private RunRecord? _record;

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>A run's journal, among all of the database.</summary>
    public static string JournalOf(string run) => $"run-{run}";

    public static Props Props(HostSetup setup) => Akka.Actor.Props.Create(() => new ExperimentHost(setup));

    /// <summary>An engine that fails says so to whoever follows it, and is not made again here: the registry wakes the run, with an engine that knows nothing but the journal.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PostStop()
    {
        if (_open is { } open)
            setup.Metrics.Runs.Close(open);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WakeRun again when Timers.IsTimerActive(Leave.Now) || (_ended is not null && again.Opening > _run!.Opening):
                // It was paused, and is to go on: by another, who begins with what the journal says. He is woken again until he says so. That the registry knows of the pause, this host may not have heard.
                Timers.Cancel(TellAgain.Now);
                Timers.Cancel(Leave.Now);
                Context.Parent.Tell(new Passivate(PoisonPill.Instance));
                break;
            case WakeRun wake:
                if (_run is null)
                    Start(wake);
                else
                    _experiment.Tell(new ReopenExperiment(wake.Epoch));
                setup.Registry.Tell(new RunAwake(wake.Run));
                if (_ended is not null)
                    setup.Registry.Tell(_ended);
                break;
            case EndRun end when _run is not null && _ended is null:
                _experiment.Tell(new StopExperiment(end.Outcome, ""));
                break;
            case EndRun or RunEndKnown when _run is null:
                Context.Stop(Self); // Meant for one before; nobody has woken this one.
                break;
            case RunEnd { Failure: { } failure }:
                Context.GetLogger().Error("{Experiment}: the engine failed: {Problem}", _run!.Run, failure);
                setup.Registry.Tell(new RunFailed(_run.Run, failure));
                Context.Stop(Self);
                break;
            case RunEnd { Record.State.Ended: { } ended } end:
                _ended = new RunEnded(_run!.Run, ended.Outcome, ended.Reason, _run.Opening, RunFigures.Of(end.Record.State));
                setup.Registry.Tell(_ended);
                Timers.StartPeriodicTimer(TellAgain.Now, TellAgain.Now, _interval);
                break;
            case LookAtRun look:
                Sender.Tell(Look(look));
                break;
            case TellAgain:
                setup.Registry.Tell(_ended!);
                break;
            case RunEndKnown when _ended is not null && !Timers.IsTimerActive(Leave.Now):
                Timers.Cancel(TellAgain.Now);
                // What was cut says so when its process has ended; somebody has to answer.
                Timers.StartSingleTimer(Leave.Now, Leave.Now, AshaActors.ProcessesEndIn);
                break;
            case Leave:
                Context.Parent.Tell(new Passivate(PoisonPill.Instance));
                break;
            case EndRun or RunEndKnown:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Start(WakeRun wake)
    {
        _run = wake;
        var folder = Path.Combine(setup.Runs, wake.Run);
        try
        {
            DataFolder.Make(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Nothing but a copy of the journal goes there: the run can do without, and that is said when the copy is to be made.
        }
        var end = new TaskCompletionSource<RunEnd>(TaskCreationOptions.RunContinuationsAsynchronously);
        var log = Context.GetLogger();
        var (record, metrics) = (_record = setup.Formats.NewRecord(), new ExperimentMetrics(setup.Metrics));
        var open = _open = setup.Metrics.Runs.Open(wake.Run, record, metrics);
        var story = new RunStory(log, wake.Run, record.State.Nodes.Of);
        var watcher = Context.ActorOf(RunWatcher.Props(record, happened => Told(open, story, happened), (isWritten, note) => Note(log, wake.Run, isWritten, note), null, end, waitsForNodes: true), "watcher");
        // What it begins with, or goes on from, its journal says: it is empty the first time.
        _experiment = Context.ActorOf(ExperimentActor.Props(new ExperimentSetup(
            wake.Spec, EngineOrigin.Of(wake.Run, wake.Origin.StartedAt), wake.Weight, setup.Registry, opening => JournalActor.Props(JournalOf(wake.Run), Path.Combine(folder, "events.jsonl"), opening, lag => setup.Say($"{wake.Run}: {lag}"), path => setup.CopyJournal(JournalOf(wake.Run), path)), watcher)
        {
            Resumes = true,
            IsClustered = true,
            TakesOver = true,
            Time = TimeProvider.System,
            Priority = wake.Priority,
            MaxConcurrent = wake.MostSlots,
            Demand = SlotDemand.Of(wake.Spec.Trial),
            ResendInterval = setup.ResendInterval,
            Metrics = metrics,
        }), "experiment");
        watcher.Tell(new WatchRun(_experiment, []));
        end.Task.PipeTo(Self);
    }

    /// <summary>Nobody who decides waits for it: events are folded beside the experiment, by the watcher.</summary>
    private RunStands Look(LookAtRun look)
    {
        if (_record is not { } record)
            return new RunStands(look.Run);
        lock (record)
        {
            return record.State.Events == 0 ? new RunStands(look.Run) : new RunStands(look.Run, RunFigures.Of(record.State), look.WithSummary ? setup.Formats.Summary(record) : null);
        }
    }

    private static void Told(OpenRun open, RunStory story, ExperimentEvent happened)
    {
        open.Committed();
        story.Tell(happened);
    }

    /// <summary>Where the journal is in the coordinator's own folder, so is the log, and a disk that is full takes neither: people are told, once for each time that it lasts.</summary>
    private void Note(ILoggingAdapter log, string run, bool isWritten, string note)
    {
        log.Warning("{Experiment}: the journal {Note}", run, note);
        if (setup.HasOwnJournal && isWritten == _isStalled)
            setup.Say($"{run}: the journal {note}");
        _isStalled = !isWritten;
    }
}

/// <summary>What all runs of a coordinator share.</summary>
/// <param name="Registry">Where the registry is, wherever that is.</param>
/// <param name="Runs">The folder of the runs' folders.</param>
/// <param name="ResendInterval">So long a node's answer is waited for.</param>
/// <param name="Say">Tells people what happens, a line each; from any thread.</param>
/// <param name="Metrics">What the coordinator measures.</param>
/// <param name="Formats">What is kept of a run for its summary, and how that is written.</param>
/// <param name="CopyJournal">Writes the lines of a journal to a file, and says what went wrong; <c>null</c>: nothing.</param>
/// <param name="HasOwnJournal">Whether the journal is in the coordinator's own folder.</param>
internal sealed record HostSetup(IActorRef Registry, string Runs, TimeSpan ResendInterval, Action<string> Say, EngineMetrics Metrics, ApiFormats Formats, Func<string, string, string?> CopyJournal, bool HasOwnJournal = false);
