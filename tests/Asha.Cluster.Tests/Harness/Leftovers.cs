using System.Diagnostics;

namespace Asha.Cluster.Tests.Harness;

/// <summary>Trials whose node was killed train on, as they may: they are the test's, and end with it. Their environment names its folder.</summary>
internal static class Leftovers
{
    /// <summary>Ends whatever runs with this folder in its environment; Linux alone.</summary>
    public static void End(string folder)
    {
        if (!OperatingSystem.IsLinux())
            return;
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                if (process.Id == Environment.ProcessId || !Names(process.Id, folder))
                    continue;
                process.Kill();
            }
        }
    }

    private static bool Names(int pid, string folder)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ").Contains(folder + "/", StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
