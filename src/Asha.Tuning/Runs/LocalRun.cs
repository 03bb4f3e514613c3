using System.Buffers;
using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting.Logging;
using Asha.Actors;
using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Actors.Metrics;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;
using Asha.Tuning.Journals;
using Microsoft.Extensions.Logging;

namespace Asha.Tuning.Runs;

/// <summary>How a run came to its end: <paramref name="Failure"/> says why the engine failed, and is <c>null</c> where it did not.</summary>
internal sealed record RunEnd(RunRecord Record, string? Failure);

/// <summary>Runs one experiment on this machine, from an empty folder, or from where an engine before has left it, to its end.</summary>
/// <param name="spec">The experiment.</param>
/// <param name="folder">Where its events go.</param>
/// <param name="journal">What it can be gone on with from.</param>
/// <param name="runner">Runs its attempts.</param>
/// <param name="log">Where the engine's own words go.</param>
internal sealed class LocalRun(ExperimentSpec spec, RunFolder folder, RunJournal journal, ITrialRunner runner, ILoggerFactory log)
{
    private readonly CheckpointLine _deletions = new(folder.Checkpoints);
    private readonly TaskCompletionSource<RunEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What is kept of the run while it goes on; whoever reads it holds its lock.</summary>
    public RunRecord Record { get; init; } = new();

    /// <summary>Told of each event once it is in the journal and in the record: one at a time, under the record's lock.</summary>
    public Action<ExperimentEvent>? Told { get; init; }

    /// <summary>Told, in a sentence, that the journal cannot be written, and that it can again.</summary>
    public Action<string>? Noted { get; init; }

    /// <summary>Makes another journal than the run's, for whoever measures what that costs.</summary>
    public Func<JournalOpening, Props>? Instead { get; init; }

    /// <summary>Takes how long things take, for whoever measures what that costs: a run of one machine is not asked.</summary>
    public EngineMetrics? Metrics { get; init; }

    /// <summary>It goes on from its journal; where that is empty, it begins.</summary>
    public bool Resumes { get; init; }

    /// <summary>It is ended at once, so: nothing is started. <c>null</c>: it runs.</summary>
    public string? Ends { get; init; }

    /// <summary>So long trials may take to end once the run is over; <c>null</c>: as long as a process may.</summary>
    public TimeSpan? TrialsEndIn { get; init; }

    /// <summary>Settings that come before the engine's own, as text.</summary>
    public string Settings { get; init; } = "";

    /// <summary>Returns when the experiment has ended and all its trials are gone.</summary>
    /// <param name="interrupt">Ends the experiment with what was found.</param>
    public async Task<RunEnd> RunAsync(CancellationToken interrupt)
    {
        // What comes later in the text wins.
        var settings = ConfigurationFactory.ParseString(string.Join('\n', EngineLog.Settings, JournalServer.Settings, ShutDown(), Settings)).WithFallback(AshaActors.Configuration());
        var system = ActorSystem.Create("asha", BootstrapSetup.Create().WithConfig(settings).And(new LoggerFactorySetup(log)).And(journal.Setup()));
        var experiment = AshaActors.StartLocal(system, Node(), Experiment, RunWatcher.Props(Record, Told, Noted is { } noted ? (_, note) => noted($"the journal ({journal.Place}) {note}") : null, Tidy, _end), TrialsEndIn);
        RunEnd end;
        if (Ends is { } outcome)
            experiment.Tell(new StopExperiment(outcome, ""));
        using (new RunRequests(folder.Path, asked => experiment.Tell(new StopExperiment(asked, ""))))
        await using (interrupt.Register(() => experiment.Tell(new StopExperiment(FinalOutcome.Interrupted, ""))))
            end = await _end.Task.ConfigureAwait(false);
        await CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance).ConfigureAwait(false);
        journal.Close();
        if (end is { Failure: null, Record.State: { Ended: { } ended } state } && FinalOutcome.IsFinal(ended))
            folder.Checkpoints.KeepBest(state);
        return end;
    }

    /// <summary>A run that ends before its first trial: its journal says so, and every command can read it.</summary>
    public RunEnd EndBeforeStart(string outcome, string reason)
    {
        var lines = new ArrayBufferWriter<byte>();
        foreach (ExperimentEvent happened in new ExperimentEvent[] { new ExperimentStarted(TimeSpan.Zero, spec, Origin()), new ExperimentEnded(TimeSpan.Zero, outcome, reason) })
        {
            Record.Apply(happened);
            EventLines.Write(lines, happened);
        }
        // A journal that has begun says more than that, and its copy must not say anything else.
        if (!Resumes || journal.Survey() is null)
        {
            using var file = OwnPath.Create(folder.Events);
            file.Write(lines.WrittenSpan);
        }
        return new RunEnd(Record, null);
    }

    /// <summary>The system's shutdown waits a little longer than whoever ends the trials.</summary>
    private string ShutDown() => TrialsEndIn is { } limit ? $"akka.coordinated-shutdown.phases.service-stop.timeout = {Math.Ceiling(limit.TotalSeconds) + 5}s" : "";

    private NodeSetup Node()
    {
        var gpus = spec.Trial.Gpus > 0 ? GpuDetector.Found.Ids : [];
        return new NodeSetup(
            "local",
            SlotResources.Divide(spec.Slots, SlotResources.DetectCpus(), gpus, spec.Trial.Gpus),
            TrialSlot.Running(spec.Trial.CheckpointBudget is null && !Resumes ? runner : new RunnerAfterDeletions(runner, () => _deletions.UnderWay)),
            _deletions.Release,
            AshaActors.ResendInterval(AshaActors.Configuration())) { Metrics = Metrics };
    }

    private ExperimentSetup Experiment(IActorRef supervisor, IActorRef watcher) => new(
        spec, Origin(), Weight: 1, supervisor, Instead ?? (opening => journal.Actor(opening, folder.Events)), watcher) { Resumes = Resumes, TrialsEndIn = TrialsEndIn ?? AshaActors.ProcessesEndIn, Metrics = Metrics is { } metrics ? new ExperimentMetrics(metrics) : null };

    private RunOrigin Origin() => EngineOrigin.Of(folder.Name, DateTimeOffset.UtcNow);

    /// <summary>What the engine before was to delete, in line with what this one is to.</summary>
    private void Tidy(ExperimentState state)
    {
        var unneeded = folder.Checkpoints.Unneeded(state);
        _ = _deletions.Delete(() => folder.Checkpoints.Tidy(unneeded));
    }
}
