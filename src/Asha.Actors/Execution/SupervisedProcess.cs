using System.ComponentModel;
using System.Diagnostics;
using Asha.Core.Experiments;

namespace Asha.Actors.Execution;

/// <summary>Why a process could not be started, in words for the user.</summary>
internal sealed class StartFailedException(string message) : Exception(message);

/// <param name="Arguments">Program and arguments.</param>
/// <param name="Directory">Where it runs.</param>
/// <param name="Environment">All of its environment.</param>
/// <param name="Token">By which its descendants are known, too: <see cref="ProcessTable.TokenVariable"/>.</param>
/// <param name="Limits">What the kernel lets it have; <c>null</c>: as much as Asha.</param>
internal sealed record ProcessCommand(
    IReadOnlyList<string> Arguments, string Directory, IReadOnlyDictionary<string, string> Environment, string Token, TrialLimits? Limits = null);

/// <summary>
/// A process in a session and a group of its own, its output read all the time, which ends with everything that it started.
/// Standard input is a pipe that is never written to: it ends when Asha does, however that happens.
/// </summary>
internal sealed class SupervisedProcess : IDisposable
{
    /// <summary>What was killed is gone in a moment, or nobody knows when; always on the real clock.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly Task _exited;
    private readonly Task _outputRead;
    private readonly string _token;
    private readonly TimeProvider _time;
    private readonly RunnerOptions _options;

    private SupervisedProcess(Process process, string program, ByteSink output, ByteSink error, string token, TimeProvider time, RunnerOptions options)
    {
        (_process, Program, _token, _time, _options) = (process, program, token, time, options);
        _exited = process.WaitForExitAsync();
        _outputRead = Task.WhenAll(
            OutputPump.Start(process.StandardOutput.BaseStream, output),
            OutputPump.Start(process.StandardError.BaseStream, error));
    }

    /// <summary>Full path of the program.</summary>
    public string Program { get; }

    /// <summary>128 + the signal where one ended it: .NET tells no more, as shells do not.</summary>
    public int ExitCode => _process.ExitCode;

    /// <exception cref="StartFailedException">It could not be started.</exception>
    public static SupervisedProcess Start(ProcessCommand command, ByteSink output, ByteSink error, TimeProvider time, RunnerOptions options)
    {
        if (!Directory.Exists(command.Directory))
            throw new StartFailedException($"the folder '{command.Directory}' does not exist");
        var setsid = ProgramPath.FindOwn("setsid")
            ?? throw new StartFailedException("there is no program 'setsid' on this machine; it is part of util-linux and of busybox");
        var program = ProgramPath.Find(command.Arguments[0], command.Directory, command.Environment.GetValueOrDefault("PATH"), out var problem)
            ?? throw new StartFailedException(problem);

        // setsid leaves Asha's session and group and becomes the program (or prlimit, and that the program), so that the pid is that of the new group's leader.
        var info = new ProcessStartInfo(setsid)
        {
            WorkingDirectory = command.Directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in KernelLimits.Prefix(command.Limits).Append(program).Concat(command.Arguments.Skip(1)))
            info.ArgumentList.Add(argument);
        info.Environment.Clear();
        foreach (var (name, value) in command.Environment)
            info.Environment[name] = value;
        info.Environment[ProcessTable.TokenVariable] = command.Token;
        try
        {
            return new(Process.Start(info)!, program, output, error, command.Token, time, options);
        }
        catch (Win32Exception e)
        {
            throw new StartFailedException(e.Message);
        }
    }

    /// <summary>
    /// Waits for the process to exit, or for <paramref name="cut"/>, which ends it. Completes when it, all that it started
    /// and the reading of its output are at their end. Whether it was cut.
    /// </summary>
    public async Task<bool> EndAsync(Task cut)
    {
        var wasCut = await Task.WhenAny(_exited, cut).ConfigureAwait(false) == cut;
        if (!wasCut)
            await Task.WhenAny(_outputRead, Task.Delay(_options.Drain)).ConfigureAwait(false);
        await EndGroupAsync().ConfigureAwait(false);
        await _exited.ConfigureAwait(false);
        ProcessSweeper.EndOne(_token);
        // With all writers gone the end of the output is at hand. A process that changed both its environment and its session
        // cannot be found and may hold the pipe for ever: it must not hold the slot too.
        await Task.WhenAny(_outputRead, Task.Delay(_patience)).ConfigureAwait(false);
        if (_outputRead.IsFaulted)
            await _outputRead.ConfigureAwait(false);
        return wasCut;
    }

    public void Dispose() => _process.Dispose();

    /// <summary>SIGTERM, SIGKILL for those of the group that still run after the grace, and a wait for them to be gone.</summary>
    private async Task EndGroupAsync()
    {
        if (!SignalGroup(Libc.Sigterm))
            return;
        var start = _time.GetTimestamp();
        long? killed = null;
        for (var pause = 2; GroupRuns(); pause = Math.Min(2 * pause, 100))
        {
            if (killed is null && _time.GetElapsedTime(start) >= _options.KillGrace)
            {
                SignalGroup(Libc.Sigkill);
                killed = Stopwatch.GetTimestamp();
            }
            else if (killed is { } since && _exited.IsCompleted && Stopwatch.GetElapsedTime(since) > _patience)
            {
                return; // the kernel does not let go of one
            }
            await (_exited.IsCompleted ? Task.Delay(pause) : Task.WhenAny(_exited, Task.Delay(pause))).ConfigureAwait(false);
        }
    }

    private bool GroupRuns() => !_exited.IsCompleted || ProcessTable.GroupRuns(_process.Id);

    /// <summary>
    /// Signals the group and nobody else. Until the leader was waited for (which .NET does the moment before it says so), its
    /// number is taken. Afterwards Linux gives the
    /// number to no new process as long as the group has a member; so if there is a process of this number again, the group
    /// is gone. What remains is a stranger's group that took the number, lost its leader, and all that since the last look:
    /// while a group is being ended, a look comes every 100 ms, and the first that finds it empty is the last signal.
    /// </summary>
    private bool SignalGroup(int signal)
    {
        var group = _process.Id;
        if (_exited.IsCompleted)
            return !ProcessTable.Exists(group) && Libc.Kill(-group, signal);
        if (Libc.Kill(-group, signal))
            return true;
        // Started, but setsid has not come to make the group: nothing of the trial's own has run yet.
        _process.Kill();
        return true;
    }
}
