namespace Asha.Host.Tests.Cli;

/// <summary>Runs that are gone on with, and why some cannot be. What a kill at any instant leaves behind is Asha.Crashes' to find out.</summary>
public sealed class ResumeTests
{
    /// <summary>Trials 1 and 2 hang until a file says that they may go on; before that they have trained a part, and saved it.</summary>
    private const string HangHalfway = """
        if ((target > 1 && start < 2)); then save 2 $trial; fi
        if ((trial == 1 || trial == 2)) && [ ! -e go ]; then touch hangs-$trial; read -r; exit 1; fi
        save $target $trial
        """;

    [Theory]
    [InlineData(Signals.Interrupt, 130)]
    [InlineData(Signals.Kill, 137)]
    public async Task Whatever_ended_the_engine_the_run_goes_on_and_comes_to_its_end(int signal, int code)
    {
        using var box = new CliSandbox(HangHalfway);
        await EndWhileTwoHang(box, signal, code);
        var completed = Completed(box);
        Assert.NotEmpty(completed);
        box.Write("go", "");
        var resumed = (await box.Asha("resume", box.Run, "--json")).Exits(0);
        box.NothingRuns();
        var said = resumed.Json();
        Assert.Equal(("completed", 9), (said.GetProperty("outcome").GetString(), said.GetProperty("trials").GetInt32()));
        // What was there is there, no job ran again, and nothing failed: one try would have been enough.
        Assert.Equal(completed, Completed(box).Take(completed.Count));
        Assert.Equal(Completed(box).Count, Completed(box).Distinct().Count());
        Assert.Empty(box.Events("attempt-failed"));
        Assert.Equal("", (await box.Asha("replay", box.Run)).Exits(0).Error);
    }

    [Fact]
    public async Task Ctrl_C_says_how_to_go_on()
    {
        using var box = new CliSandbox(HangHalfway);
        var interrupted = await EndWhileTwoHang(box, Signals.Interrupt, 130);
        Assert.Contains($"to go on: asha resume runs/{Path.GetFileName(box.Run)}\n", interrupted.Error);
    }

    [Fact]
    public async Task A_trial_that_ran_goes_on_from_its_newest_checkpoint_in_a_new_attempt()
    {
        using var box = new CliSandbox("""
            if ((start < 1)); then save 1 $trial; fi
            if [ ! -e go ]; then touch hangs-$trial; read -r; exit 1; fi
            save $target $trial
            """);
        using (var asha = box.StartTune("resource.min=3", "scheduler.trials=2", "trial.max-attempts=1"))
        {
            await asha.Until(() => File.Exists(box.In("hangs-0")) && File.Exists(box.In("hangs-1")) && box.Events("report-accepted").Count == 2, "both have trained a part, and hang");
            asha.KillHard();
        }
        box.Write("go", "");
        (await box.Asha("resume", box.Run)).Exits(0);
        Assert.All(new[] { 0, 1 }, trial => Assert.Contains("attempt 2 from 1 to 3, resumes from 1", box.Log(trial)));
        Assert.All(box.Events("attempt-lost"), lost => Assert.Equal("engine-lost", lost.GetProperty("cause").GetString()));
        Assert.Equal(2, box.Events("attempt-lost").Count);
    }

    [Fact]
    public async Task A_second_engine_refuses_and_names_the_first()
    {
        using var box = new CliSandbox(Hanging.AsLongAsAshaLives);
        using var asha = box.StartTune();
        await asha.Until(() => Hanging.Both(box), "two trials hang");
        var length = new FileInfo(Path.Combine(box.Run, "journal.db-wal")).Length;
        var engine = Assert.Single(box.Processes(), pid => Commanded(pid, "tune"));
        foreach (var command in new string[][] { ["resume", box.Run], ["tune", "tiny.yaml", "--resume", "--set", "slots=2"] })
        {
            var refused = (await box.Asha(command)).Exits(2);
            Assert.StartsWith($"asha: {box.Run}: another Asha is at work on this run: process {engine} on ", refused.Error);
            Assert.Equal("", refused.Out);
        }
        Assert.Equal(length, new FileInfo(Path.Combine(box.Run, "journal.db-wal")).Length);
        Assert.True(Hanging.Both(box) && box.Processes().Contains(engine), "the first goes on");
        asha.KillHard();
        await box.NothingRunsWithin(TimeSpan.FromSeconds(5)); // They notice on their own time.
    }

    /// <summary>It cannot do anything, but it lives: nobody knows what it does next.</summary>
    [Fact]
    public async Task An_engine_that_is_stopped_still_holds_its_run()
    {
        using var box = new CliSandbox(Hanging.AsLongAsAshaLives);
        using var asha = box.StartTune();
        await asha.Until(() => Hanging.Both(box), "two trials hang");
        asha.Signal(Stop);
        Assert.Contains("another Asha is at work on this run", (await box.Asha("resume", box.Run)).Exits(2).Error);
        asha.Signal(Continue);
        asha.KillHard();
        await box.NothingRunsWithin(TimeSpan.FromSeconds(5)); // They notice on their own time.
    }

    [Fact]
    public async Task Tune_resume_goes_on_with_the_newest_run_and_begins_one_where_there_is_none()
    {
        using var box = new CliSandbox(HangHalfway);
        await EndWhileTwoHang(box, Signals.Kill, 137);
        box.Write("go", "");
        (await box.Asha("tune", "tiny.yaml", "--resume", "--json", "--set", "trial.max-attempts=1")).Exits(0);
        Assert.Single(Directory.GetDirectories(box.Runs));
        Assert.Single(box.Events("experiment-resumed"));
        // That one is over: another begins.
        (await box.Asha("tune", "tiny.yaml", "--resume", "--json", "--set", "trial.max-attempts=1")).Exits(0);
        Assert.Equal(2, Directory.GetDirectories(box.Runs).Length);
    }

    [Fact]
    public async Task Tune_resume_refuses_an_experiment_that_was_another_one()
    {
        using var box = new CliSandbox(HangHalfway);
        await EndWhileTwoHang(box, Signals.Kill, 137);
        var refused = (await box.Asha("tune", "tiny.yaml", "--resume", "--set", "scheduler.trials=10")).Exits(2);
        Assert.Equal($"""
            asha: {box.Run}: the newest run of 'tiny' is not over, but the experiment has changed since it was begun
            'asha resume {Path.GetFileName(box.Run)}' goes on with it as it was, 'asha cancel {Path.GetFileName(box.Run)}' ends it; without being told to resume, another one begins.

            """, refused.Error);
        Assert.Empty(box.Events("experiment-resumed"));
    }

    [Fact]
    public async Task Values_of_variables_are_kept_nowhere_and_are_asked_for()
    {
        using var box = new CliSandbox("""
            if [ -z "$API_KEY" ]; then exit 3; fi
            if [ ! -e go ]; then touch hangs-$trial; read -r; exit 1; fi
            save $target $trial
            """);
        using (var asha = box.StartTune("trial.env={API_KEY: secret-of-mine}", "scheduler.trials=2"))
        {
            await asha.Until(() => File.Exists(box.In("hangs-0")) && File.Exists(box.In("hangs-1")), "both hang");
            asha.KillHard();
        }
        box.Write("go", "");
        var refused = (await box.Asha("resume", box.Run)).Exits(2);
        Assert.Equal("""
            asha: trial.env.API_KEY: its value was not kept: values of trial.env are written nowhere
            Set it in the environment: API_KEY=… asha resume …; or go on with the experiment's file: asha tune FILE --resume

            """, refused.Error);
        Assert.Empty(box.Events("experiment-resumed"));
        box.Environment["API_KEY"] = "another";
        (await box.Asha("resume", box.Run)).Exits(0);
        Assert.Empty(box.Events("attempt-failed"));
        foreach (var file in Directory.EnumerateFiles(box.Run, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain("secret-of-mine", File.ReadAllText(file));
    }

    [Fact]
    public async Task A_run_that_is_over_is_not_gone_on_with()
    {
        using var box = new CliSandbox();
        await box.Tune();
        var events = File.ReadAllText(Path.Combine(box.Run, "events.jsonl"));
        var refused = (await box.Asha("resume", box.Run)).Exits(2);
        Assert.Equal($"asha: {box.Run}: the run is over: completed\n'asha show {Path.GetFileName(box.Run)}' says what it found.\n", refused.Error);
        Assert.Equal(events, File.ReadAllText(Path.Combine(box.Run, "events.jsonl")));
    }

    [Fact]
    public async Task A_run_that_broke_off_before_it_began_has_nothing_to_go_on_with()
    {
        using var box = new CliSandbox();
        using (var asha = box.StartTune("trial.prepare=[bash, -c, 'touch prepares; read -r']"))
        {
            await asha.Until(() => File.Exists(box.In("prepares")), "it is being prepared");
            asha.KillHard();
        }
        var refused = (await box.Asha("resume", box.Run)).Exits(2);
        Assert.Contains($"asha: {box.Run}: the run broke off before it began: there is nothing to go on with\n'asha tune' begins another.\n", refused.Error);
        box.NothingRuns();
        // tune --resume begins another by itself.
        (await box.Asha("tune", "tiny.yaml", "--resume", "--json")).Exits(0);
        Assert.Equal(2, Directory.GetDirectories(box.Runs).Length);
    }

    /// <summary>As after a kill between a commit and its copy, or a power cut in the midst of one: the copy is what the journal is in the end.</summary>
    [Theory]
    [InlineData("gone")]
    [InlineData("cut in the midst of a line")]
    [InlineData("with half a line too much")]
    public async Task The_journal_counts_whatever_became_of_its_copy(string copy)
    {
        using var box = new CliSandbox(HangHalfway);
        await EndWhileTwoHang(box, Signals.Kill, 137);
        var events = Path.Combine(box.Run, "events.jsonl");
        var before = File.ReadAllText(events);
        File.Delete(events);
        if (copy != "gone")
            File.WriteAllText(events, copy.StartsWith("cut", StringComparison.Ordinal) ? before[..^100] : before + "{\"event\":\"trial-sampled.1\",\"ti");
        box.Write("go", "");
        (await box.Asha("resume", box.Run)).Exits(0);
        // The journal may have had an entry more than the copy when the engine was killed.
        Assert.StartsWith(before, File.ReadAllText(events));
        Assert.Contains("\n{\"event\":\"experiment-resumed.1\"", File.ReadAllText(events)[before.Length..].Insert(0, "\n"));
        Assert.Equal("", (await box.Asha("replay", box.Run)).Exits(0).Error);
    }

    [Fact]
    public async Task It_goes_on_with_other_slots()
    {
        using var box = new CliSandbox(HangHalfway);
        await EndWhileTwoHang(box, Signals.Kill, 137);
        box.Write("go", "");
        var before = box.Events("slot-joined").Count;
        (await box.Asha("resume", box.Run, "--slots", "5")).Exits(0);
        Assert.Equal(before + 5, box.Events("slot-joined").Count);
    }

    private const int Stop = 19, Continue = 18;

    /// <summary>A run that ends while trial 0 has a result, and trials 1 and 2 hang.</summary>
    private static async Task<AshaResult> EndWhileTwoHang(CliSandbox box, int signal, int code)
    {
        using var asha = box.StartTune("slots=3", "trial.max-attempts=1");
        await asha.Until(() => Hanging.Both(box) && asha.Error.Contains("trial 0 at 1 epoch"), "trial 0 has a result, and two trials hang");
        asha.Signal(signal);
        return (await asha.EndAsync()).Exits(code);
    }

    private static List<(int Trial, int Rung, string Metric)> Completed(CliSandbox box) => [.. box.Events("job-completed").Select(done => (done.GetProperty("trial").GetInt32(), done.GetProperty("rung").GetInt32(), done.GetProperty("metric").GetRawText()))];

    private static bool Commanded(int pid, string word) => File.ReadAllText($"/proc/{pid}/cmdline").Split('\0').Contains(word);
}
