using Asha.Actors.Execution;
using Asha.Actors.Metrics;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;
using Asha.Core.Spaces;
using Asha.Tuning;
using Asha.Tuning.Journals;
using Asha.Tuning.Runs;
using Asha.Tuning.Trials;
using Microsoft.Extensions.Logging.Abstractions;

namespace Asha.Benchmarks.WholePath;

/// <summary>One run, wired as <c>tune</c> wires it, in a folder that goes with it.</summary>
internal sealed class BenchRun : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("asha-bench-");
    private readonly ExperimentSpec _spec;
    private readonly Func<RunFolder, ITrialRunner> _runner;
    private readonly RunFolder _folder;
    private readonly FileStream _held;

    /// <summary>With in-process trials, run as the .NET API runs them.</summary>
    public BenchRun(ExperimentSpec spec, Func<Trial, CancellationToken, Task> trial)
        : this(spec, folder => new InProcessRunner(trial, folder.Path, TimeProvider.System, new InProcessOptions())) { }

    public BenchRun(ExperimentSpec spec, Func<RunFolder, ITrialRunner> runner)
    {
        (_spec, _runner) = (spec, runner);
        (_folder, _held) = RunFolder.Create(_root.FullName, spec.Name, DateTimeOffset.UtcNow);
    }

    public string Settings { get; init; } = "";

    /// <summary>Whether it keeps its journal; otherwise only <c>events.jsonl</c> is written, and nothing waits for the disk.</summary>
    public bool IsDurable { get; init; } = true;

    public Action<ExperimentEvent>? Told { get; init; }

    /// <summary>What is measured of it, as a coordinator and a node do; <c>null</c>: nothing.</summary>
    public EngineMetrics? Metrics { get; init; }

    public string Events => _folder.Events;

    public RunFolder Folder => _folder;

    public async Task<RunRecord> RunAsync(CancellationToken interrupt = default)
    {
        var runner = _runner(_folder);
        using var ends = runner as IDisposable;
        var record = new RunRecord { Outcomes = Metrics is null ? null : new() };
        var open = Metrics?.Runs.Open(_folder.Name, record, new ExperimentMetrics(Metrics));
        var end = await new LocalRun(_spec, _folder, RunJournal.Create(_folder.Path, null), runner, NullLoggerFactory.Instance)
        {
            Settings = Settings,
            Record = record,
            Metrics = Metrics,
            Told = open is null ? Told : happened =>
            {
                open.Committed();
                Told?.Invoke(happened);
            },
            Instead = IsDurable ? null : _ => EventFileActor.Props(_folder.Events),
        }.RunAsync(interrupt);
        return end.Failure is null ? end.Record : throw new InvalidOperationException(end.Failure);
    }

    public void Dispose()
    {
        _held.Dispose();
        _root.Delete(recursive: true);
    }

    /// <summary>ASHA, η = 4, levels 1, 4, 16, 64, two parameters.</summary>
    public static ExperimentSpec Spec(int slots, int trials) => new()
    {
        Name = "bench",
        Seed = 1,
        Metric = new MetricSpec("loss", MetricMode.Min),
        Resource = new ResourceSpec("epoch", 1, 64, Integral: true),
        Scheduler = new SchedulerSpec(SchedulerType.Asha, 4, trials),
        Space = new Asha.Core.Spaces.SearchSpace([new("learning-rate", new LogUniformDomain(1e-5, 1)), new("hidden", new IntDomain(8, 1024))]),
        Trial = new TrialSpec { Command = [], Directory = "" },
        Slots = slots,
    };
}
