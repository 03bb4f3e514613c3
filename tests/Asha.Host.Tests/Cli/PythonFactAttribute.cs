using System.Diagnostics;

namespace Asha.Host.Tests.Cli;

/// <summary>A test whose trial is a Python program; skipped, and said so, where there is no Python.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> HasPython = new(() =>
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("python3", ["-c", "print()"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    });

    public PythonFactAttribute()
    {
        if (!HasPython.Value)
            Skip = "there is no python3 on this machine";
    }
}
