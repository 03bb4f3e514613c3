using System.Buffers;
using Akka.Actor;
using Akka.Hosting;
using Asha.Actors;
using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;
using Asha.Host.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;

namespace Asha.Host.Tuning;

/// <summary>Runs one experiment on this machine, from an empty folder to its end.</summary>
internal sealed class LocalRun(ExperimentSpec spec, RunFolder folder, string token, Action<RunRecord, ExperimentEvent> show)
{
    /// <summary>Console signals are the command's, not the host's.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private readonly TaskFactory _releases = new(new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler);
    private readonly TaskCompletionSource<RunEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Returns when the experiment has ended and all its processes are gone.</summary>
    /// <param name="interrupt">Ends the experiment with what was found.</param>
    public async Task<RunEnd> RunAsync(CancellationToken interrupt)
    {
        using var log = new LoggerConfiguration().WriteTo.File(folder.In("asha.log")).CreateLogger();
        using var host = BuildHost(log);
        await host.StartAsync(CancellationToken.None);
        var experiment = host.Services.GetRequiredService<ActorRegistry>().Get<ExperimentActor>();
        RunEnd end;
        await using (interrupt.Register(() => experiment.Tell(new StopExperiment("interrupted", ""))))
            end = await _end.Task;
        await host.StopAsync(CancellationToken.None);
        return end;
    }

    /// <summary>A run that ends before its first trial: its journal says so, and every command can read it.</summary>
    public RunEnd EndBeforeStart(string outcome, string reason)
    {
        var record = new RunRecord();
        var lines = new ArrayBufferWriter<byte>();
        foreach (ExperimentEvent happened in new ExperimentEvent[] { new ExperimentStarted(TimeSpan.Zero, spec, Origin()), new ExperimentEnded(TimeSpan.Zero, outcome, reason) })
        {
            record.Apply(happened);
            EventLines.Write(lines, happened);
        }
        File.WriteAllBytes(folder.Events, lines.WrittenSpan);
        return new RunEnd(record, null);
    }

    private IHost BuildHost(Serilog.ILogger log) => new HostBuilder().ConfigureServices(services => services
        .AddSingleton<IHostLifetime, NoLifetime>()
        .Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(60))
        .AddLogging(logging => logging.ClearProviders().AddSerilog(log))
        .AddLocalAsha(Node(), Experiment, () => RunWatcher.Props(show, _end))).Build();

    private NodeSetup Node()
    {
        var gpus = spec.Trial.Gpus > 0 ? GpuDetector.Detect() : [];
        var runner = new ProcessTrialRunner(spec.Trial, folder.Path, folder.Name, token, TimeProvider.System);
        return new NodeSetup(
            "local",
            SlotResources.Divide(spec.Slots, SlotResources.DetectCpus(), gpus, spec.Trial.Gpus),
            () => TrialActor.Props(runner),
            Release,
            AshaActors.ResendInterval(AshaActors.Configuration()));
    }

    private ExperimentSetup Experiment(IActorRef supervisor, IActorRef watcher) => new(
        spec, Origin(), Weight: 1, supervisor, JournalActor.Props(folder.Events), watcher);

    private RunOrigin Origin() => new(
        folder.Name, DateTimeOffset.UtcNow, typeof(LocalRun).Assembly.GetName().Version!.ToString(3),
        $"{Environment.ProcessorCount} cores, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}");

    /// <summary>
    /// Deleting may wait for the disk: not on an actor's thread. But one at a time, in the order of the messages: two at work on one folder find things gone under their
    /// hands, and give up.
    /// </summary>
    private Task Release(ReleaseCheckpoints release) => _releases.StartNew(() =>
    {
        var deleted = release.Keep is { } keep ? folder.Checkpoints.Prune(release.Trial, keep) : folder.Checkpoints.Discard(release.Trial);
        if (!deleted)
            throw new IOException($"The checkpoints of trial {release.Trial} could not be deleted.");
    });
}
