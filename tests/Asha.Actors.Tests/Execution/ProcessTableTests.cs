using System.Diagnostics;
using System.Globalization;
using Asha.Actors.Execution;

namespace Asha.Actors.Tests.Execution;

/// <summary>What /proc says of real processes.</summary>
public sealed class ProcessTableTests : IDisposable
{
    private readonly List<Process> _started = [];

    public void Dispose()
    {
        foreach (var process in _started)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }

    [Fact]
    public async Task The_inode_of_a_process_is_that_of_its_folder()
    {
        var pid = await Start("echo; read");
        var stat = Process.Start(new ProcessStartInfo("stat") { ArgumentList = { "--format=%i", $"/proc/{pid.ToString(CultureInfo.InvariantCulture)}" }, RedirectStandardOutput = true })!;
        var said = ulong.Parse(await stat.StandardOutput.ReadToEndAsync(), CultureInfo.InvariantCulture);
        Assert.Equal(said, Assert.Single(ProcessTable.Processes(), process => process.Pid == pid).Inode);
    }

    [Fact]
    public async Task The_token_is_that_of_the_program_which_runs_now()
    {
        var pid = await Start("echo; read; exec env ASHA_TOKEN=run:0:1 bash -c 'echo; read'");
        Assert.True(ProcessTable.TryRead(pid, out var token));
        Assert.Null(token);
        var process = _started[^1];
        await process.StandardInput.WriteLineAsync();
        await process.StandardOutput.ReadLineAsync();
        Assert.True(ProcessTable.TryRead(pid, out token));
        Assert.Equal("run:0:1", token);
    }

    [Fact]
    public async Task Of_one_that_is_over_there_is_nothing_to_read()
    {
        var pid = await Start("echo");
        await _started[^1].WaitForExitAsync();
        Assert.False(ProcessTable.TryRead(pid, out var token));
        Assert.Null(token);
    }

    [Fact]
    public void A_folder_that_cannot_be_read_is_an_error()
        => Assert.Contains("'/no/such' cannot be opened", Assert.Throws<IOException>(() => Libc.Folder("/no/such").Count()).Message, StringComparison.Ordinal);

    /// <summary>A process that has begun, and carries no token.</summary>
    private async Task<int> Start(string script)
    {
        var info = new ProcessStartInfo("bash") { ArgumentList = { "-c", script }, RedirectStandardInput = true, RedirectStandardOutput = true };
        info.Environment.Remove(ProcessTable.TokenVariable);
        var process = Process.Start(info)!;
        _started.Add(process);
        await process.StandardOutput.ReadLineAsync();
        return process.Id;
    }
}
