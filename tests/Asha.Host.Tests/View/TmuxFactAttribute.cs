using System.Diagnostics;

namespace Asha.Host.Tests.View;

/// <summary>Whether there is a terminal emulator that runs without a screen.</summary>
internal static class TmuxProgram
{
    private static readonly Lazy<bool> IsThere = new(() =>
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("tmux", ["-V"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    });

    public static string? Missing => IsThere.Value ? null : "there is no tmux on this machine (.ci/install-test-tools installs it)";
}

/// <summary>A test in a real terminal; skipped, and said so, where there is none to be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TmuxFactAttribute : FactAttribute
{
    public TmuxFactAttribute() => Skip = TmuxProgram.Missing;
}

/// <summary>The same, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TmuxTheoryAttribute : TheoryAttribute
{
    public TmuxTheoryAttribute() => Skip = TmuxProgram.Missing;
}
