namespace Asha.Host.Tests.Cli;

/// <summary><c>trial.prepare</c> as <c>asha tune</c> runs it.</summary>
public sealed class PrepareTests
{
    private const string Prepare = "trial.prepare=[bash, prepare.sh]";

    [Fact]
    public async Task It_runs_once_before_the_first_trial()
    {
        using var box = new CliSandbox("[ -e prepared ] && save $target $trial");
        box.Write("prepare.sh", """echo "prepared for $WHOM in $ASHA_EXPERIMENT_ID"; echo once >> prepared""");
        var tuned = (await box.Tune(Prepare, "trial.env={WHOM: me}")).Exits(0);
        tuned.Json();
        Assert.Equal("once\n", File.ReadAllText(box.In("prepared")));
        Assert.Contains($"prepared for me in {Path.GetFileName(box.Run)}\n", File.ReadAllText(Path.Combine(box.Run, "logs", "prepare.log")));
        Assert.Contains("preparing: bash prepare.sh\n", tuned.Error);
    }

    [Fact]
    public async Task Of_two_runs_in_a_folder_one_prepares_after_the_other()
    {
        using var box = new CliSandbox();
        box.Write("prepare.sh", "mkdir busy || touch both; sleep 1; rmdir busy; echo once >> prepared");
        using var one = box.StartTune(Prepare, "scheduler.trials=1");
        using var two = box.StartTune(Prepare, "scheduler.trials=1");
        (await one.EndAsync()).Exits(0);
        (await two.EndAsync()).Exits(0);
        Assert.False(File.Exists(box.In("both")));
        Assert.Equal(2, File.ReadAllLines(box.In("prepared")).Length);
    }

    [Fact]
    public async Task Where_it_fails_no_trial_is_started_and_its_output_is_told()
    {
        using var box = new CliSandbox("touch started");
        box.Write("prepare.sh", "exec 2>&1; for i in {1..30}; do echo line $i; done; echo the compiler is missing >&2; exit 4");
        var tuned = (await box.Tune(Prepare)).Exits(1);
        Assert.False(File.Exists(box.In("started")));
        Assert.Contains("asha: the preparation failed, so no trial was started: exit code 4\n", tuned.Error);
        Assert.Contains("the compiler is missing\n", tuned.Error);
        Assert.Contains("\n  line 1\n", tuned.Error); // As it ran.
        var log = Path.Combine(box.Run, "logs", "prepare.log");
        Assert.Contains($"Its whole output is in {log}\n", tuned.Error);
        Assert.Contains("line 1\n", File.ReadAllText(log));

        var said = tuned.Json();
        Assert.Equal(("failed", "the preparation failed"), (said.GetProperty("outcome").GetString(), said.GetProperty("reason").GetString()));
        Assert.Equal(0, said.GetProperty("trials").GetInt32());
        Assert.Equal(tuned.Out, (await box.Asha("show", box.Run, "--json")).Exits(0).Out);
        Assert.Contains(" failed ", (await box.Asha("ls")).Exits(0).Out);
    }

    [Fact]
    public async Task Interrupted_it_is_ended_and_no_trial_is_started()
    {
        using var box = new CliSandbox("touch started");
        box.Write("prepare.sh", "sleep 1000 & touch preparing; read -r");
        using var asha = box.StartTune(Prepare);
        await asha.Until(() => File.Exists(box.In("preparing")), "the preparation runs");
        Assert.Contains("the run has not begun yet", (await box.Asha("show", box.Run)).Exits(2).Error);
        asha.Signal(Signals.Interrupt);
        var said = (await asha.EndAsync()).Exits(130).Json();
        box.NothingRuns();
        Assert.Equal(("interrupted", "while preparing"), (said.GetProperty("outcome").GetString(), said.GetProperty("reason").GetString()));
        Assert.False(File.Exists(box.In("started")));
    }

    [Fact]
    public async Task What_it_leaves_when_Asha_is_killed_is_ended_by_the_next_command()
    {
        using var box = new CliSandbox();
        box.Write("prepare.sh", "exec < /dev/null; trap '' TERM; touch preparing; sleep 1000");
        using var asha = box.StartTune(Prepare);
        await asha.Until(() => File.Exists(box.In("preparing")), "the preparation runs");
        asha.KillHard();
        Assert.NotEmpty(box.Processes());
        var listed = (await box.Asha("ls")).Exits(0);
        box.NothingRuns();
        Assert.Matches("asha: ended process [0-9]+, left running by the preparation when the engine of tiny-[0-9-]+ was killed\n", listed.Error);
        Assert.Contains("broke off before it began", listed.Out);
        Assert.Contains("broke off before it began", (await box.Asha("show", box.Run)).Exits(2).Error);
    }
}
