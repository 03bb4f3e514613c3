namespace Asha.Examples.Tests;

public class DigitsTests
{
    private const string Adam = """{"learning-rate": 0.003, "hidden": 48, "optimizer": "adam", "batch-size": 32, "weight-decay": 0.0001}""";
    private const string Sgd =
        """{"learning-rate": 0.1, "hidden": 48, "optimizer": "sgd", "momentum": 0.9, "batch-size": 32, "weight-decay": 0.0001}""";

    // The decay takes away a hundred times the weights at every step: they grow by 10² each until they are infinite.
    private const string Diverging =
        """{"learning-rate": 1000000, "hidden": 48, "optimizer": "sgd", "momentum": 0.9, "batch-size": 32, "weight-decay": 0.0001}""";

    [Fact]
    public void Reports_every_epoch_up_to_the_target() => ProtocolChecks.Reports_every_epoch_up_to_the_target(ExampleProgram.Digits, Adam);

    [Theory]
    [InlineData(Sgd)]
    [InlineData(Adam)]
    public void Resumes_exactly(string parameters) => ProtocolChecks.Resumes_exactly(ExampleProgram.Digits, parameters);

    [Fact]
    public void Goes_on_after_being_killed() => ProtocolChecks.Goes_on_after_being_killed(ExampleProgram.Digits, Adam);

    [Fact]
    public void Reports_NaN_at_the_target_when_it_diverges()
        => ProtocolChecks.Reports_NaN_at_the_target_when_it_diverges(ExampleProgram.Digits, Diverging);

    [Fact]
    public void Ends_when_asha_is_gone() => ProtocolChecks.Ends_when_asha_is_gone(ExampleProgram.Digits, Adam);

    [Fact]
    public void Ends_at_SIGTERM() => ProtocolChecks.Ends_at_SIGTERM(ExampleProgram.Digits, Adam);

    [Fact]
    public void Refuses_a_checkpoint_that_is_cut_short_or_of_another_network()
    {
        using var folder = new Folder();
        using var trial = new TrialProcess(ExampleProgram.Digits, Adam, target: 1, folder);
        var checkpoint = folder[trial.Finish()[^1].Checkpoint!];

        AssertRefused(Sgd, checkpoint);
        AssertRefused(Adam.Replace("48", "49", StringComparison.Ordinal), checkpoint);
        using (var file = File.OpenWrite(checkpoint))
            file.SetLength(file.Length - 1);
        AssertRefused(Adam, checkpoint);
    }

    private static void AssertRefused(string parameters, string checkpoint)
    {
        using var folder = new Folder();
        using var trial = new TrialProcess(ExampleProgram.Digits, parameters, target: 2, folder, start: 1, resumeFrom: checkpoint);
        Assert.Null(trial.Next());
        Assert.Equal(1, trial.ExitCode());
        Assert.Contains(checkpoint, trial.Errors, StringComparison.Ordinal);
    }
}
