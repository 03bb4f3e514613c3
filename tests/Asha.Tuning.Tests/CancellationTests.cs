using Asha.Core.Experiments;

namespace Asha.Tuning.Tests;

/// <summary>Being told to end: trials that listen, and trials that do not.</summary>
public sealed class CancellationTests : TestRuns
{
    /// <summary>Far above what a busy machine keeps an instant trial waiting.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    /// <summary>What keeps a stubborn trial; opened at the end of a test, so that nothing of it is left.</summary>
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Cancelling_ends_the_run_with_what_was_found()
    {
        using var cancel = new CancellationTokenSource();
        var (entered, cancelled) = (0, 0);
        var result = await Run(Options with { Scheduler = Scheduler.Asha(trials: 1000) }, async (trial, stop) =>
        {
            if (trial.Number < 10)
            {
                trial.Report(trial.Target, trial.Get(X));
                return;
            }
            Interlocked.Increment(ref entered);
            await cancel.CancelAsync();
            try
            {
                await Task.Delay(Timeout.Infinite, stop);
            }
            finally
            {
                Interlocked.Increment(ref cancelled);
            }
        }, cancel.Token);
        Assert.Equal(TuningOutcome.Interrupted, result.Outcome);
        Assert.NotNull(result.Best);
        Assert.Contains(result.Trials, trial => trial.Status == TrialStatus.Cancelled);
        // Nobody is told that it has ended before it has.
        Assert.Equal(entered, cancelled);
        Assert.Empty(result.StillRunning);
        Assert.Empty(result.Failures);
    }

    [Fact]
    public async Task What_a_trial_saves_and_reports_as_it_is_cancelled_is_gone_on_from()
    {
        using var cancel = new CancellationTokenSource();
        var starts = new List<(int Attempt, double Start)>();
        var options = Options with { Resource = new Resource("step", Max: 16) { Min = 16 }, Scheduler = Scheduler.Asha(trials: 1), Slots = 1, MaxAttempts = 1 };
        async Task Train(Trial trial, CancellationToken stop)
        {
            starts.Add((trial.Attempt, trial.Start));
            if (trial.Start > 0)
            {
                trial.Report(trial.Target, trial.Get(X));
                return;
            }
            await cancel.CancelAsync();
            try
            {
                await Task.Delay(Timeout.Infinite, stop);
            }
            finally
            {
                await File.WriteAllTextAsync(Path.Combine(trial.CheckpointFolder, "state"), "5", CancellationToken.None);
                trial.Report(5, trial.Get(X), checkpoint: "state");
            }
        }
        Assert.Equal(TuningOutcome.Interrupted, (await Run(options, Train, cancel.Token)).Outcome);
        Assert.Equal(TuningOutcome.Completed, (await Run(options with { Resume = true }, Train)).Outcome);
        Assert.Equal([(1, 0), (2, 5)], starts);
    }

    [Fact]
    public async Task Cancelled_before_it_begins_it_ends_at_once()
    {
        var result = await Run(Options, (_, stop) => Task.Delay(Timeout.Infinite, stop), new CancellationToken(canceled: true));
        Assert.Equal((TuningOutcome.Interrupted, null), (result.Outcome, result.Best));
    }

    [Fact]
    public async Task A_time_limit_is_a_failure_of_a_trial_that_listens_and_its_slot_goes_on()
    {
        var result = await Run(Options with { TimeLimit = Limit, MaxAttempts = 1, Scheduler = Scheduler.Asha(trials: 6) },
            (trial, stop) => trial.Number == 2 ? Task.Delay(Timeout.Infinite, stop) : Instant(trial, stop));
        Assert.Equal(TuningOutcome.Completed, result.Outcome);
        Assert.Equal(("time-limit", 1), (Assert.Single(result.Failures).Key, result.Failures["time-limit"]));
        Assert.Empty(result.RetiredSlots);
        Assert.Equal("ran longer than 00:00:02", Assert.Single(Events(result).OfType<AttemptFailed>()).Detail);
    }

    [Fact]
    public async Task A_silent_trial_is_told_to_end_and_one_that_logs_or_reports_is_not()
    {
        var result = await Run(Options with { SilenceLimit = TimeSpan.FromSeconds(2), MaxAttempts = 1, Resource = new Resource("step", 1) { Min = 1, IsIntegral = false }, Slots = 3, Scheduler = Scheduler.Asha(trials: 3) },
            async (trial, stop) =>
            {
                for (var round = 0; round < 25; round++)
                {
                    if (trial.Number == 0)
                        await trial.Log.WriteLineAsync("still here");
                    if (trial.Number == 1)
                        trial.Report(0.01 + round / 100.0, 1);
                    await Task.Delay(100, stop);
                }
                await Instant(trial, stop);
            });
        Assert.Equal([TrialStatus.Completed, TrialStatus.Completed, TrialStatus.Failed], result.Trials.Select(trial => trial.Status));
        Assert.Equal("silence", Assert.Single(result.Failures).Key);
    }

    [Fact]
    public async Task A_trial_that_ignores_its_cancellation_costs_its_slot_and_the_run_goes_on()
    {
        var told = new List<TuningProgress>();
        var result = await Run(Options with { TimeLimit = Limit, CancellationGrace = Grace, Progress = new Teller(told) },
            (trial, stop) => trial.Number == 2 ? _gate.Task : Instant(trial, stop));
        Assert.Equal(TuningOutcome.Completed, result.Outcome);
        Assert.Equal((TrialStatus.Failed, 1), (result.Trials[2].Status, result.Trials[2].Attempts));
        var retired = Assert.Single(result.RetiredSlots);
        Assert.Equal("trial 2 did not end within 0.3 s of being told to", retired.Reason);
        Assert.Equal([2], result.StillRunning);
        // In the journal: the failure, and in the same step the slot; nothing was started on it after that.
        var events = Events(result);
        var failed = events.FindIndex(happened => happened is AttemptFailed);
        Assert.Equal("ran longer than 00:00:02; it did not end within 0.3 s of being told to", ((AttemptFailed)events[failed]).Detail);
        Assert.Equal(new SlotLeft(events[failed].Time, retired.Slot, retired.Reason), events[failed + 1]);
        Assert.DoesNotContain(events.Skip(failed), happened => happened is JobStarted started && started.Slot == retired.Slot);
        Assert.True(events[failed].Time >= TimeSpan.FromSeconds(2.3), $"{events[failed].Time}: before limit and grace were over");
        // In the progress, the engine's log and the trial's.
        Assert.Contains(told, progress => progress.Kind == TuningProgressKind.SlotRetired && progress.Detail.Contains(retired.Reason));
        Assert.Contains(retired.Reason, File.ReadAllText(Path.Combine(result.Folder, "asha.log")));
        Assert.Contains("did not end", File.ReadAllText(Path.Combine(result.Folder, "logs", "trial-000002.log")));
        _gate.SetResult();
    }

    [Fact]
    public async Task When_no_slot_is_left_the_run_ends_with_what_was_found()
    {
        var result = await Run(Options with { TimeLimit = Limit, CancellationGrace = Grace }, (trial, stop) => trial.Number > 4 ? _gate.Task : Instant(trial, stop));
        Assert.Equal((TuningOutcome.Failed, 2), (result.Outcome, result.RetiredSlots.Count));
        Assert.StartsWith("no slot is left; the last one was given up since trial ", result.Reason);
        Assert.NotNull(result.Best);
        Assert.Equal([5, 6], result.StillRunning);
        _gate.SetResult();
    }

    [Fact]
    public async Task An_interrupted_run_waits_no_longer_than_the_grace()
    {
        using var cancel = new CancellationTokenSource();
        var running = 0;
        var result = await Run(Options with { CancellationGrace = Grace }, (trial, _) =>
        {
            if (Interlocked.Increment(ref running) == 2)
                cancel.Cancel();
            return _gate.Task;
        }, cancel.Token);
        Assert.Equal(TuningOutcome.Interrupted, result.Outcome);
        Assert.Equal([0, 1], result.StillRunning);
        Assert.Contains("trial 1 did not end", File.ReadAllText(Path.Combine(result.Folder, "asha.log")));
        _gate.SetResult();
    }

    [Fact]
    public async Task What_a_trial_registered_with_its_token_may_fail_or_hang_and_holds_nobody_up()
    {
        using var release = new ManualResetEventSlim();
        var result = await Run(Options with { TimeLimit = Limit, CancellationGrace = Grace, MaxAttempts = 1 }, async (trial, stop) =>
        {
            if (trial.Number == 0)
                stop.Register(() => throw new NotSupportedException("in the callback"));
            if (trial.Number == 1)
                stop.Register(() => release.Wait(Patience));
            if (trial.Number < 2)
                await Task.Delay(Timeout.Infinite, stop);
            await Instant(trial, stop);
        });
        release.Set();
        Assert.Equal((TuningOutcome.Completed, 2), (result.Outcome, result.Failures["time-limit"]));
        Assert.Equal(14, result.Trials.Count(trial => trial.Results.Count > 0 && trial.Status != TrialStatus.Failed));
    }

    [Fact]
    public async Task What_a_given_up_trial_does_later_changes_nothing()
    {
        var late = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var result = await Run(Options with { TimeLimit = Limit, CancellationGrace = Grace, Scheduler = Scheduler.Asha(trials: 4) }, async (trial, stop) =>
        {
            if (trial.Number != 1)
            {
                await Instant(trial, stop);
                return;
            }
            await _gate.Task;
            await trial.Log.WriteLineAsync("too late");
            late.SetResult(trial.Report(trial.Target, -1));
        });
        var before = File.ReadAllBytes(Path.Combine(result.Folder, "events.jsonl"));
        _gate.SetResult();
        Assert.False(await late.Task.WaitAsync(Patience));
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(result.Folder, "events.jsonl")));
        Assert.DoesNotContain("too late", File.ReadAllText(Path.Combine(result.Folder, "logs", "trial-000001.log")));
        Assert.True(result.Best!.Best!.Value.Metric >= 0);
    }

    private sealed class Teller(List<TuningProgress> told) : IProgress<TuningProgress>
    {
        public void Report(TuningProgress value) => told.Add(value);
    }
}
