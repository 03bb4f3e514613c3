using System.Diagnostics;
using Asha.Actors.Execution;
using Microsoft.Extensions.Time.Testing;

namespace Asha.Actors.Tests.Execution;

/// <summary>What is remembered of processes from one look to the next, and what is not.</summary>
public sealed class ProcessTokensTests : IDisposable
{
    private readonly string _token = $"{Guid.NewGuid():N}:0:1";
    private readonly FakeTimeProvider _clock = new();
    private readonly ProcessTokens _tokens;
    private readonly List<Process> _started = [];

    public ProcessTokensTests() => _tokens = new(_clock);

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
    public void A_process_that_was_seen_before_is_found_by_its_token()
    {
        var pid = Start(_token, "read").Id;
        for (var look = 0; look < 4; look++)
        {
            Assert.Equal([(pid, _token)], Look(_token));
            _clock.Advance(TimeSpan.FromSeconds(0.6));
        }
        Assert.Empty(Look(_token + "1"));
    }

    [Fact]
    public async Task What_a_process_is_before_it_becomes_its_program_is_not_remembered()
    {
        var process = Start(null, $"echo; read; exec env {ProcessTable.TokenVariable}={_token} bash -c 'echo; read'");
        await process.StandardOutput.ReadLineAsync();
        Assert.Empty(Look(_token));
        _clock.Advance(TimeSpan.FromSeconds(0.9));
        await process.StandardInput.WriteLineAsync();
        await process.StandardOutput.ReadLineAsync();
        Assert.Equal([(process.Id, _token)], Look(_token));
    }

    [Fact]
    public async Task A_process_that_has_given_its_token_up_since_is_left_alone()
    {
        var process = Start(_token, $"echo; read; exec env -u {ProcessTable.TokenVariable} bash -c 'echo; read'");
        await process.StandardOutput.ReadLineAsync();
        Look(_token);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([(process.Id, _token)], Look(_token));
        _clock.Advance(TimeSpan.FromSeconds(2));
        await process.StandardInput.WriteLineAsync();
        await process.StandardOutput.ReadLineAsync();
        Assert.Empty(Look(_token));
    }

    [Fact]
    public void No_process_has_the_inode_of_another()
    {
        foreach (var _ in Enumerable.Range(0, 20))
            Start(_token, "read");
        var ours = _started.Select(process => process.Id).ToHashSet();
        var seen = ProcessTable.Processes().Where(process => ours.Contains(process.Pid)).ToList();
        Assert.Equal(20, seen.Count);
        Assert.Equal(20, seen.Select(process => process.Inode).Where(inode => inode != 0).Distinct().Count());
        Assert.Equal(seen, ProcessTable.Processes().Where(process => ours.Contains(process.Pid)));
    }

    private List<(int Pid, string Token)> Look(string token) => _tokens.Carriers(carried => carried == token);

    private Process Start(string? token, string script)
    {
        var info = new ProcessStartInfo("bash") { ArgumentList = { "-c", script }, RedirectStandardInput = true, RedirectStandardOutput = true };
        info.Environment.Remove(ProcessTable.TokenVariable);
        if (token is not null)
            info.Environment[ProcessTable.TokenVariable] = token;
        var process = Process.Start(info)!;
        _started.Add(process);
        return process;
    }
}
