using System.Diagnostics;

namespace Asha.Cluster.Tests.Harness;

/// <summary>Programs of the machine, run to their end.</summary>
internal static class Tool
{
    /// <summary>Whether it can be started.</summary>
    public static bool Has(string program) => Try(program, ["--version"]) is not null || Try(program, ["-V"]) is not null;

    /// <summary>What it said; <c>null</c>: it failed, or is not there.</summary>
    public static string? Try(string program, params string[] arguments)
    {
        try
        {
            return Run(program, arguments);
        }
        catch (Exception failed) when (failed is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>What it said.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {error.Result.Trim()}");
    }
}
