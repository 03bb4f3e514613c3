using Asha.Host.ExperimentFiles;
using CsCheck;

namespace Asha.Host.Tests.ExperimentFiles;

public class RoundTripTests
{
    [Fact]
    public void What_is_written_reads_back_the_same() => SpecGenerator.Specs.Sample(spec =>
    {
        var reading = Files.Read(ExperimentFile.Write(spec));

        Assert.Empty(reading.Problems);
        Specs.AssertSame(spec, reading.Spec!, hasValuesOfEnv: false);
    }, iter: 1000);

    [Fact]
    public void The_value_of_a_variable_is_never_written()
    {
        var spec = Files.Read(Files.Full, ("trial.env.TOKEN", "hunter2")).Spec!;
        var written = ExperimentFile.Write(spec);

        Assert.Contains("    TOKEN:\n", written, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", written, StringComparison.Ordinal);
        var here = new Machine(8, () => Files.Machine.Gpus, variable: name => name == "TOKEN" ? "hunter3" : "1");
        Assert.Equal("hunter3", ExperimentFile.Read(written, "digits.yaml", Files.Folder, [], here).Spec!.Trial.Env["TOKEN"]);
    }

    [Theory]
    [InlineData("KEY: ")]
    [InlineData("KEY: null")]
    [InlineData("KEY: <not recorded>")]
    public void A_variable_without_a_value_is_the_one_of_the_environment(string written)
    {
        var text = Files.Full.Replace("OMP_NUM_THREADS: \"1\"", written, StringComparison.Ordinal);
        ExperimentReading Read(string? value) => ExperimentFile.Read(text, "digits.yaml", Files.Folder, [], new Machine(8, () => Files.Machine.Gpus, variable: _ => value));

        Assert.Equal("hunter2", Read("hunter2").Spec!.Trial.Env["KEY"]);
        Assert.StartsWith("digits.yaml:16:9: trial.env.KEY: has no value here, and there is no such variable in the environment", Assert.Single(Read(null).Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_default_is_written() => Assert.Equal($$"""
        # The experiment with every default filled in.
        name: small
        seed: 0
        metric: {name: loss, mode: min}
        resource: {name: epoch, min: 1, max: 64, integral: true}
        scheduler: {type: asha, reduction-factor: 4, trials: 16}
        space:
          x: {type: uniform, min: 0, max: 1}
        trial:
          command: [train]
          directory: {{YamlScalar.Of(Files.Folder)}}
          gpus: 0
          max-attempts: 3
          retry-back-off: {first: 1s, factor: 2, most: 1m, jitter: 0.1}
          quarantine: 3
        slots: 8
        stop: {hopeless: 10}

        """, ExperimentFile.Write(Files.Read(Files.Small).Spec!));
}
