using System.Diagnostics;

namespace Asha.Examples.Tests;

public class PythonTests
{
    /// <summary>The reporter's own tests, in Python's unittest; what fails in them is in the message.</summary>
    [PythonFact]
    public void The_reporters_own_tests_pass()
    {
        using var process = Process.Start(new ProcessStartInfo("python3", ["-B", "-m", "unittest", "discover", "-s", Path.Combine(ExampleProgram.PythonClient, "tests")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors + output.Result);
        Assert.Matches("Ran [1-9][0-9]* tests", errors);
    }

    private const string Sound = """{"learning-rate": 0.01, "momentum": 0.9, "weight-decay": 0.0001}""";
    private const string Diverging = """{"learning-rate": 1000000, "momentum": 0.9, "weight-decay": 1}""";

    [PythonFact]
    public void Reports_every_epoch_up_to_the_target() => ProtocolChecks.Reports_every_epoch_up_to_the_target(ExampleProgram.Python, Sound);

    [PythonFact]
    public void Resumes_exactly() => ProtocolChecks.Resumes_exactly(ExampleProgram.Python, Sound);

    [PythonFact]
    public void Goes_on_after_being_killed() => ProtocolChecks.Goes_on_after_being_killed(ExampleProgram.Python, Sound);

    [PythonFact]
    public void Reports_NaN_at_the_target_when_it_diverges()
        => ProtocolChecks.Reports_NaN_at_the_target_when_it_diverges(ExampleProgram.Python, Diverging);

    [PythonFact]
    public void Ends_when_asha_is_gone() => ProtocolChecks.Ends_when_asha_is_gone(ExampleProgram.Python, Sound);

    [PythonFact]
    public void Ends_at_SIGTERM() => ProtocolChecks.Ends_at_SIGTERM(ExampleProgram.Python, Sound);

    /// <summary>It really learns: of 300 images, guessing gets 30 right and a linear model more than 270.</summary>
    [PythonFact]
    public void Learns()
    {
        using var folder = new Folder();
        using var trial = new TrialProcess(ExampleProgram.Python, Sound, target: 9, folder);
        Assert.InRange(trial.Finish()[^1].Metric, 0.9, 1);
    }
}
