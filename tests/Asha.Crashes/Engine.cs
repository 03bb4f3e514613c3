using System.Diagnostics;

namespace Asha.Crashes;

/// <summary>The real <c>asha</c>, as a process of its own, whose words go to a file: what it said before it was killed can be read afterwards.</summary>
internal sealed class Engine : IDisposable
{
    private readonly Process _process;
    private readonly string _said;

    /// <param name="asha">asha.dll.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="said">The file for its words.</param>
    /// <param name="environment">Of it, and of what it starts.</param>
    /// <param name="arguments">The command.</param>
    public Engine(string asha, string folder, string said, IEnumerable<(string Name, string Value)> environment, params string[] arguments)
    {
        _said = said;
        // The shell gives way to it, so that the process's number is the engine's.
        var info = new ProcessStartInfo("bash", ["-c", "out=$1; shift; exec \"$@\" > \"$out\" 2>&1 < /dev/null", "asha", said, "dotnet", asha, .. arguments]) { WorkingDirectory = folder };
        foreach (var (name, value) in environment)
            info.Environment[name] = value;
        _process = Process.Start(info)!;
    }

    /// <summary>When it was started, on the stopwatch's clock.</summary>
    public long Started { get; } = Stopwatch.GetTimestamp();

    public int Pid => _process.Id;

    public bool HasEnded => _process.HasExited;

    public int Code => _process.ExitCode;

    public string Said => File.Exists(_said) ? File.ReadAllText(_said) : "";

    public void KillHard()
    {
        Libc.Signal(Pid, Libc.Kill);
        _process.WaitForExit();
    }

    public async Task<bool> EndsWithin(TimeSpan limit)
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(limit);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        if (!HasEnded)
            KillHard();
        _process.Dispose();
    }

    /// <summary>A short command, to its end.</summary>
    public static async Task<(int Code, string Said)> RunAsync(string asha, string folder, params string[] arguments)
    {
        using var engine = new Engine(asha, folder, Path.Combine(folder, "command.out"), [], arguments);
        await engine._process.WaitForExitAsync();
        return (engine.Code, engine.Said);
    }
}
