using System.Diagnostics;

namespace Asha.Host.Tests.Plots;

/// <summary>A test that hides the system's fonts from a process, in a mount namespace of its own; skipped, and said so, where the system does not allow that.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class HiddenFontsFactAttribute : FactAttribute
{
    /// <summary>Runs what follows, as a shell's "$@", where there is no font.</summary>
    public const string Script = "for fonts in /usr/share/fonts /usr/local/share/fonts; do [ ! -d $fonts ] || mount -t tmpfs none $fonts || exit 90; done; exec \"$@\"";

    private static readonly Lazy<bool> MayHide = new(() =>
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("unshare", ["--map-root-user", "--mount", "sh", "-c", Script, "sh", "true"]) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    });

    public HiddenFontsFactAttribute()
    {
        if (!MayHide.Value)
            Skip = "this system lets nobody make a mount namespace (unshare --map-root-user --mount), in which fonts can be hidden";
    }
}
