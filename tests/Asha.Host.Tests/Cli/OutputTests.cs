namespace Asha.Host.Tests.Cli;

/// <summary>What reaches standard output and the run's folder, and what must not.</summary>
public sealed class OutputTests
{
    [Fact]
    public async Task Values_of_the_environment_are_in_no_file_of_the_run()
    {
        var secret = $"secret-{Guid.NewGuid():N}";
        using var box = new CliSandbox("""
            [ ${#TOKEN} = 39 ] || exit 9
            [ $trial = 1 ] && exit 1
            save $target $trial
            """);
        box.Write("prepare.sh", "[ ${#TOKEN} = 39 ] || exit 9");
        File.AppendAllText(box.In("tiny.yaml"), "stop: {after: 1h}\n");
        var tuned = (await box.Tune($"trial.env={{TOKEN: {secret}, OTHER: \"{secret}\"}}", "trial.prepare=[bash, prepare.sh]", "trial.max-attempts=1")).Exits(0);
        var shown = await box.Asha("show", box.Run);
        Assert.Equal(0, tuned.Json().GetProperty("best").GetProperty("trial").GetInt32());
        Assert.DoesNotContain(secret, tuned.ToString() + shown);

        var files = Directory.GetFiles(box.Run, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.EndsWith("prepare.log"));
        Assert.All(files, file => Assert.DoesNotContain(secret, File.ReadAllText(file)));
        Assert.Contains("TOKEN", File.ReadAllText(Path.Combine(box.Run, "experiment.yaml")));
    }

    [Fact]
    public async Task A_mistake_in_the_environment_does_not_show_it()
    {
        using var box = new CliSandbox();
        var told = (await box.Asha("check", "tiny.yaml", "--set", "trial.env={TOKEN: my-secret}", "--set", "trial.env.ASHA_X=my-secret")).Exits(2);
        Assert.Contains("trial.env.ASHA_X", told.Error);
        Assert.DoesNotContain("my-secret", told.Error + told.Out);
    }

    [Fact]
    public async Task A_variable_without_a_value_is_that_of_the_command_and_has_to_be_there()
    {
        using var box = new CliSandbox("[ \"$MY_TOKEN\" = of-the-environment ] || exit 9\nsave $target $trial");
        File.WriteAllText(box.In("tiny.yaml"), File.ReadAllText(box.In("tiny.yaml")).Replace("trial.sh]", "trial.sh]\n  env: {MY_TOKEN: }", StringComparison.Ordinal));
        var missing = (await box.Asha("tune", "tiny.yaml")).Exits(2);
        Assert.StartsWith("asha: tiny.yaml:9:9: trial.env.MY_TOKEN: has no value here, and there is no such variable in the environment of this command", missing.Error);
        Assert.False(Directory.Exists(box.Runs));
        box.Environment["MY_TOKEN"] = "of-the-environment";
        (await box.Asha("tune", "tiny.yaml")).Exits(0);
        Assert.Empty(box.Events("attempt-failed"));
        // As it was resolved, it can be run once more.
        (await box.Asha("check", Path.Combine(box.Run, "experiment.yaml"))).Exits(0);
    }

    [Fact]
    public async Task The_folder_is_private_to_its_user()
    {
        using var box = new CliSandbox();
        using var shell = box.StartShell("umask 000; asha tune tiny.yaml --set scheduler.trials=1 > /dev/null && stat -c %a runs/*");
        Assert.Equal("700\n", (await shell.EndAsync()).Exits(0).Out);
    }

    [Fact]
    public async Task Control_characters_of_a_trial_reach_no_terminal()
    {
        using var box = new CliSandbox("""
            printf '\e[31mred\e[0m \a\b\x9b31m \e]0;title\a\n' >&2
            printf '@asha {"resource": 1, "metric": "\\u001b[31m"}\n'
            printf '@asha {"resource": 1, "metric": 1, "checkpoint": "\\u001b[31m"}\n'
            printf '@asha \e[31m\n'
            ((trial == 0)) && save $target $trial
            exit 3
            """);
        box.Write("prepare.sh", "printf '\\e[31mred\\e[0m\\n'");
        string[] set = ["--set", "trial.prepare=[bash, prepare.sh]", "--set", "scheduler.trials=3", "--set", "trial.max-attempts=1", "--set", """space.c={type: constant, value: "a\eb"}"""];
        var tuned = (await box.Asha(["tune", "tiny.yaml", .. set])).Exits(0);
        Assert.Contains("failed for good: exit: exit code 3", tuned.Out);
        Assert.Contains("red", tuned.Out);
        string[] all =
        [
            tuned.ToString(), (await box.Asha(["check", "tiny.yaml", .. set])).Exits(0).ToString(), (await box.Asha("show", box.Run)).Exits(0).ToString(),
            (await box.Asha("best", box.Run)).Exits(0).ToString(), (await box.Asha("best", box.Run, "--json")).Exits(0).ToString(), (await box.Asha("ls")).Exits(0).ToString(),
        ];
        Assert.All(all, text => Assert.DoesNotContain(text, character => char.IsControl(character) && character != '\n'));
    }

    [Fact]
    public async Task Whoever_reads_one_line_and_goes_disturbs_no_run()
    {
        using var box = new CliSandbox();
        using var shell = box.StartShell("set -o pipefail; asha tune tiny.yaml | head -1");
        Assert.Equal($"run folder: {box.Folder}/runs/", (await shell.EndAsync()).Exits(0).Out[..(box.Folder.Length + 18)]);
        Assert.Equal(9, box.Csv().Count);
    }

    [Theory]
    [InlineData("tune tiny.yaml")]
    [InlineData("tune tiny.yaml --json")]
    [InlineData("check tiny.yaml")]
    public async Task Output_that_cannot_be_written_is_a_failure_and_disturbs_no_run(string line)
    {
        using var box = new CliSandbox();
        using var shell = box.StartShell($"asha {line} > /dev/full");
        Assert.EndsWith("asha: standard output could not be written: No space left on device\n", (await shell.EndAsync()).Exits(1).Error);
        if (line.StartsWith("tune"))
            Assert.Equal(9, box.Csv().Count);
    }

    [Fact]
    public async Task A_closed_standard_error_disturbs_nothing()
    {
        using var box = new CliSandbox();
        using var shell = box.StartShell("asha tune tiny.yaml --json 2>&-");
        Assert.Equal("completed", (await shell.EndAsync()).Exits(0).Json().GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Where_no_journal_can_be_kept_nothing_is_started()
    {
        // No file may grow past 4 KiB: a journal begins with more. (The runtime's double mapping of code is a file, too.) One that is full later only pauses: Faults/FullDiskTests.
        using var box = new CliSandbox();
        using var shell = box.StartShell("trap '' XFSZ; export DOTNET_EnableWriteXorExecute=0; ulimit -f 4; asha tune tiny.yaml --json");
        var ended = (await shell.EndAsync()).Exits(2);
        Assert.Contains("journal.db) cannot be opened: ", ended.Error);
        Assert.DoesNotContain("   at ", ended.Error);
        Assert.Empty(ended.Out);
        Assert.False(Directory.Exists(Path.Combine(box.Run, "logs")));
        box.NothingRuns();
    }

    [Fact]
    public async Task Output_without_end_does_not_fill_the_log()
    {
        using var box = new CliSandbox("head -c 3000000 /dev/zero | tr '\\0' x; echo; save $target $trial");
        (await box.Tune("scheduler.trials=1", "resource.max=1")).Exits(0).Json();
        Assert.InRange(new FileInfo(Path.Combine(box.Run, "logs", "trial-000000.log")).Length, 1_000_000, 1 << 20);
    }
}
