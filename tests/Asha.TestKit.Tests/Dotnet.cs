using System.Diagnostics;

namespace Asha.TestKit.Tests;

/// <summary>The command <c>dotnet</c>, with a time limit; it and all that it started are ended when that has passed.</summary>
internal static class Dotnet
{
    /// <returns>What it printed.</returns>
    public static async Task<string> RunAsync(string folder, TimeSpan limit, int exitCode, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // This test may itself be run by a build, whose settings are not for another one.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase) || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        using var time = new CancellationTokenSource(limit);
        var printed = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync(time.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"dotnet {string.Join(' ', arguments)} took longer than {limit.TotalSeconds} s.");
        }
        var text = string.Concat(await printed);
        Assert.True(process.ExitCode == exitCode, $"dotnet {string.Join(' ', arguments)} ended with {process.ExitCode}, not {exitCode}:\n{text}");
        return text;
    }
}
