using System.Diagnostics;

namespace Asha.Torture.Tests;

/// <summary>The deliberate bugs still fit the tree; whether they are caught is tests/bugs/hunt.py's to find out.</summary>
public sealed class BugPatchTests
{
    [Fact]
    public void Each_bug_fits_the_tree_and_says_what_it_breaks()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Asha.sln")))
            root = root.Parent ?? throw new InvalidOperationException("The tests do not run in the tree.");
        var patches = Directory.GetFiles(Path.Combine(root.FullName, "tests", "bugs"), "*.patch");
        Assert.True(patches.Length >= 25, $"{patches.Length} patches");
        foreach (var patch in patches)
        {
            Assert.DoesNotContain("diff --git", File.ReadLines(patch).First());
            using var git = Process.Start(new ProcessStartInfo("git", ["apply", "--check", patch]) { WorkingDirectory = root.FullName, RedirectStandardError = true })!;
            var said = git.StandardError.ReadToEnd();
            git.WaitForExit();
            Assert.True(git.ExitCode == 0, $"{Path.GetFileName(patch)} does not fit: {said}");
        }
    }
}
