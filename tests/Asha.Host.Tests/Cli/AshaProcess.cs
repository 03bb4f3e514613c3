using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Asha.Host.ExperimentFiles;

namespace Asha.Host.Tests.Cli;

/// <summary>How a command ended, and all that it printed.</summary>
internal sealed record AshaResult(int Code, string Out, string Error)
{
    /// <summary>What a program reads: standard output is one object on one line, and nothing else.</summary>
    public JsonElement Json()
    {
        Assert.EndsWith("}\n", Out);
        Assert.Equal(1, Out.Count(character => character == '\n'));
        return JsonDocument.Parse(Out).RootElement;
    }

    public AshaResult Exits(int code)
    {
        Assert.True(Code == code, $"Exit code {Code} where {code} was expected.\n{this}");
        return this;
    }

    public override string ToString() => $"--- standard output\n{Out}\n--- standard error\n{Error}";
}

/// <summary>The real executable, as a process of its own.</summary>
internal sealed class AshaProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly StringBuilder _out = new(), _error = new();
    private readonly Task _read;

    public AshaProcess(ProcessStartInfo info)
    {
        info.RedirectStandardInput = true;
        info.RedirectStandardOutput = true;
        info.RedirectStandardError = true;
        _process = Process.Start(info)!;
        _process.StandardInput.Close();
        _read = Task.WhenAll(ReadAsync(_process.StandardOutput, _out), ReadAsync(_process.StandardError, _error));
    }

    /// <summary>The program and its arguments, ready for a shell.</summary>
    public static string CommandLine => string.Join(' ', Command().Select(argument => $"'{argument}'"));

    public string Out => TextOf(_out);

    public string Error => TextOf(_error);

    public static ProcessStartInfo Info(params string[] arguments)
    {
        string[] all = [.. Command(), .. arguments];
        return new ProcessStartInfo(all[0], all[1..]);
    }

    public int Id => _process.Id;

    public void Signal(int signal) => Signals.Send(_process.Id, signal);

    public void KillHard()
    {
        Signal(Signals.Kill);
        _process.WaitForExit();
    }

    /// <summary>Waits until something holds; fails with the output of the process where it ends before, or never gets there.</summary>
    public async Task Until(Func<bool> holds, string what)
    {
        for (var start = Stopwatch.GetTimestamp(); !holds(); await Task.Delay(10))
        {
            if (_process.HasExited && !holds())
                Assert.Fail($"asha ended before: {what}\n{await EndAsync()}");
            if (Stopwatch.GetElapsedTime(start) > Patience)
                Assert.Fail($"Waited too long for: {what}\n{new AshaResult(-1, Out, Error)}");
        }
    }

    /// <summary>Waits for the end. Nothing that a command prints is ever a stack trace.</summary>
    /// <param name="patience">How long; left out: as long as any command may take.</param>
    public async Task<AshaResult> EndAsync(TimeSpan? patience = null)
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(patience ?? Patience);
        }
        catch (TimeoutException)
        {
            Signal(Signals.Kill);
            Assert.Fail($"asha did not end.\n{new AshaResult(-1, Out, Error)}");
        }
        // What it leaves behind may hold the pipes: that is for the tests that look for it.
        await Task.WhenAny(_read, Task.Delay(TimeSpan.FromSeconds(2)));
        var result = new AshaResult(_process.ExitCode, Out, Error);
        Assert.DoesNotContain("Unhandled exception", result.Error);
        Assert.DoesNotContain("   at ", result.Out + result.Error);
        return result;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            KillHard();
        _process.Dispose();
    }

    /// <summary>asha.dll, as it was built: the copy beside the tests has no machine code, and starts more slowly.</summary>
    private static readonly string _asha = typeof(AshaProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "Asha").Value!;

    /// <summary>Where whoever started the tests ignores SIGINT, so would all their children: <c>env</c> undoes that.</summary>
    private static string[] Command()
    {
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));
        string[] command = [File.Exists(dotnet) ? dotnet : "dotnet", _asha];
        var ignored = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:")) is { } line ? Convert.ToUInt64(line[7..].Trim(), 16) : 0;
        return (ignored & (1 << (Signals.Interrupt - 1))) == 0 ? command : ["env", "--default-signal=INT", .. command];
    }

    private static async Task ReadAsync(StreamReader reader, StringBuilder target)
    {
        var buffer = new char[4096];
        for (int length; (length = await reader.ReadAsync(buffer)) > 0;)
        {
            lock (target)
                target.Append(buffer, 0, length);
        }
    }

    private static string TextOf(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }
}

internal static class Signals
{
    public const int HangUp = 1, Interrupt = 2, Kill = 9, Terminate = 15;

    public static void Send(int pid, int signal) => Assert.Equal(0, SendTo(pid, signal));

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendTo(int pid, int signal);
}
