using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests.Harness;

/// <summary>A coordinator or a node as a process of its own: the real <c>asha</c>, whose words go to a file. Its pid, its role, its port and its exit code are printed.</summary>
internal sealed partial class Member : IDisposable
{
    private readonly Process _process;
    private readonly string _out;
    private readonly ITestOutputHelper _print;
    private readonly string _name;
    private bool _isTold;

    /// <param name="print">The test's.</param>
    /// <param name="folder">The test's; what the member keeps goes below.</param>
    /// <param name="name">For people, and of its folder.</param>
    /// <param name="port">Where it listens; 0: it does not say.</param>
    /// <param name="environment">Of it, and of its trials.</param>
    /// <param name="place">A command that starts others in a place of its own, and gives way to them; empty: here.</param>
    /// <param name="arguments">The command.</param>
    public Member(ITestOutputHelper print, string folder, string name, int port, IEnumerable<(string Name, string Value)> environment, IEnumerable<string> place, params string[] arguments)
    {
        (_print, _name, Port, Data) = (print, name, port, Path.Combine(folder, name));
        _out = Path.Combine(folder, $"{name}.out");
        // The shell gives way to it, so that the process's number is the member's.
        var info = new ProcessStartInfo("bash", ["-c", "out=$1; shift; exec \"$@\" > \"$out\" 2>&1 < /dev/null", "asha", _out, .. place, "dotnet", Asha, .. arguments, "--data", Data]) { WorkingDirectory = folder };
        foreach (var (variable, value) in environment)
            info.Environment[variable] = value;
        _process = Process.Start(info)!;
        print.WriteLine($"{name}: pid {_process.Id}, asha {arguments[0]}, port {(port == 0 ? "any" : port)}");
    }

    /// <summary>asha.dll, as it was built with the tests.</summary>
    public static string Asha { get; } = typeof(Member).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "Asha").Value!;

    public int Pid => _process.Id;

    public int Port { get; }

    /// <summary>Its folder.</summary>
    public string Data { get; }

    public bool HasEnded => _process.HasExited;

    public string Said => File.Exists(_out) ? File.ReadAllText(_out) : "";

    /// <summary>Of a coordinator that is up, where its API is.</summary>
    public string Api => ApiSaid().Matches(Said).Last().Groups["url"].Value;

    [GeneratedRegex("API on (?<url>https?://[^ \n,]+)")]
    private static partial Regex ApiSaid();

    public void Signal(string signal)
    {
        _print.WriteLine($"{_name}: {signal}");
        using var kill = Process.Start("kill", [$"-{signal}", Pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits until it has ended.</summary>
    /// <returns>Its exit code, and how long that took.</returns>
    public async Task<(int Code, TimeSpan Took)> EndAsync(TimeSpan limit)
    {
        var begun = Stopwatch.GetTimestamp();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{_name} did not end within {limit.TotalSeconds:0} s. It said:\n{Said}");
        }
        Tell();
        return (_process.ExitCode, Stopwatch.GetElapsedTime(begun));
    }

    /// <summary>Nothing here takes so long, unless it never comes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Where it is with its words: what comes from here on.</summary>
    public int Mark => Said.Length;

    /// <summary>Waits for a word of it.</summary>
    public Task SaysAsync(string word, TimeSpan limit, int from = 0) => WaitAsync(() => Said, word, limit, from);

    /// <summary>Where its log is.</summary>
    public int LogMark => Log.Length;

    /// <summary>Waits for a word in its log.</summary>
    public Task LogsAsync(string word, TimeSpan limit, int from = 0) => WaitAsync(() => Log, word, limit, from);

    public string Log => File.Exists(Path.Combine(Data, "asha.log")) ? File.ReadAllText(Path.Combine(Data, "asha.log")) : "";

    private async Task WaitAsync(Func<string> text, string word, TimeSpan limit, int from)
    {
        for (var begun = Stopwatch.GetTimestamp(); text().IndexOf(word, Math.Min(from, text().Length), StringComparison.Ordinal) < 0; await Task.Delay(50))
        {
            if (HasEnded || Stopwatch.GetElapsedTime(begun) > limit)
                throw new TimeoutException($"{_name} {(HasEnded ? "ended" : $"did not say so within {limit.TotalSeconds:0} s")} without '{word}'. It said:\n{Said}\nIts log:\n{Log}");
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        Tell();
        _process.Dispose();
    }

    private void Tell()
    {
        if (_isTold)
            return;
        _isTold = true;
        _print.WriteLine($"{_name}: pid {Pid} ended with {_process.ExitCode}; it said:\n  {Said.Trim().Replace("\n", "\n  ", StringComparison.Ordinal)}");
        // What went on inside, without the stacks.
        foreach (var line in Log.Split('\n').Where(line => line.Length > 0 && !line.StartsWith("   at", StringComparison.Ordinal)).TakeLast(30))
            _print.WriteLine($"    {(line.Length > 300 ? line[..300] : line)}");
    }
}
