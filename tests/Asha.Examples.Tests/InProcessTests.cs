using System.Diagnostics;
using System.Text.Json;
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
    public void A_model_of_ML_NET_reads_digits_well_and_was_resumed_from_its_own_model_files()
    {
        using var folder = new Folder();
        var (code, output) = Run(ExampleProgram.MLNet(folder["runs"], trials: 16, slots: 2));
        Assert.True(code == 0, output);
        var summary = Summary().Match(output);
        Assert.True(summary.Success, output);
        int Number(int group) => int.Parse(summary.Groups[group].Value);
        Assert.Equal(16, Number(1));
        // 16 + 4 + 1 jobs are the least; promotions that later results make doubtful come on top, at most one for each trial and rung. None is made twice.
        Assert.InRange(Number(2), 21, 16 * 3);
        Assert.Equal(Number(2), Number(3));
        // Two slots, and alone at the end 48 iterations of about 400.
        Assert.InRange(Number(4), 70, 100);
        // A tenth is what guessing gets; of about 360 images, 90 % is three standard errors below 95 %, which the plain pixels reach.
        Assert.InRange(double.Parse(Accuracy().Match(output).Groups[1].Value), 90, 100);
        // The winner, of one Fit of 4 iterations, one of 12 and three of 16: a Fit that began anew each time would be no better at 64 than at 16.
        var winner = Winner().Match(output).Groups[1].Value;
        var events = File.ReadLines(Directory.GetFiles(folder["runs"], "events.jsonl", SearchOption.AllDirectories).Single()).ToArray();
        Assert.InRange(Loss(rung: 2), 0, 0.9 * Loss(rung: 1));
        Assert.Contains(events, line => line.Contains("job-started", StringComparison.Ordinal) && line.Contains("\"start\":16,\"target\":64", StringComparison.Ordinal));
        Assert.DoesNotContain(events, line => line.Contains("attempt-failed", StringComparison.Ordinal) || line.Contains("report-rejected", StringComparison.Ordinal));

        double Loss(int rung) => JsonDocument.Parse(events.Single(line => line.Contains("job-completed", StringComparison.Ordinal) && line.Contains($"\"trial\":{winner},\"bracket\":0,\"rung\":{rung},", StringComparison.Ordinal)))
            .RootElement.GetProperty("metric").GetDouble();
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

    [GeneratedRegex("^Completed: ([0-9]+) trials, ([0-9]+) jobs, ([0-9]+) attempts in [0-9.]+ s, slots busy ([0-9]+) %", RegexOptions.Multiline)]
    private static partial Regex Summary();

    [GeneratedRegex("^best: trial ([0-9]+), ", RegexOptions.Multiline)]
    private static partial Regex Winner();

    [GeneratedRegex("accuracy on images that no trial has seen: ([0-9.]+) %")]
    private static partial Regex Accuracy();

    [GeneratedRegex("no trial has seen: ([0-9.]+) %")]
    private static partial Regex Unseen();
}
