namespace Asha.Host.Tests.Cli;

/// <summary>Every way in which a run is stopped: jobs under way are cut, what was found is told, and nothing runs on.</summary>
public sealed class StopTests
{
    [Theory]
    [InlineData("trials: 7", "7 trials")]
    [InlineData("resource: 10", "10 units of epoch trained")]
    [InlineData("metric: 0", "loss reached 0")]
    [InlineData("after: 4500ms", "after 4.5 s")]
    public async Task A_stop_rule_cuts_what_runs_and_says_which(string rule, string reason)
    {
        using var box = new CliSandbox("""
            if ((trial == 1)); then touch hangs; read -r; fi
            until [ -e hangs ]; do read -r -t 0.02; done
            save $target $trial
            """);
        var tuned = (await box.Tune($"stop={{{rule}}}", "scheduler.trials=1000")).Exits(0);
        var said = tuned.Json();
        Assert.Equal(("stopped", reason), (said.GetProperty("outcome").GetString(), said.GetProperty("reason").GetString()));
        Assert.Equal(0, said.GetProperty("best").GetProperty("trial").GetInt32());
        Assert.Contains($": stopped ({reason}) after ", tuned.Error);
        Assert.Contains(1, box.Events("job-cut").Select(cut => cut.GetProperty("trial").GetInt32()));
        Assert.Equal("cancelled", box.Csv()[1]["state"]);
        box.NothingRuns();
    }

    [Fact]
    public async Task A_run_that_is_stopped_before_its_first_result_failed()
    {
        using var box = new CliSandbox("read -r");
        var said = (await box.Tune("stop={after: 200ms}")).Exits(1).Json();
        Assert.Equal("stopped", said.GetProperty("outcome").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, said.GetProperty("best").ValueKind);
        box.NothingRuns();
    }

    [Theory]
    [InlineData(Signals.Interrupt)]
    [InlineData(Signals.Terminate)]
    public async Task A_signal_ends_a_run_with_what_was_found(int signal)
    {
        using var box = new CliSandbox(Hanging.AsLongAsAshaLives);
        using var asha = box.StartTune("slots=3");
        await asha.Until(() => Hanging.Both(box) && asha.Error.Contains("trial 0 at 1 epoch"), "trial 0 has a result, and two trials hang");
        asha.Signal(signal);
        var ended = (await asha.EndAsync()).Exits(130);
        box.NothingRuns();

        var said = ended.Json();
        Assert.Equal("interrupted", said.GetProperty("outcome").GetString());
        Assert.Equal(0, said.GetProperty("best").GetProperty("trial").GetInt32());
        Assert.ProperSuperset(new HashSet<int> { 1 }, box.Events("attempt-lost").Select(lost => lost.GetProperty("trial").GetInt32()).ToHashSet());
        Assert.Empty(box.Events("job-cut"));
        Assert.Equal("pending", box.Csv()[1]["state"]);
        Assert.Equal(ended.Out, (await box.Asha("show", box.Run, "--json")).Exits(0).Out);
        Assert.False(File.Exists(Path.Combine(box.Run, "run.token")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_trial_saves_and_reports_as_it_is_told_to_end_counts(bool isPaused)
    {
        // Trial 0 comes to its result on SIGTERM, trial 1 saves how far it is; 2 has nothing to save.
        using var box = new CliSandbox("""
            ((trial == 0)) && trap 'save $target 0; exit 0' TERM
            ((trial == 1)) && trap 'save 1 1; exit 143' TERM
            if [ ! -e go ]; then touch hangs-$trial; while :; do read -r -t 0.02; done; fi
            save $target $trial
            """);
        using var asha = box.StartTune("slots=3", "resource.min=3", "scheduler.trials=3", "trial.max-attempts=1");
        await asha.Until(() => Enumerable.Range(0, 3).All(trial => File.Exists(box.In($"hangs-{trial}"))), "three trials hang");
        if (isPaused)
            (await box.Asha("pause", box.Run)).Exits(0);
        else
            asha.Signal(Signals.Terminate);
        var ended = (await asha.EndAsync()).Exits(130);
        Assert.Contains(": nothing starts any more; what trials report while they end still counts", ended.Error);
        Assert.Contains("trial 1 has ended; when the run goes on, it does so from 1 epoch\n", ended.Error);
        Assert.Contains("trial 2 has ended; when the run goes on, it does so from nothing\n", ended.Error);
        Assert.Equal(0, Assert.Single(box.Events("job-completed")).GetProperty("trial").GetInt32());
        Assert.Equal(isPaused ? "paused" : "interrupted", Assert.Single(box.Events("experiment-stopping")).GetProperty("outcome").GetString());

        box.Write("go", "");
        (await box.Asha("resume", box.Run)).Exits(0);
        Assert.Contains("attempt 1 from 0 to 3", box.Log(0));
        Assert.DoesNotContain("attempt 2 from 0", box.Log(0));
        Assert.Contains("attempt 2 from 1 to 3, resumes from 1", box.Log(1));
        Assert.Contains("attempt 2 from 0 to 3", box.Log(2));
        Assert.All(box.Events("attempt-lost"), lost => Assert.Equal("stopped", lost.GetProperty("cause").GetString()));
        (await box.Asha("replay", box.Run)).Exits(0);
    }

    [Fact]
    public async Task Trials_that_ignore_SIGTERM_are_killed_with_their_grandchildren()
    {
        using var box = new CliSandbox(Hanging.WhateverComes);
        using var asha = box.StartTune("slots=3");
        await asha.Until(() => Hanging.Both(box) && asha.Error.Contains("trial 0 at 1 epoch"), "trial 0 has a result, and two trials hang");
        Assert.True(box.Processes().Count >= 7, "asha, and of each stubborn trial itself and two sleeps at least");
        asha.Signal(Signals.Interrupt);
        var said = (await asha.EndAsync()).Exits(130).Json();
        box.NothingRuns();
        Assert.Equal("interrupted", said.GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData(Signals.Interrupt, Signals.Interrupt)]
    [InlineData(Signals.Terminate, Signals.HangUp)]
    public async Task A_signal_that_comes_twice_in_a_moment_is_one(int first, int second)
    {
        using var box = new CliSandbox("""
            trap 'save 1 $trial; exit 0' TERM
            touch hangs-$trial; while :; do read -r -t 0.02; done
            """);
        using var asha = box.StartTune("slots=2", "resource.min=3", "scheduler.trials=2");
        await asha.Until(() => File.Exists(box.In("hangs-0")) && File.Exists(box.In("hangs-1")), "two trials hang");
        asha.Signal(first);
        asha.Signal(second);
        var said = (await asha.EndAsync()).Exits(130);
        Assert.Equal("interrupted", said.Json().GetProperty("outcome").GetString());
        Assert.Equal(2, box.Events("report-accepted").Count);
        Assert.Contains("to go on: asha resume", said.Error);
        box.NothingRuns();
    }

    [Fact]
    public async Task A_second_signal_leaves_at_once_and_the_next_command_cleans_up()
    {
        using var box = new CliSandbox(Hanging.WhateverComes);
        using var asha = box.StartTune();
        await asha.Until(() => Hanging.Both(box), "two trials hang");
        asha.Signal(Signals.Interrupt);
        await asha.Until(() => asha.Error.Contains("once more to leave at once"), "the first is noticed");
        await Task.Delay(TimeSpan.FromSeconds(1.2)); // Sooner it would be no second wish.
        asha.Signal(Signals.Interrupt);
        Assert.Contains($"left at once; to go on: asha resume runs/{Path.GetFileName(box.Run)}\n", (await asha.EndAsync()).Exits(130).Error);
        Assert.NotEmpty(box.Processes());
        Assert.Contains("left running by trial", (await box.Asha("best", box.Run)).Error);
        box.NothingRuns();
    }
}
