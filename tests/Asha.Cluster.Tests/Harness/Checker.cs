using System.Diagnostics;
using System.Reflection;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests.Harness;

/// <summary>tests/cluster/check as a process: it reads the journal with psql and what the trials wrote down themselves, and knows nothing of the engine.</summary>
internal static class Checker
{
    /// <summary>The folder of the checker and the witness.</summary>
    public static string Scripts { get; } = typeof(Checker).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "ClusterScripts").Value!;

    /// <summary>Why it cannot look; <c>null</c>: it can.</summary>
    public static string? Missing { get; } = Tool.Has("python3") ? null : "there is no python3 on this machine, in which the checker is written";

    /// <summary>Has it look at a run that is over; what it finds is printed.</summary>
    /// <returns>0: no law is broken, 1: some are, 2: it could not look; and what it said.</returns>
    public static async Task<(int Code, string Said)> LookAsync(ITestOutputHelper print, string journal, string run, string witness)
    {
        var info = new ProcessStartInfo("python3", ["-B", Path.Combine(Scripts, "check"), journal, run, witness]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(info)!;
        var (said, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        var all = $"{await said}{await error}";
        foreach (var line in all.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            print.WriteLine($"  {line}");
        return (process.ExitCode, all);
    }
}
