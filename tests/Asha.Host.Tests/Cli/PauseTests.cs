namespace Asha.Host.Tests.Cli;

/// <summary><c>asha pause</c> and <c>asha cancel</c>, from a second terminal and where nobody is at work any more.</summary>
public sealed class PauseTests
{
    private const string UntilItMayGo = """
        if ((trial == 1 || trial == 2)) && [ ! -e go ]; then touch hangs-$trial; read -r; fi
        save $target $trial
        """;

    [Fact]
    public async Task A_paused_run_lets_go_of_the_machine_and_is_gone_on_with()
    {
        using var box = new CliSandbox(UntilItMayGo);
        using var asha = await TwoHang(box);
        var paused = (await box.Asha("pause", box.Run)).Exits(0);
        var name = Path.GetFileName(box.Run);
        Assert.Matches($@"^{name}: its running trials are being ended\n{name}: paused after \d+\.\d s; to go on: asha resume {name}\n$", paused.Out);
        Assert.Equal("paused", (await asha.EndAsync()).Exits(130).Json().GetProperty("outcome").GetString());
        box.NothingRuns();
        Assert.Contains("paused", (await box.Asha("show", box.Run)).Exits(0).Out);

        box.Write("go", "");
        var resumed = (await box.Asha("resume", box.Run, "--json")).Exits(0).Json();
        Assert.Equal(("completed", 9), (resumed.GetProperty("outcome").GetString(), resumed.GetProperty("trials").GetInt32()));
        Assert.Empty(box.Events("attempt-failed"));
    }

    [Fact]
    public async Task A_cancelled_run_is_over_and_keeps_the_best_checkpoint()
    {
        using var box = new CliSandbox(UntilItMayGo);
        using var asha = await TwoHang(box);
        Assert.Contains(": cancelled after ", (await box.Asha("cancel", box.Run)).Exits(0).Out);
        Assert.Equal("cancelled", (await asha.EndAsync()).Exits(130).Json().GetProperty("outcome").GetString());
        await OverWithTheBest(box);
    }

    [Fact]
    public async Task A_run_whose_engine_was_killed_is_cancelled_too_and_its_orphans_end()
    {
        using var box = new CliSandbox(Hanging.WhateverComes);
        using var asha = await TwoHang(box);
        asha.KillHard();
        Assert.NotEmpty(box.Processes());
        Assert.Contains(": cancelled after ", (await box.Asha("cancel", box.Run)).Exits(0).Out);
        await OverWithTheBest(box);
    }

    [Fact]
    public async Task Where_nobody_is_at_work_there_is_nothing_to_pause()
    {
        using var box = new CliSandbox();
        await box.Tune();
        var refused = (await box.Asha("pause", box.Run)).Exits(2);
        Assert.Equal($"asha: {box.Run}: no Asha is at work on this run\n'asha show {Path.GetFileName(box.Run)}' says how it ended.\n", refused.Error);
        Assert.Contains("the run is over: completed", (await box.Asha("cancel", box.Run)).Exits(2).Error);
    }

    private static async Task<AshaProcess> TwoHang(CliSandbox box)
    {
        var asha = box.StartTune("slots=3");
        await asha.Until(() => Hanging.Both(box) && asha.Error.Contains("trial 0 at 1 epoch"), "trial 0 has a result, and two trials hang");
        return asha;
    }

    private static async Task OverWithTheBest(CliSandbox box)
    {
        box.NothingRuns();
        Assert.All(box.Checkpoints(), path => Assert.StartsWith("trial-000000", path));
        Assert.NotEmpty(box.Checkpoints());
        Assert.Contains("the run is over: cancelled", (await box.Asha("resume", box.Run)).Exits(2).Error);
        Assert.Equal("", (await box.Asha("replay", box.Run)).Exits(0).Error);
    }
}
