using Asha.Host.ExperimentFiles;

namespace Asha.Host.Tests.Cli;

/// <summary>What the commands say of what they are given; nothing runs.</summary>
public sealed class CommandLineTests : IDisposable
{
    private const string Broken = """
        name: tiny
        metric: {name: loss, mode: smallest}
        resource: {name: epoch, min: 1, max: 9}
        scheduler: {type: asha, eta: 3, trials: 9}
        space:
          x: {type: uniform, min: 1, max: 0}
        trial:
          command: [bash, "{y}"]
        """;

    private readonly CliSandbox _box = new("touch started");

    public void Dispose()
    {
        Assert.False(Directory.Exists(_box.Runs));
        Assert.False(File.Exists(_box.In("started")));
        _box.Dispose();
    }

    [Fact]
    public async Task Check_shows_the_resolved_file_its_rungs_and_what_they_save()
    {
        var told = (await _box.Asha("check", "tiny.yaml", "--set", "scheduler.type=sha")).Exits(0);
        Assert.Equal("", told.Error);
        var resolved = ExperimentFile.Read(told.Out[..told.Out.IndexOf("\n\n", StringComparison.Ordinal)], "resolved", _box.Folder, [], new Machine(1, 0));
        Assert.Equal((9, 3, 2), (resolved.Spec!.Scheduler.Trials, resolved.Spec.Scheduler.ReductionFactor, resolved.Spec.Slots));
        // Level, trials, what each trains and all of them.
        Assert.Equal([["0", "1", "9", "1", "9"], ["1", "3", "3", "2", "6"], ["2", "9", "1", "6", "6"]],
            told.Out.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(cells => cells.Length == 5 && cells.All(cell => char.IsAsciiDigit(cell[0]))));
        Assert.EndsWith("9 trials trained fully: 81 epoch. By halving, trials resuming from their checkpoints: 21, 74.1 % less.\n", told.Out);
    }

    [Theory]
    [InlineData("command: [no-such-program, x]", "tiny.yaml:8:13: trial.command[0]: there is no program 'no-such-program' on the PATH")]
    [InlineData("command: [./absent.sh]", "tiny.yaml:8:13: trial.command[0]: './absent.sh' does not exist")]
    [InlineData("command: [./trial.sh]", "tiny.yaml:8:13: trial.command[0]: './trial.sh' is not executable")]
    [InlineData("command: [\"no{{such}}\"]", "tiny.yaml:8:13: trial.command[0]: there is no program 'no{such}' on the PATH")]
    [InlineData("command: [bash, trial.sh]\n  env: {PATH: /nowhere}", "tiny.yaml:8:13: trial.command[0]: there is no program 'bash' on the PATH")]
    [InlineData("command: [bash, trial.sh]\n  prepare: [./no-make]", "tiny.yaml:9:13: trial.prepare[0]: './no-make' does not exist")]
    public async Task Check_tells_of_a_program_that_a_run_would_not_find(string command, string told)
    {
        _box.Write("tiny.yaml", File.ReadAllText(_box.In("tiny.yaml")).Replace("command: [bash, trial.sh]", command));
        var checkedFile = (await _box.Asha("check", "tiny.yaml")).Exits(2);
        Assert.Equal(("", $"asha: {told}\n"), (checkedFile.Out, checkedFile.Error));
    }

    [Theory]
    [InlineData("command: [\"{x}\"]", "")]
    [InlineData("command: [mine]\n  env: {PATH: .}", "")]
    [InlineData("command: [./built]\n  prepare: [bash, -c, make]", "asha: warning: tiny.yaml:8:13: trial.command[0]: './built' does not exist; the preparation has to make it\n")]
    public async Task What_only_a_trial_or_its_preparation_will_tell_is_no_mistake(string command, string warning)
    {
        var mine = _box.Write("mine", "#!/bin/sh\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(mine, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _box.Write("tiny.yaml", File.ReadAllText(_box.In("tiny.yaml")).Replace("command: [bash, trial.sh]", command));
        Assert.Equal(warning, (await _box.Asha("check", "tiny.yaml")).Exits(0).Error);
    }

    [Fact]
    public async Task Warnings_are_on_standard_error_alone()
    {
        var told = (await _box.Asha("check", "tiny.yaml", "--set", "space.y={type: choice, values: [yes, no]}")).Exits(0);
        Assert.StartsWith("asha: warning: ", told.Error);
        Assert.DoesNotContain("warning", told.Out);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("tune", "--json")]
    public async Task Every_mistake_of_a_file_is_told_with_its_place(string command, params string[] options)
    {
        _box.Write("broken.yaml", Broken);
        var told = (await _box.Asha([command, "broken.yaml", .. options])).Exits(2);
        Assert.Equal("", told.Out);
        Assert.Equal(
            ["asha: broken.yaml:2:28: metric.mode", "asha: broken.yaml:4:25: scheduler.eta", "asha: broken.yaml:6:35: space.x.max", "asha: broken.yaml:8:19: trial.command[1]"],
            told.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => string.Join(':', line.Split(':').Take(5))));
    }

    [Theory]
    [InlineData("missing.yaml", "asha: missing.yaml: cannot be read: ")]
    [InlineData(".", "asha: .: is a folder, not a file")]
    [InlineData("", "asha: A path is empty.")]
    [InlineData("--frobnicate", "asha: There is no option '--frobnicate'")]
    public async Task A_file_that_is_none(string file, string problem)
    {
        foreach (var command in new[] { "check", "tune" })
            UserError(await _box.Asha(command, file), problem);
    }

    [Theory]
    [InlineData("scheduler.trials", "asha: --set scheduler.trials: wants path=value")]
    [InlineData("=3", "asha: --set =3: wants path=value")]
    [InlineData("scheduler.trails=3", "asha: --set scheduler.trails: ")]
    [InlineData("slots=", "asha: --set slots: ")]
    [InlineData("slots=[", "asha: --set slots: ")]
    [InlineData("initial[4].x=1", "asha: --set initial[4].x: ")]
    public async Task A_change_that_cannot_be_made(string change, string problem)
        => UserError(await _box.Asha("tune", "tiny.yaml", "--set", change), problem);

    [Theory]
    [InlineData("")]
    [InlineData("frobnicate")]
    [InlineData("tune")]
    [InlineData("tune tiny.yaml other.yaml")]
    [InlineData("tune --frobnicate tiny.yaml")]
    [InlineData("tune tiny.yaml --json=perhaps")]
    [InlineData("tune tiny.yaml --runs=")]
    [InlineData("best --json")]
    [InlineData("ls tiny.yaml")]
    public async Task A_command_line_that_is_not_understood(string line)
        => UserError(await _box.Asha(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)), "Try 'asha --help'.");

    [Fact]
    public async Task Help_and_version()
    {
        Assert.Contains("tune <file>", (await _box.Asha("--help")).Exits(0).Out);
        Assert.Contains("--set <path=value>", (await _box.Asha("tune", "--help")).Exits(0).Out);
        Assert.Matches(@"^\d+\.\d+\.\d+", (await _box.Asha("--version")).Exits(0).Out);
    }

    [Theory]
    [InlineData("file.txt")]
    [InlineData("file.txt/below")]
    [InlineData("/proc/runs")]
    public async Task Runs_that_cannot_be_kept(string runs)
    {
        _box.Write("file.txt", "");
        UserError(await _box.Asha("tune", "tiny.yaml", "--runs", runs), $"asha: {runs}: no run can be kept here: ");
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData(".")]
    [InlineData("tiny.yaml")]
    [InlineData("")]
    public async Task A_folder_that_is_no_run(string folder)
    {
        foreach (var command in new[] { "show", "best" })
            UserError(await _box.Asha(command, folder), folder.Length > 0 ? $"asha: {folder}: this is not the folder of a run" : "asha: A path is empty.");
    }

    [Fact]
    public async Task No_runs_to_list()
    {
        var told = (await _box.Asha("ls")).Exits(0);
        Assert.Equal(("", "asha: no runs in runs\n"), (told.Out, told.Error));
    }

    private static void UserError(AshaResult told, string problem)
    {
        told.Exits(2);
        Assert.Equal("", told.Out);
        Assert.Contains(problem, told.Error);
    }
}
