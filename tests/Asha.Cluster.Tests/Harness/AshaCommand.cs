using System.Diagnostics;

namespace Asha.Cluster.Tests.Harness;

/// <summary>The real <c>asha</c>, as a person runs it from another terminal.</summary>
internal static class AshaCommand
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="environment">Beside the test's own.</param>
    /// <param name="arguments">The command.</param>
    public static async Task<(int Code, string Out, string Error)> RunAsync((string Name, string Value)[] environment, params string[] arguments)
    {
        var info = new ProcessStartInfo("dotnet", [Member.Asha, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            info.Environment[name] = value;
        using var process = Process.Start(info)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return (process.ExitCode, await output, await error);
    }
}
