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

        Assert.Contains("TOKEN: \"<not recorded>\"", written, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", written, StringComparison.Ordinal);
        Assert.Contains("trial.env.TOKEN: the value was not recorded; give it with --set trial.env.TOKEN=...", Files.Read(written).Warnings[^1], StringComparison.Ordinal);
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
        slots: 8
        stop: {hopeless: 10}

        """, ExperimentFile.Write(Files.Read(Files.Small).Spec!));
}
