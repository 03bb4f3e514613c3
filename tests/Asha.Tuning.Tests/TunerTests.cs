using System.Collections.Concurrent;
using Asha.Core.Experiments;
using Asha.Core.Tests;

namespace Asha.Tuning.Tests;

/// <summary>Whole runs, through all actors and the journal.</summary>
public sealed class TunerTests : TestRuns
{
    [Fact]
    public async Task A_run_finds_the_best_and_its_result_says_what_its_journal_says()
    {
        var result = await Run(Options, Instant);
        Assert.Equal((TuningOutcome.Completed, ""), (result.Outcome, result.Reason));
        Assert.Equal(16, result.Trials.Count);
        Assert.Equal([1.0, 4, 16], result.Rungs.Select(rung => rung.Level));
        // The metric is the same at every level, so whoever reached the top is better than all that it was compared with.
        var best = result.Best!;
        Assert.Equal(result.Trials.Where(trial => trial.Results.Count == 3).Min(trial => trial.Parameters.Get(X)), best.Best!.Value.Metric);
        Assert.Equal(best.Parameters.Get(X), best.Best!.Value.Metric);
        Assert.Equal((16.0, TrialStatus.Completed), (best.Best!.Value.Resource, best.Status));
        Assert.Contains(result.Trials, trial => trial.Status == TrialStatus.Stopped);

        var record = RunRecord.Of(Events(result));
        Assert.Equal((record.State.Jobs, record.State.Attempts, record.State.Time), (result.Jobs, result.Attempts, result.Duration));
        Assert.Equal(record.State.Rungs.Select(rung => (rung.Level, rung.Started, rung.Completed, rung.Failed, rung.Promoted)), result.Rungs.Select(rung => (rung.Level, rung.Started, rung.Completed, rung.Failed, rung.Promoted)));
        Assert.Equal(record.State.Trials.Select(trial => string.Join(' ', trial.Results)), result.Trials.Select(trial => string.Join(' ', trial.Results.Select(own => (own.Resource, own.Metric)))));
        Assert.Equal(record.Utilization.Utilization, result.Utilization);
        Assert.Empty(result.Failures);
        Assert.Empty(result.RetiredSlots);
        Assert.Empty(result.StillRunning);
        // Nothing on the disk that nobody asked for.
        Assert.Equal(["events.jsonl", "journal.db", "journal.json", "run.lock"], Directory.EnumerateFileSystemEntries(result.Folder).Select(Path.GetFileName).Order());
        Assert.Equal(Root, Path.GetDirectoryName(result.Folder));
        Assert.Equal(Path.GetFileName(result.Folder), result.Run);
    }

    [Fact]
    public async Task Trials_that_cannot_be_resumed_run_through_or_are_cancelled()
    {
        var started = new ConcurrentBag<int>();
        var result = await Run(Options with { Slots = 3, Scheduler = Scheduler.Stopping(trials: 40) }, async (trial, cancel) =>
        {
            started.Add(trial.Number);
            Assert.Equal((0.0, 16.0), (trial.Start, trial.Target));
            for (var epoch = 1; epoch <= trial.Target; epoch++)
            {
                await Task.Delay(1, cancel);
                trial.Report(epoch, trial.Get(X));
            }
        });
        PromotionAudit.Check(Events(result));
        Assert.Equal(TuningOutcome.Completed, result.Outcome);
        Assert.Empty(result.Failures);
        Assert.Equal(Enumerable.Range(0, 40), started.Order());
        Assert.Equal(40, result.Rungs[0].Completed);
        Assert.InRange(result.Rungs[2].Completed, 1, 20);
        Assert.Equal(result.Trials.Count(trial => trial.Status == TrialStatus.Completed), result.Rungs[2].Completed);
    }

    [Fact]
    public async Task Brackets_of_sha_follow_one_another()
    {
        var result = await Run(Options with { Scheduler = Scheduler.Sha(repeat: RepeatedBrackets.Overlap, mostTrials: 32) }, Instant);
        Assert.Equal([32, 8, 2], result.Rungs.Select(rung => rung.Completed));
        var error = await Assert.ThrowsAsync<UserErrorException>(() => Run(Options with { Scheduler = Scheduler.Sha(repeat: RepeatedBrackets.Sequential) }, Instant));
        Assert.Contains("Scheduler.MostTrials: is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_promotion_is_one_that_the_rules_allow()
    {
        // Real threads, real races, unequal lengths.
        var result = await Run(Options with { Slots = 7, Scheduler = Scheduler.Asha(trials: 200, reductionFactor: 2) }, async (trial, cancel) =>
        {
            await Task.Delay(trial.Number % 3, cancel);
            trial.Report(trial.Target, trial.Number % 11 == 0 ? double.NaN : trial.Get(X));
        });
        PromotionAudit.Check(Events(result));
        Assert.Equal(TuningOutcome.Completed, result.Outcome);
    }

    [Fact]
    public async Task A_trial_is_told_what_it_is_to_do()
    {
        var seen = new ConcurrentDictionary<(int, int), (long Seed, double Start, double Target, string Reason)>();
        var result = await Run(Options, (trial, cancel) =>
        {
            seen[(trial.Number, trial.Attempt)] = (trial.Seed, trial.Start, trial.Target, trial.RetryReason);
            return Instant(trial, cancel);
        });
        Assert.Equal(result.Attempts, seen.Count);
        Assert.All(seen.Where(call => call.Key.Item2 == 1), call => Assert.Equal((0.0, 1.0, ""), (call.Value.Start, call.Value.Target, call.Value.Reason)));
        Assert.All(seen, call => Assert.Equal(result.Trials[call.Key.Item1].Seed, call.Value.Seed));
        Assert.Equal(16, seen.Values.Select(call => call.Seed).Distinct().Count());
        Assert.Contains(seen.Values, call => call.Target == 16);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_configurations_and_another_gives_others()
    {
        async Task<string> Configurations(long seed) => string.Join('\n', (await Run(Options with { Seed = seed }, Instant)).Trials.Select(trial => $"{trial.Parameters}"));
        var first = await Configurations(3);
        Assert.Equal(first, await Configurations(3));
        Assert.NotEqual(first, await Configurations(4));
    }

    [Fact]
    public async Task A_promoted_trial_goes_on_from_its_checkpoint_and_only_the_bests_is_left()
    {
        var result = await Run(Options, (trial, cancel) =>
        {
            // The file holds how far its trial had come.
            var before = trial.ResumeFrom is { } saved ? double.Parse(File.ReadAllText(saved)) : 0;
            if (before != trial.Start)
                throw new InvalidOperationException($"{before} is not {trial.Start}");
            var file = Path.Combine(trial.CheckpointFolder, "state.txt");
            File.WriteAllText(file, $"{trial.Target}");
            Assert.True(trial.Report(trial.Target, trial.Get(X), checkpoint: trial.Number % 2 == 0 ? file : "state.txt"));
            return Task.CompletedTask;
        });
        Assert.Equal((TuningOutcome.Completed, 0), (result.Outcome, result.Failures.Count));
        Assert.Equal("16", File.ReadAllText(result.Best!.Checkpoint!));
        Assert.Equal(result.Best.Number, Assert.Single(result.Trials, trial => trial.Checkpoint is not null).Number);
        Assert.Equal([$"trial-{result.Best.Number:D6}"], Directory.EnumerateDirectories(Path.Combine(result.Folder, "checkpoints")).Select(Path.GetFileName));
        Assert.Contains(Events(result).OfType<JobStarted>(), job => job.Start == 4);
    }

    [Fact]
    public async Task A_checkpoint_that_was_changed_is_not_used_and_the_trial_starts_again_from_the_one_before()
    {
        var starts = new List<(double Start, string? From, string Reason)>();
        var result = await Run(Options with { Scheduler = Scheduler.Sha(4), Resource = new Resource("step", Max: 4) { Min = 1 }, Slots = 1, MaxAttempts = 2 }, (trial, cancel) =>
        {
            if (trial.Target == 4)
                starts.Add((trial.Start, Path.GetFileName(trial.ResumeFrom), trial.RetryReason));
            foreach (var step in trial.Target == 1 ? [1.0] : new[] { 2.0, 3.0, 4.0 }.Where(step => step > trial.Start))
            {
                Assert.True(trial.Report(step, trial.Get(X), Save(trial, step)));
                if (step == 3 && trial.RetryReason.Length == 0)
                {
                    File.AppendAllText(Path.Combine(trial.CheckpointFolder, "step-3"), "and something else");
                    throw new InvalidOperationException("the crash");
                }
            }
            return Task.CompletedTask;
        });
        Assert.Equal((TuningOutcome.Completed, 1), (result.Outcome, result.Failures["exception"]));
        Assert.Equal([(1, "step-1", ""), (2, "step-2", "checkpoint-corrupt")], starts);
        Assert.Equal("it has 20 bytes, its manifest says 2", Events(result).OfType<AttemptLost>().Single().Detail);
        Assert.Contains("=== checkpoint-corrupt: step-3 of attempt 2: it has 20 bytes, its manifest says 2; nothing was started ===",
            File.ReadAllText(Path.Combine(result.Folder, "logs", $"trial-{result.Best!.Number:D6}.log")));
        Assert.Null(Asha.Actors.Replay.Redecision.Of(Events(result)).Difference);

        string Save(Trial trial, double step)
        {
            File.WriteAllText(Path.Combine(trial.CheckpointFolder, $"step-{step}"), "ok");
            return $"step-{step}";
        }
    }

    [Fact]
    public async Task An_exception_is_a_failure_with_its_words_and_its_stack_is_in_the_log()
    {
        var result = await Run(Options with { MaxAttempts = 2 }, (trial, cancel) => trial.Number == 3 ? Broken(trial) : Instant(trial, cancel));
        Assert.Equal((TrialStatus.Failed, 2), (result.Trials[3].Status, result.Trials[3].Attempts));
        Assert.Equal(("exception", 2), (Assert.Single(result.Failures).Key, result.Failures["exception"]));
        Assert.Equal(["InvalidOperationException: no such layer"], Events(result).OfType<AttemptFailed>().Select(failed => failed.Detail).Distinct());
        var log = File.ReadAllText(Path.Combine(result.Folder, "logs", "trial-000003.log"));
        Assert.Contains("looking for a layer", log);
        Assert.Contains("=== ended: exception, InvalidOperationException: no such layer ===\n", log);
        Assert.Contains($"at Asha.Tuning.Tests.{nameof(TunerTests)}.{nameof(Broken)}", log);
        Assert.Contains("attempt 2, ", log);
        Assert.Single(Directory.EnumerateFiles(Path.Combine(result.Folder, "logs")));
    }

    [Fact]
    public async Task No_memory_is_a_fault_of_its_own_and_waits_and_tries_are_as_asked_for()
    {
        var result = await Run(Options with { MaxAttempts = 3, MaxAttemptsByFault = new FaultAttempts { OutOfMemory = 1 }, RetryBackOff = new BackOff { First = TimeSpan.FromMilliseconds(50), Jitter = 0 } }, (trial, cancel) => trial.Number switch
        {
            3 => throw new InsufficientMemoryException("no room"),
            4 when trial.Attempt == 1 => Broken(trial),
            _ => Instant(trial, cancel),
        });
        Assert.Equal((1, 1), (result.Failures["out-of-memory"], result.Failures["exception"]));
        Assert.Equal((TrialStatus.Failed, 1), (result.Trials[3].Status, result.Trials[3].Attempts));
        Assert.Equal([(true, null), (false, TimeSpan.FromMilliseconds(50))], Events(result).OfType<AttemptFailed>().OrderBy(failed => failed.Trial).Select(failed => (failed.Last, failed.BackOff)));
        Assert.Single(Events(result).OfType<RetryDue>());
    }

    private static async Task Broken(Trial trial)
    {
        await trial.Log.WriteLineAsync("looking for a layer");
        await Task.Yield();
        throw new InvalidOperationException("no such layer");
    }

    [Fact]
    public async Task Returning_without_a_result_is_a_failure_that_says_what_is_missing()
    {
        var result = await Run(Options with { MaxAttempts = 1, Resource = new Resource("step", 1), Scheduler = Scheduler.Asha(trials: 3) }, (trial, cancel) =>
        {
            if (trial.Number == 0)
                trial.Report(0.5, 1);
            if (trial.Number == 1)
                Assert.False(trial.Report(-1, 1));
            return Task.CompletedTask;
        });
        Assert.Equal(
            ["no-result: it returned at 0.5, before the 1 that it was to reach", "bad-report: none of its reports counts: resource is not a finite number above 0", "no-result: it returned without a report"],
            Events(result).OfType<AttemptFailed>().OrderBy(failed => failed.Trial).Select(failed => $"{failed.Cause}: {failed.Detail}"));
        Assert.Equal((null, 1), (result.Best, result.RejectedReports));
    }

    [Fact]
    public async Task What_a_report_returns_is_what_the_journal_says()
    {
        bool[] answers = [];
        var result = await Run(Options with { Scheduler = Scheduler.Asha(trials: 1), Resource = new Resource("step", 16) { Min = 16 } }, (trial, cancel) =>
        {
            _ = trial.CheckpointFolder;
            answers = [trial.Report(2, 0.5), trial.Report(2, 0.4), trial.Report(double.NaN, 1), trial.Report(3, double.NaN), trial.Report(4, 1, "../outside"), trial.Report(5, 1, "gone"),
                trial.Report(16, 0.1, "gone"), trial.Report(17, 0.25), trial.Report(18, 0.2)];
            return Task.CompletedTask;
        });
        // A checkpoint that is gone counts as none below the target, and is a mistake at it.
        Assert.Equal([true, false, false, true, false, true, false, true, false], answers);
        Assert.Equal([2, 3, 5, 17.0], Events(result).OfType<ReportAccepted>().Select(report => report.Resource));
        Assert.Equal(
            ["resource 2 does not rise: it was 2 already", "resource is not a finite number above 0", "checkpoint leaves its folder", "checkpoint does not exist"],
            Events(result).OfType<ReportRejected>().Select(report => report.Reason));
        Assert.Equal(0.25, result.Best!.Best!.Value.Metric);
        Assert.Contains("rejected, resource 2 does not rise", File.ReadAllText(Path.Combine(result.Folder, "logs", "trial-000000.log")));
    }

    [Fact]
    public async Task A_trial_that_repeats_itself_for_ever_does_not_fill_the_journal()
    {
        var result = await Run(Options with { Scheduler = Scheduler.Asha(trials: 1) }, (trial, cancel) =>
        {
            Parallel.For(0, 5000, _ => trial.Report(0, 1));
            return Instant(trial, cancel);
        });
        Assert.Equal((100, TuningOutcome.Completed), (result.RejectedReports, result.Outcome));
    }

    [Fact]
    public async Task Trials_that_compute_without_awaiting_run_at_once_and_hold_nobody_up()
    {
        // More than there are cores: each waits, on its thread, for all the others.
        var slots = Environment.ProcessorCount + 6;
        using var all = new Barrier(slots);
        var result = await Run(Options with { Slots = slots, Scheduler = Scheduler.Asha(trials: slots), Resource = new Resource("step", 1) }, (trial, cancel) =>
        {
            Assert.True(all.SignalAndWait(Patience, CancellationToken.None));
            return Instant(trial, cancel);
        });
        Assert.Equal((TuningOutcome.Completed, 0), (result.Outcome, result.Failures.Count));
    }

    [Fact]
    public async Task Progress_is_told_in_order_and_one_that_throws_ends_nothing()
    {
        var told = new List<TuningProgress>();
        var result = await Run(Options with { MaxAttempts = 1, Progress = new Teller(told.Add) }, (trial, cancel) => trial.Number == 5 ? throw new NotSupportedException("not that one") : Instant(trial, cancel));
        Assert.Equal(result.Jobs - 1, told.Count(progress => progress.Kind == TuningProgressKind.Result));
        Assert.Equal("exception: NotSupportedException: not that one", Assert.Single(told, progress => progress.Kind == TuningProgressKind.Failed).Detail);
        Assert.Equal(told.Select(progress => progress.Elapsed).Order(), told.Select(progress => progress.Elapsed));

        var calls = 0;
        var another = await Run(Options with { Progress = new Teller(_ => throw new FormatException($"call {++calls}")) }, Instant);
        Assert.Equal((TuningOutcome.Completed, 1), (another.Outcome, calls));
        Assert.Contains("call 1", File.ReadAllText(Path.Combine(another.Folder, "asha.log")));
    }

    private sealed class Teller(Action<TuningProgress> told) : IProgress<TuningProgress>
    {
        public void Report(TuningProgress value) => told(value);
    }

    [Fact]
    public async Task Initial_configurations_come_first()
    {
        var method = Space.Choice("method", [Method.Plain, Method.Damped]);
        var damping = Space.Uniform("damping", 0, 1, when: method.Is(Method.Damped));
        var result = await Run(Options with
        {
            Initial = [new ParameterValues().With(X, 0.125).With(method, Method.Plain), new ParameterValues().With(method, Method.Damped).With(damping, 0.5).With(X, 1)],
        }, (trial, cancel) =>
        {
            // Neither more nor less than what is active.
            Assert.Equal(trial.Get(method) == Method.Damped, trial.TryGet(damping, out _));
            return Instant(trial, cancel);
        });
        Assert.Equal(["x=0.125, method=Plain", "x=1, method=Damped, damping=0.5"], result.Trials.Take(2).Select(trial => $"{trial.Parameters}"));
        Assert.Empty(result.Failures);
        Assert.Equal(2, result.Trials.Select(trial => trial.Parameters.Get(method)).Distinct().Count());
    }

    private enum Method { Plain, Damped }

    [Fact]
    public async Task A_used_up_space_and_a_stop_rule_end_a_run_with_the_reason()
    {
        var space = new SearchSpace();
        space.Boolean("a");
        var used = await Run(Options with { Space = space }, (trial, _) => Task.FromResult(trial.Report(trial.Target, 1)));
        Assert.Equal((TuningOutcome.Completed, 2, "the search space has only 2 configurations"), (used.Outcome, used.Trials.Count, used.Reason));
        var stopped = await Run(Options with { Scheduler = Scheduler.Asha(), Stop = new StopRules { Trials = 20 } }, Instant);
        Assert.Equal((TuningOutcome.Stopped, "20 trials"), (stopped.Outcome, stopped.Reason));
    }

    [Fact]
    public async Task Runs_may_go_on_side_by_side()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => Run(Options with { Seed = number }, Instant)));
        Assert.Equal(4, results.Select(result => result.Folder).Distinct().Count());
        Assert.All(results, result => Assert.Equal(TuningOutcome.Completed, result.Outcome));
    }
}
