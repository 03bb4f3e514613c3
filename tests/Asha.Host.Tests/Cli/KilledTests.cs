namespace Asha.Host.Tests.Cli;

/// <summary>After <c>kill -9</c> of Asha, nothing of what it started runs on for long.</summary>
public sealed class KilledTests
{
    [Fact]
    public async Task When_Asha_is_killed_trials_that_watch_their_input_go()
    {
        using var box = new CliSandbox(Hanging.AsLongAsAshaLives);
        using var asha = box.StartTune();
        await asha.Until(() => Hanging.Both(box), "two trials hang");
        asha.KillHard();
        await box.NothingRunsWithin(TimeSpan.FromSeconds(5));
        var listed = (await box.Asha("ls")).Exits(0);
        Assert.Equal("", listed.Error);
        Assert.Contains("broken off", listed.Out);
        Assert.Contains(": broken off after ", (await box.Asha("show", box.Run)).Exits(0).Out);
    }

    [PythonFact]
    public async Task When_Asha_is_killed_a_Python_trial_with_a_watching_thread_goes()
    {
        using var box = new CliSandbox();
        box.Write("trial.py", """
            import os, sys, threading, time

            def watch():
                sys.stdin.read()
                os._exit(1)

            threading.Thread(target=watch, daemon=True).start()
            open("hangs-" + os.environ["ASHA_TRIAL_ID"], "w").close()
            while True:
                time.sleep(1)
            """);
        using var asha = box.StartTune("trial.command=[python3, trial.py]", "slots=1");
        await asha.Until(() => File.Exists(box.In("hangs-0")), "the trial trains");
        asha.KillHard();
        await box.NothingRunsWithin(TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("show")]
    [InlineData("ls")]
    public async Task When_Asha_is_killed_the_next_command_ends_the_trials_that_do_not_watch(string command)
    {
        using var box = new CliSandbox(Hanging.WhateverComes);
        using var asha = box.StartTune("slots=3");
        await asha.Until(() => Hanging.Both(box) && asha.Error.Contains("trial 0 at 1 epoch"), "trial 0 has a result, and two trials hang");
        // A run that is alive is left alone.
        Assert.DoesNotContain("ended process", (await Command()).Error);
        Assert.True(box.Processes().Count >= 7);
        asha.KillHard();

        var first = await Command();
        box.NothingRuns();
        Assert.Matches("asha: ended process [0-9]+, left running by trial [12] when the engine of tiny-[0-9-]+ was killed\n", first.Error);
        Assert.Equal("", (await Command()).Error);

        async Task<AshaResult> Command() => (await box.Asha(command == "ls" ? ["ls"] : [command, box.Run])).Exits(0);
    }
}
