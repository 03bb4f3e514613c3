using System.Diagnostics;

namespace Asha.Host.Tests.Comparing;

/// <summary>A browser without a screen.</summary>
internal static class Chromium
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly Lazy<bool> IsThere = new(() =>
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("chromium", ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    });

    public static string? Missing => IsThere.Value ? null : "there is no chromium on this machine (.ci/install-test-tools installs it)";

    /// <summary>Opens a page and gives back what became of it, and what the page wrote to the console.</summary>
    /// <param name="folder">Where the browser keeps its own things.</param>
    /// <param name="page">Full path.</param>
    /// <param name="more">Further options.</param>
    public static (string Dom, IReadOnlyList<string> Console) Open(string folder, string page, params string[] more)
    {
        using var process = Process.Start(new ProcessStartInfo("chromium", [
            // Nothing here comes from elsewhere, so the sandbox, which containers do not allow, protects from nothing.
            "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-dev-shm-usage", "--hide-scrollbars", "--window-size=1280,800",
            $"--user-data-dir={Path.Combine(folder, "browser")}", "--enable-logging=stderr", "--virtual-time-budget=3000", "--dump-dom", .. more, new Uri(page).AbsoluteUri,
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (dom, log) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("The browser did not end.");
        }
        return (dom.Result, [.. log.Result.Split('\n').Where(line => line.Contains(":CONSOLE", StringComparison.Ordinal))]);
    }
}

/// <summary>A test in a real browser; skipped, and said so, where there is none to be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() => Skip = Chromium.Missing;
}
