using Asha.Core.Experiments;
using Asha.Core.Spaces;

namespace Asha.Host.Tests.ExperimentFiles;

public class OverrideTests
{
    [Fact]
    public void An_override_takes_the_place_of_what_the_file_says()
    {
        var spec = Files.Read(Files.Full, ("scheduler.trials", "16"), ("seed", "8"), ("seed", "9"), ("initial[0].hidden", "32"),
            ("trial.command.0", "mono"), ("space.optimizer.values[1]", "rmsprop"), ("initial.0.optimizer", "rmsprop")).Spec!;

        Assert.Equal(16, spec.Scheduler.Trials);
        Assert.Equal(9, spec.Seed);
        Assert.Equal("mono", spec.Trial.Command[0]);
        Assert.Equal("learning-rate=0.01, hidden=32, optimizer=rmsprop", spec.Initial.Single().ToString());
    }

    [Fact]
    public void An_override_adds_what_the_file_leaves_out()
    {
        var spec = Files.Read(Files.Small, ("stop.after", "1h"), ("space.y", "{type: choice, values: [1, \"1\"]}"), ("trial.env.A_B", "x y")).Spec!;

        Assert.Equal(new StopSpec(TimeSpan.FromHours(1), HopelessIfLimited: true), spec.Stop);
        Assert.Equal<ParameterValue>([ParameterValue.Of(1), ParameterValue.Of("1")], Assert.IsType<ListDomain>(spec.Space.Parameters[1].Domain).Values);
        Assert.Equal("x y", spec.Trial.Env["A_B"]);
    }

    [Fact]
    public void An_override_can_mend_a_file() => Assert.NotNull(Files.Read(Files.Small.Replace("loss, mode: min", "loss"), ("metric.mode", "max")).Spec);

    [Fact]
    public void An_override_can_switch_the_preparation_off() => Assert.Empty(Files.Read(Files.Full, ("trial.prepare", "[]")).Spec!.Trial.Prepare);

    [Fact]
    public void A_map_whose_keys_are_all_commented_out_can_be_filled()
        => Assert.Equal(5, Files.Read(Files.Small + "\nstop:\n  # after: 1h\n", ("stop.trials", "5")).Spec!.Stop.Trials);

    [Theory]
    [InlineData("scheduler.reduction-factor", "1", "--set scheduler.reduction-factor: must be at least 2, but is 1")]
    [InlineData("scheduler", "{eta: 1, trials: 2}", "--set scheduler: scheduler.eta: unknown key; in Asha this is 'reduction-factor'")]
    [InlineData("scheduler.eta", "1", "--set scheduler.eta: unknown key; in Asha this is 'reduction-factor'")]
    [InlineData("seed", "", "--set seed: has no value; must be a whole number")]
    [InlineData("seed", "[1", "--set seed: is not YAML: while parsing a flow sequence, did not find expected ',' or ']'")]
    [InlineData("seed", "*a", "--set seed: aliases (*) are not supported; write the value out")]
    [InlineData("name.first", "1", "--set name.first: name is neither a map nor a list")]
    [InlineData("trial.command[1]", "x", "--set trial.command[1]: trial.command has no element 1; it is a list of 1, numbered from 0")]
    [InlineData("trial.command.-1", "x", "--set trial.command.-1: trial.command has no element -1; it is a list of 1, numbered from 0")]
    [InlineData("trial.command[0].a", "x", "--set trial.command[0].a: trial.command.0 is neither a map nor a list")]
    [InlineData("", "1", "--set : is not a path such as scheduler.trials or initial[0].hidden")]
    [InlineData("trial..env", "1", "--set trial..env: is not a path such as scheduler.trials or initial[0].hidden")]
    [InlineData("initial[x]", "1", "--set initial[x]: is not a path such as scheduler.trials or initial[0].hidden")]
    public void A_mistake_in_an_override_names_it(string path, string value, string expected)
        => Assert.Equal([expected], Files.Problems(Files.Small, (path, value)));
}
