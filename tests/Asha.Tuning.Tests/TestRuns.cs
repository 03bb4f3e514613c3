using Asha.Actors.Persistence;
using Asha.Core.Experiments;

namespace Asha.Tuning.Tests;

/// <summary>A folder for runs, gone with the test; options that a test changes one thing of.</summary>
public abstract class TestRuns : IDisposable
{
    /// <summary>Only a failing test waits so long.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    protected TestRuns() => X = Space.Uniform("x", 0, 1);

    protected string Root { get; } = Directory.CreateTempSubdirectory("asha-tuning-").FullName;

    protected SearchSpace Space { get; } = new();

    protected Parameter<double> X { get; }

    protected TuningOptions Options => new()
    {
        Name = "test",
        Space = Space,
        Metric = Metric.Minimize("loss"),
        Resource = new Resource("step", Max: 16) { Min = 1 },
        Scheduler = Scheduler.Asha(trials: 16),
        Slots = 2,
        RunsFolder = Root,
    };

    public void Dispose()
    {
        Directory.Delete(Root, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Everything of a run's journal.</summary>
    protected static List<ExperimentEvent> Events(TuningResult result) => [.. EventLines.ReadAll(Path.Combine(result.Folder, "events.jsonl"))];

    /// <summary>The run, or a failure of the test where it hangs.</summary>
    protected static Task<TuningResult> Run(TuningOptions options, Func<Trial, CancellationToken, Task> trial, CancellationToken cancel = default)
        => Tuner.RunAsync(options, trial, cancel).WaitAsync(Patience, CancellationToken.None);

    /// <summary>Done at once: x at every resource.</summary>
    protected Task Instant(Trial trial, CancellationToken cancel)
    {
        trial.Report(trial.Target, trial.Get(X));
        return Task.CompletedTask;
    }
}
