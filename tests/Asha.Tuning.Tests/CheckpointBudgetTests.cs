using System.Diagnostics;
using System.Globalization;
using Asha.Actors.Replay;
using Asha.Core.Experiments;
using Xunit.Abstractions;

namespace Asha.Tuning.Tests;

/// <summary>Checkpoints on a real disk, measured from outside while thousands of trials come and go.</summary>
public sealed class CheckpointBudgetTests(ITestOutputHelper output) : TestRuns
{
    private const int Slots = 4;

    /// <summary>One checkpoint with its manifest and its folders, as the disk counts it: file, manifest, the attempt's folder, the trial's.</summary>
    private const long OneCheckpoint = 4 * 4096;

    /// <summary>A trial that runs has the checkpoint that it started from and the one that it writes, each in a folder of its own.</summary>
    private const long OneRunning = 2 * OneCheckpoint;

    private static readonly byte[] _content = new byte[4000];

    /// <summary>The trial's state is how far it came; a resumed one must find what the engine says.</summary>
    private Task Train(Trial trial, CancellationToken cancel)
    {
        var before = trial.ResumeFrom is { } saved ? BitConverter.ToDouble(File.ReadAllBytes(saved)) : 0;
        if (before != trial.Start)
            throw new InvalidOperationException($"the checkpoint is of {before}, not of {trial.Start}");
        var content = (byte[])_content.Clone();
        BitConverter.TryWriteBytes(content, trial.Target);
        File.WriteAllBytes(Path.Combine(trial.CheckpointFolder, "state"), content);
        trial.Report(trial.Target, trial.Get(X), checkpoint: "state");
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Over_ten_thousand_trials_the_disk_never_holds_more_than_the_budget_and_what_runs()
    {
        const long Budget = 32 * OneCheckpoint;
        using var measured = new DiskWatch(Root);
        var result = await Tuner.RunAsync(Options with { Scheduler = Scheduler.Asha(), Stop = new StopRules { Resource = 27_000 }, Slots = Slots, CheckpointBudget = Budget }, Train)
            .WaitAsync(TimeSpan.FromMinutes(5));
        var peak = await measured.EndAsync();
        Assert.Equal((TuningOutcome.Stopped, 0), (result.Outcome, result.Failures.Count));
        Assert.True(result.Trials.Count >= 10_000, $"{result.Trials.Count} trials");

        var events = Events(result);
        var dropped = events.OfType<CheckpointDropped>().ToArray();
        var promotions = events.OfType<TrialPromoted>().Count();
        var restarts = events.OfType<JobStarted>().Count(job => job is { Rung: > 0, Checkpoint: null });
        output.WriteLine($"{result.Trials.Count} trials, peak {peak} of {Budget} + {Slots * OneRunning} bytes in {measured.Samples} samples, {dropped.Length} dropped, {restarts} of {promotions} promoted trials started again");

        Assert.True(measured.Samples > 20, $"{measured.Samples} samples");
        Assert.InRange(peak, Budget - 2 * OneCheckpoint, Budget + Slots * OneRunning);

        // What went was the right thing: hardly anybody missed it, and those who did started again.
        Assert.True(dropped.Length > 5_000, $"{dropped.Length} dropped");
        Assert.True(restarts < promotions / 20, $"{restarts} of {promotions} promoted trials started again");
        Assert.Equal("16", BitConverter.ToDouble(File.ReadAllBytes(result.Best!.Checkpoint!)).ToString(CultureInfo.InvariantCulture));

        // All of it was decided from what is on record.
        Assert.Null(Redecision.Of(events).Difference);
    }

    [Fact]
    public async Task Without_a_number_of_trials_there_is_a_budget_and_with_one_there_is_none()
    {
        var limited = await Run(Options, Instant);
        var unlimited = await Run(Options with { Scheduler = Scheduler.Asha(), Stop = new StopRules { Resource = 20 } }, Instant);
        var asked = await Run(Options with { Scheduler = Scheduler.Asha(), Stop = new StopRules { Resource = 20 }, CheckpointBudget = long.MaxValue }, Instant);
        Assert.Equal([null, 10_000_000_000, null], new[] { limited, unlimited, asked }.Select(result => Events(result).OfType<ExperimentStarted>().Single().Experiment.Trial.CheckpointBudget));
        var mistake = await Assert.ThrowsAsync<UserErrorException>(() => Run(Options with { CheckpointBudget = -1 }, Instant));
        Assert.Contains("CheckpointBudget: must be at least 0, but is -1", mistake.Message);
    }

    [Fact]
    public async Task With_no_room_at_all_every_promoted_trial_but_the_best_starts_again_and_the_program_is_told()
    {
        var told = new Told();
        var result = await Run(Options with { Scheduler = Scheduler.Asha(trials: 64), Slots = 1, CheckpointBudget = 0, Progress = told }, Train);
        var again = told.All.Where(progress => progress.Kind == TuningProgressKind.StartedAgain).ToArray();
        var restarted = Events(result).OfType<JobStarted>().Where(job => job is { Rung: > 0, Checkpoint: null }).ToArray();
        Assert.NotEmpty(restarted);
        Assert.Equal(restarted.Select(job => (int?)job.Trial), again.Select(progress => progress.Trial));
        Assert.All(restarted, job => Assert.Equal(0, job.Start));
        Assert.Null(Redecision.Of(Events(result)).Difference);
        Assert.True(File.Exists(result.Best!.Checkpoint));
    }

    private sealed class Told : IProgress<TuningProgress>
    {
        public List<TuningProgress> All { get; } = [];

        public void Report(TuningProgress value) => All.Add(value);
    }

    /// <summary>Asks <c>du</c> again and again, and keeps the largest answer.</summary>
    private sealed class DiskWatch : IDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly Task<long> _peak;

        public DiskWatch(string root) => _peak = Task.Factory.StartNew(() => Watch(root), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        public int Samples { get; private set; }

        public async Task<long> EndAsync()
        {
            await _end.CancelAsync();
            return await _peak;
        }

        public void Dispose() => _end.Dispose();

        private long Watch(string root)
        {
            var peak = 0L;
            for (; !_end.IsCancellationRequested; Samples++)
            {
                var checkpoints = Directory.GetDirectories(root).Select(run => Path.Combine(run, "checkpoints")).FirstOrDefault(Directory.Exists);
                if (checkpoints is not null)
                    peak = Math.Max(peak, Used(checkpoints));
                Thread.Sleep(20);
            }
            return peak;
        }

        /// <summary>The folder of all trials holds names alone, and does not shrink; it is no trial's.</summary>
        private static long Used(string folder)
        {
            using var du = Process.Start(new ProcessStartInfo("du", ["-B1", "--max-depth=1", folder]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            _ = du.StandardError.ReadToEndAsync(); // What goes while it looks is mentioned there.
            var lines = du.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            du.WaitForExit();
            return lines.Where(line => line.Contains("/trial-", StringComparison.Ordinal)).Sum(line => long.Parse(line.Split('\t')[0], CultureInfo.InvariantCulture));
        }
    }
}
