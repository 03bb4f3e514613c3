using System.Diagnostics;

namespace Asha.Examples.Tests;

/// <summary>The <c>evaluate</c> command: what the winner of a search is judged by.</summary>
public sealed class DigitsAccuracyTests : IDisposable
{
    private const string Sound = """{"learning-rate": 0.003, "hidden": 128, "optimizer": "adam", "batch-size": 32, "weight-decay": 0.0001}""";

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_sound_configuration_reads_96_of_100_test_images(int seed)
        => Assert.InRange(Evaluate("--epochs", "64", "--seed", $"{seed}").Test, 0.96, 1);

    /// <summary>
    /// With labels dealt out at random each of the 355 test images is right with probability 1/10, whatever was learnt: a
    /// standard deviation of √(0.1 · 0.9 / 355) = 1.6 %. Four of them either way.
    /// </summary>
    [Fact]
    public void Nothing_is_learnt_from_shuffled_labels()
        => Assert.InRange(Evaluate("--epochs", "16", "--seed", "1", "--shuffle-labels").Test, 0.036, 0.164);

    [Fact]
    public void A_checkpoint_is_judged_like_the_training_that_it_is_of()
    {
        using var trial = new TrialProcess(ExampleProgram.Digits, Sound, target: 4, _folder);
        var result = trial.Finish()[^1];

        var read = Evaluate("--checkpoint", _folder[result.Checkpoint!]);
        Assert.Equal(Evaluate("--epochs", "4", "--seed", TrialProcess.Seed), read);
        Assert.Equal(1 - result.Metric, read.Validation, tolerance: 0.00005); // printed with four digits
    }

    private (double Validation, double Test) Evaluate(params string[] options)
    {
        var program = ExampleProgram.Evaluate(["--params", _folder.Write("params.json", Sound), .. options]);
        using var process = Process.Start(program.StartInfo())!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, process.StandardError.ReadToEnd());
        return (Value("validation-accuracy"), Value("test-accuracy"));

        double Value(string name) => double.Parse(output.Split('\n').Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split(": ")[1]);
    }
}
