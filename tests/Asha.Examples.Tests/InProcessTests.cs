using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Asha.Examples.Tests;

/// <summary>The programs that tune inside themselves, run as a user runs them.</summary>
public sealed partial class InProcessTests
{
    [Fact]
    public void The_digits_are_read_well_and_the_winner_was_resumed_from_its_checkpoints()
    {
        using var folder = new Folder();
        var (code, output) = Run(ExampleProgram.InProcess(folder[""]));
        Assert.True(code == 0, output);
        Assert.Contains("Completed: 64 trials", output, StringComparison.Ordinal);
        // Better than guessing by far, on images that took no part in the choice: 10 of 100 wrong is three standard errors above what it does.
        Assert.InRange(double.Parse(Unseen().Match(output).Groups[1].Value), 0, 10);
        var events = File.ReadLines(Directory.GetFiles(folder[""], "events.jsonl", SearchOption.AllDirectories).Single()).ToArray();
        Assert.Contains(events, line => line.Contains("job-started", StringComparison.Ordinal) && line.Contains("\"start\":16,\"target\":64", StringComparison.Ordinal));
        Assert.DoesNotContain(events, line => line.Contains("attempt-failed", StringComparison.Ordinal) || line.Contains("report-rejected", StringComparison.Ordinal));
    }

    [Fact]
    public void The_guides_program_is_this_one_and_runs()
    {
        var guide = File.ReadAllText(Path.Combine(ExampleProgram.Folder, "..", "docs", "dotnet.md"));
        Assert.Contains($"```csharp\n{File.ReadAllText(Path.Combine(ExampleProgram.Folder, "quickstart", "Program.cs"))}```\n", guide, StringComparison.Ordinal);
        using var folder = new Folder();
        var (code, output) = Run(ExampleProgram.Quickstart(folder[""]));
        Assert.True(code == 0, output);
        Assert.Contains("Completed after 100 trials", output, StringComparison.Ordinal);
        Assert.Matches("best: trial [0-9]+, loss [0-9.]+ at 64 steps: x = ", output);
    }

    private static (int Code, string Output) Run(ExampleProgram program)
    {
        using var process = Process.Start(program.StartInfo())!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    [GeneratedRegex("no trial has seen: ([0-9.]+) %")]
    private static partial Regex Unseen();
}
