using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Asha.Host.Tests.Cli;

/// <summary>The example of docs/replay.md is typed in line by line, and prints what stands there.</summary>
public sealed partial class ReplayDocumentTests
{
    private const string Fence = "```";

    [Fact]
    public async Task The_document_shows_what_happens()
    {
        using var box = new CliSandbox();
        Directory.CreateDirectory(box.In("examples"));
        Directory.CreateSymbolicLink(box.In("examples/scenarios"), Path.Combine(AppContext.BaseDirectory, "scenarios"));
        var steps = Steps(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "replay.md"))).ToList();
        Assert.True(steps.Count >= 7);
        foreach (var (command, shown) in steps)
            Assert.Equal((command, shown), (command, Trimmed(await Type(box, command))));
    }

    /// <summary>A line that begins with a dollar, and what stands below it.</summary>
    private static IEnumerable<(string Command, string Shown)> Steps(string[] lines)
    {
        var isExample = false;
        (string Command, List<string> Shown)? step = null;
        foreach (var line in lines)
        {
            if (line.StartsWith(Fence, StringComparison.Ordinal) || (isExample && line.StartsWith("$ ", StringComparison.Ordinal)))
            {
                if (step is var (command, shown))
                    yield return (command, Trimmed(string.Join('\n', shown)));
                step = null;
            }
            if (line.StartsWith(Fence, StringComparison.Ordinal))
                isExample = line == Fence + "console";
            else if (isExample && line.StartsWith("$ ", StringComparison.Ordinal))
                step = (line[2..], []);
            else
                step?.Shown.Add(line);
        }
    }

    private static async Task<string> Type(CliSandbox box, string command)
    {
        var line = command.StartsWith("asha ", StringComparison.Ordinal) ? $"{AshaProcess.CommandLine} {command[5..]}" : command;
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", $"{line} 2>&1"]) { WorkingDirectory = box.Folder, RedirectStandardOutput = true })!;
        var said = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return said;
    }

    /// <summary>How large a report is changes with every word in it.</summary>
    private static string Trimmed(string text) => Size().Replace(string.Join('\n', text.Split('\n').Select(line => line.TrimEnd())).Trim('\n'), "kB");

    [GeneratedRegex(@"\([0-9]+ kB\)")]
    private static partial Regex Size();
}
