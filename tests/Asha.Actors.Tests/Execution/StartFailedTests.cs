using Asha.Core.Experiments;

namespace Asha.Actors.Tests.Execution;

public sealed class StartFailedTests : IDisposable
{
    private readonly TrialSandbox _box = new();

    public void Dispose() => _box.Dispose();

    [Theory]
    [InlineData("no-such-program", "there is no program 'no-such-program' on the PATH")]
    [InlineData("./no-such-script", "'./no-such-script' does not exist")]
    [InlineData("./plain.txt", "'./plain.txt' is not executable")]
    [InlineData("..", "there is no program '..' on the PATH")]
    [InlineData("./", "'./' is a folder")]
    [InlineData("", "the program's name is empty")]
    [InlineData("./{lr", "a brace stands alone in './{lr'; write {{ or }} for a brace")]
    public async Task The_reason_is_said(string program, string reason)
    {
        File.WriteAllText(Path.Combine(_box.Scripts, "plain.txt"), "echo no");
        var ending = await _box.Run(new TrialSpec { Command = [program], Directory = _box.Scripts });
        Assert.Equal(new TrialEnding(EndingCause.StartFailed, reason), ending);
        Assert.Contains(reason, _box.Log());
    }

    [Fact]
    public async Task The_folder_is_missing()
    {
        var ending = await _box.Run(new TrialSpec { Command = ["true"], Directory = _box.Scripts + "/none" });
        Assert.Equal(new TrialEnding(EndingCause.StartFailed, $"the folder '{_box.Scripts}/none' does not exist"), ending);
    }

    [Fact]
    public async Task The_interpreter_of_a_script_is_missing()
    {
        var script = _box.Script("#!/no/such/interpreter\n");
        var ending = await _box.Run(new TrialSpec { Command = ["./train.sh"], Directory = _box.Scripts });
        Assert.Equal(EndingCause.StartFailed, ending.Cause);
        Assert.Contains(script, ending.Detail.Replace("/./", "/"));
    }

    [Fact]
    public async Task A_program_may_itself_exit_with_the_code_that_setsid_has_for_a_failure()
    {
        Assert.Equal(new TrialEnding(EndingCause.Exit, "exit code 127"), await _box.RunBash("exit 127"));
        Assert.Equal(new TrialEnding(EndingCause.Exit, "exit code 126\nsetsid: failed to execute x: No such file"),
            await _box.RunBash("echo setsid: failed to execute x: No such file >&2; exit 126"));
    }

    [Fact]
    public async Task The_PATH_is_that_of_the_trial()
    {
        _box.Script("#!/bin/sh\nexit 5\n", "my-train");
        var spec = new TrialSpec { Command = ["my-train"], Directory = _box.Scripts };
        Assert.Equal(EndingCause.StartFailed, (await _box.Run(spec)).Cause);
        var path = new Dictionary<string, string> { ["PATH"] = ".:/usr/bin:/bin" };
        Assert.Equal("exit code 5", (await _box.Run(spec with { Env = path })).Detail);
    }

    [Fact]
    public async Task Arguments_longer_than_the_system_takes()
    {
        var ending = await _box.Run(new TrialSpec { Command = ["true", new string('x', 200_000)], Directory = _box.Scripts });
        Assert.Equal(EndingCause.StartFailed, ending.Cause);
    }

    [Fact]
    public async Task The_run_folder_cannot_be_written()
    {
        Directory.CreateDirectory(_box.RunFolder);
        File.WriteAllText(Path.Combine(_box.RunFolder, "logs"), "a file where a folder should be");
        Assert.Equal(EndingCause.StartFailed, (await _box.RunBash("true")).Cause);
    }
}
