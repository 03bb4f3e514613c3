using Asha.Actors.Execution;
using Asha.Core.Experiments;
using Asha.Core.Spaces;
using Asha.Tuning.Trials;
using Microsoft.Extensions.Time.Testing;

namespace Asha.Tuning.Tests;

/// <summary>The runner by itself, on a clock that the test moves.</summary>
public sealed class InProcessRunnerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("asha-runner-").FullName;
    private readonly FakeTimeProvider _time = new();
    private readonly List<TrialReport> _reports = [];
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose()
    {
        _gate.TrySetResult();
        Directory.Delete(_folder, recursive: true);
    }

    private InProcessRunner Runner(Func<Trial, CancellationToken, Task> trial, TimeSpan? limit = null) => new(trial, _folder, _time, new InProcessOptions { TimeLimit = limit });

    private Task<TrialEnding> Start(InProcessRunner runner, CheckpointRef? resume = null, CancellationToken stop = default)
    {
        var heard = new Listener(_reports);
        var attempt = runner.Start(Launch(resume), heard);
        stop.Register(attempt.Stop);
        return heard.Ending;
    }

    private static TrialLaunch Launch(CheckpointRef? resume = null)
        => new() { Trial = 7, Attempt = 2, Seed = 1, Configuration = Configuration.Empty, Start = resume?.Resource ?? 0, Target = 4, Resume = resume };

    private sealed class Listener(List<TrialReport> reports) : IAttemptListener
    {
        private readonly TaskCompletionSource<TrialEnding> _ending = new();

        public Task<TrialEnding> Ending => _ending.Task;

        public void Reported(TrialReport report)
        {
            lock (reports)
                reports.Add(report);
        }

        /// <summary>Once: a second ending would throw.</summary>
        public void Ended(TrialEnding ending) => _ending.SetResult(ending);
    }

    /// <summary>It does not end until the gate opens, whatever it is told.</summary>
    private Task Stubborn(Trial trial, CancellationToken cancel)
    {
        _started.SetResult();
        return _gate.Task;
    }

    private Task Move(double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData(4, "completed")]
    [InlineData(3, "no-result, it returned at 3, before the 4 that it was to reach")]
    [InlineData(-1, "bad-report, none of its reports counts: resource is not a finite number above 0")]
    public async Task The_log_names_the_ending_as_the_journal_does(double resource, string named)
    {
        using var runner = Runner((trial, _) =>
        {
            trial.Log.WriteLine("training");
            trial.Report(resource, 1);
            return Task.CompletedTask;
        });
        await Start(runner);
        Assert.EndsWith($"=== ended: {named} ===\n", File.ReadAllText(Path.Combine(_folder, "logs", "trial-000007.log")));
    }

    [Fact]
    public async Task Told_to_end_it_has_the_grace_and_not_more()
    {
        using var stop = new CancellationTokenSource();
        using var runner = Runner(Stubborn);
        var ending = Start(runner, stop: stop.Token);
        await _started.Task;
        await stop.CancelAsync();
        await Move(4.8);
        Assert.False(ending.IsCompleted);
        Assert.Empty(runner.Watch.Abandoned);
        await Move(0.3);
        Assert.Equal(new TrialEnding(EndingCause.Stopped, "it did not end within 5 s of being told to", "trial 7 did not end within 5 s of being told to"), await ending);
        Assert.Equal([7], runner.Watch.Abandoned);
        _gate.SetResult();
        Assert.True(SpinWait.SpinUntil(() => runner.Watch.Abandoned.Count == 0, TimeSpan.FromSeconds(30)), "it has returned");
    }

    [Fact]
    public async Task A_limit_counts_from_the_start_and_the_grace_from_the_limit()
    {
        using var runner = Runner(Stubborn, TimeSpan.FromSeconds(60));
        var ending = Start(runner);
        await _started.Task;
        await Move(59.8);
        await Move(0.3);
        Assert.False(ending.IsCompleted);
        await Move(5.2);
        Assert.Equal((EndingCause.TimeLimit, "ran longer than 00:01:00; it did not end within 5 s of being told to"), ((await ending).Cause, (await ending).Detail));
    }

    [Fact]
    public async Task One_that_goes_on_after_its_result_is_told_to_end_after_ten_seconds_and_keeps_the_result()
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var runner = Runner(async (trial, cancel) =>
        {
            trial.Report(4, 0.5);
            cancel.Register(() => told.SetResult());
            _started.SetResult();
            await told.Task;
        });
        var ending = Start(runner);
        await _started.Task;
        await Move(9.8);
        Assert.False(told.Task.IsCompleted);
        await Move(0.3);
        Assert.Equal(new TrialEnding(EndingCause.Exited), await ending);
        Assert.Equal([new TrialReport(4, 0.5)], _reports);
    }

    [Fact]
    public async Task Stopped_before_it_begins_it_is_never_called()
    {
        using var runner = Runner((_, _) => throw new InvalidOperationException("called"));
        var heard = new Listener(_reports);
        // As if no thread of the pool had come to it yet.
        var attempt = new InProcessAttempt(runner, Launch(), heard);
        attempt.Stop();
        Assert.False(heard.Ending.IsCompleted);
        ((IThreadPoolWorkItem)attempt).Execute();
        Assert.Equal(new TrialEnding(EndingCause.Stopped), await heard.Ending);
    }

    [Fact]
    public async Task A_checkpoint_that_is_gone_is_told_before_anything_is_called()
    {
        using var runner = Runner((_, _) => throw new InvalidOperationException("called"));
        var ending = await Start(runner, resume: new CheckpointRef(1, "at-1", 1));
        Assert.Equal(new TrialEnding(EndingCause.CheckpointMissing, "it is gone"), ending);
        Assert.Contains("=== checkpoint-missing: at-1 of attempt 1: it is gone; nothing was started ===", File.ReadAllText(runner.LogOf(Launch().Trial)));
    }

    [Fact]
    public async Task An_instant_trial_leaves_nothing_on_the_disk_and_a_folder_without_checkpoint_is_deleted()
    {
        using var runner = Runner((trial, _) => Task.FromResult(trial.Report(4, 1)));
        Assert.Equal(EndingCause.Exited, (await Start(runner)).Cause);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
        using var writing = Runner((trial, _) =>
        {
            File.WriteAllText(Path.Combine(trial.CheckpointFolder, "unpublished"), "");
            return Task.FromResult(trial.Report(4, 1));
        });
        await Start(writing);
        Assert.Empty(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task No_task_is_an_exception_of_the_trial()
    {
        using var runner = Runner((_, _) => null!);
        Assert.Equal(new TrialEnding(EndingCause.Exception, "InvalidOperationException: the method returned no task"), await Start(runner));
    }

    [Fact]
    public async Task Cancelling_by_itself_is_an_exception_and_told_to_end_it_is_none()
    {
        using var runner = Runner((_, _) => throw new OperationCanceledException("its own"));
        Assert.Equal(EndingCause.Exception, (await Start(runner)).Cause);
        using var stop = new CancellationTokenSource();
        using var listening = Runner((_, cancel) =>
        {
            _started.SetResult();
            return Task.Delay(Timeout.Infinite, cancel);
        });
        var ending = Start(listening, stop: stop.Token);
        await _started.Task;
        await stop.CancelAsync();
        Assert.Equal(new TrialEnding(EndingCause.Stopped), await ending);
    }

    [Fact]
    public async Task Reports_of_many_threads_come_one_at_a_time_and_rise()
    {
        using var runner = Runner((trial, _) =>
        {
            Parallel.For(1, 4000, step => trial.Report(step / 1000.0, step));
            return Task.FromResult(trial.Report(4, 0));
        });
        await Start(runner);
        var accepted = _reports.Where(report => report.Problem is null).ToArray();
        Assert.Equal(accepted.Select(report => report.Resource).Distinct().Order(), accepted.Select(report => report.Resource));
        Assert.All(accepted.SkipLast(1), report => Assert.Equal(report.Metric, report.Resource * 1000, 6));
        Assert.Equal(4, accepted[^1].Resource);
    }
}
