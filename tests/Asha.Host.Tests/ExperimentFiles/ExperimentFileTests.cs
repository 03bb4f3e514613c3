using Asha.Core.Experiments;
using Asha.Core.Spaces;
using Asha.Host.ExperimentFiles;

namespace Asha.Host.Tests.ExperimentFiles;

public class ExperimentFileTests
{
    [Fact]
    public void A_file_with_every_key_is_read_as_written()
    {
        var reading = Files.Read(Files.Full);

        Assert.Empty(reading.Problems);
        Assert.Empty(reading.Warnings);
        Specs.AssertSame(new ExperimentSpec
        {
            Name = "digits",
            Seed = 7,
            Metric = new MetricSpec("validation-error", MetricMode.Min),
            Resource = new ResourceSpec("epoch", 1, 64, Integral: true),
            Scheduler = new SchedulerSpec(SchedulerType.Asha, 4, 64),
            Space = new SearchSpace([
                new Parameter("learning-rate", new LogUniformDomain(0.0001, 1)),
                new Parameter("hidden", new LogIntDomain(16, 256)),
                new Parameter("optimizer", new ListDomain([ParameterValue.Of("sgd"), ParameterValue.Of("adam")], Ordered: false)),
                new Parameter("momentum", new UniformDomain(0, 0.99), [new Condition("optimizer", [ParameterValue.Of("sgd")])]),
            ]),
            Initial = [new Configuration([
                new("learning-rate", ParameterValue.Of(0.01)), new("hidden", ParameterValue.Of(64)), new("optimizer", ParameterValue.Of("adam")),
            ])],
            Trial = new TrialSpec
            {
                Prepare = ["dotnet", "build", "-c", "Release", "digits"],
                Command = ["dotnet", "trial.dll", "--lr", "{learning-rate}"],
                Directory = Files.Folder,
                Env = new Dictionary<string, string> { ["OMP_NUM_THREADS"] = "1" },
                Gpus = 0,
                MaxAttempts = 3,
                MaxAttemptsByFault = new FaultLimits(1, 3, 2, 1),
                RetryBackOff = new BackOffSpec(TimeSpan.FromSeconds(2), 3, TimeSpan.FromMinutes(5), 0.25),
                TimeLimit = TimeSpan.FromMinutes(10),
                SilenceLimit = TimeSpan.FromMinutes(2),
                Cpus = 2,
                Memory = 4L << 30,
                Labels = ["fast", "ssd"],
                Limits = new TrialLimits(3L << 30, 64, 500, 3600),
            },
            Slots = 2,
            Stop = new StopSpec(TimeSpan.FromHours(2), 1000, 20000, 0.02, 20, HopelessIfLimited: true),
        }, reading.Spec!);
    }

    [Theory]
    // Without a number of trials there is a budget; and what is written reads as what it says.
    [InlineData("{trials: 16}", "{after: 1h}", null, null)]
    [InlineData("{}", "{after: 1h}", null, 10_000_000_000)]
    [InlineData("{}", "{after: 1h, trials: 100}", null, null)]
    [InlineData("{}", "{after: 1h}", "none", null)]
    [InlineData("{}", "{after: 1h}", "0B", 0L)]
    [InlineData("{trials: 16}", "{after: 1h}", "1500MB", 1_500_000_000L)]
    [InlineData("{trials: 16}", "{after: 1h}", "2TiB", 1L << 41)]
    [InlineData("{type: sha, repeat: overlap}", "{after: 1h}", null, 10_000_000_000)]
    [InlineData("{type: stopping}", "{after: 1h}", null, null)]
    public void What_checkpoints_may_take(string scheduler, string stop, string? budget, long? expected)
    {
        (string, string)[] overrides = [("scheduler", scheduler), ("stop", stop), .. budget is null ? ((string, string)[])[] : [("trial.checkpoint-budget", budget)]];
        var spec = Files.Read(Files.Small, overrides).Spec!;
        Assert.Equal(expected, spec.Trial.CheckpointBudget);
        Assert.Equal(expected, Files.Read(ExperimentWriter.Write(spec)).Spec!.Trial.CheckpointBudget);
    }

    [Fact]
    public void What_is_left_out_gets_its_default()
    {
        var spec = Files.Read(Files.Small).Spec!;

        Assert.Equal(0, spec.Seed);
        Assert.Equal(new ResourceSpec("epoch", 1, 64, Integral: true), spec.Resource);
        Assert.Equal(new SchedulerSpec(SchedulerType.Asha, 4, 16), spec.Scheduler);
        Assert.Empty(spec.Initial);
        Assert.Equal(new StopSpec(Hopeless: 10, HopelessIfLimited: true), spec.Stop);
        Assert.Equal((null, new BackOffSpec(TimeSpan.FromSeconds(1), 2, TimeSpan.FromMinutes(1), 0.1)), (spec.Trial.MaxAttemptsByFault, spec.Trial.RetryBackOff));
        Assert.Equal(8, spec.Slots);
        Assert.Equal((0, 3, null, null), (spec.Trial.Gpus, spec.Trial.MaxAttempts, spec.Trial.TimeLimit, spec.Trial.SilenceLimit));
        Assert.Equal(Files.Folder, spec.Trial.Directory);
    }

    [Theory]
    [InlineData("0s", null)]
    [InlineData("5s", "5 60 2 0.1")]
    [InlineData("2m", "120 120 2 0.1")]
    [InlineData("{factor: 1}", "1 60 1 0.1")]
    [InlineData("{first: 90s, jitter: 0}", "90 90 2 0")]
    public void A_back_off_is_a_duration_or_a_map(string text, string? expected)
    {
        var backOff = Files.Read(Files.Small, ("trial.retry-back-off", text)).Spec!.Trial.RetryBackOff;
        Assert.Equal(expected, backOff is null ? null : FormattableString.Invariant($"{backOff.First.TotalSeconds} {backOff.Most.TotalSeconds} {backOff.Factor} {backOff.Jitter}"));
    }

    [Theory]
    [InlineData("max: 64", 1, true)]
    [InlineData("max: 1000", 4, true)]
    [InlineData("max: 2.56", 0.01, false)]
    [InlineData("max: 64, integral: false", 0.25, false)]
    [InlineData("max: 1e3", 4, true)]
    [InlineData("min: 0.5, max: 64", 0.5, false)]
    public void The_smallest_resource_is_a_256th_of_the_largest(string keys, double min, bool integral)
    {
        var resource = Files.Read(Files.Small.Replace("max: 64", keys)).Spec!.Resource;

        Assert.Equal((min, integral), (resource.Min, resource.Integral));
    }

    [Theory]
    [InlineData("min: 1, max: 64", 4, 64)]
    [InlineData("min: 1, max: 243", 3, 243)]
    [InlineData("min: 1, max: 100", 3, 81)]
    [InlineData("min: 1, max: 1", 4, 1)]
    public void Sha_without_a_number_of_trials_fills_its_bracket(string resource, int factor, int trials)
    {
        var text = Files.Small.Replace("max: 64", resource).Replace("trials: 16", $"type: sha, reduction-factor: {factor}");

        Assert.Equal(trials, Files.Read(text).Spec!.Scheduler.Trials);
    }

    [Fact]
    public void Asha_needs_no_scheduler_where_something_stops_it()
    {
        var text = Files.Small.Replace("scheduler: {trials: 16}", "stop: {after: 1h30m}");

        Assert.Equal(new SchedulerSpec(SchedulerType.Asha, 4, null), Files.Read(text).Spec!.Scheduler);
    }

    [Theory]
    [InlineData(4, 1, 4)]
    [InlineData(5, 2, 2)]
    public void A_trial_with_GPUs_gets_a_slot_for_each_that_there_is(int machine, int each, int slots)
    {
        var reading = ExperimentFile.Read($"{Files.Small}\n  gpus: {each}", "f", Files.Folder, [], new Machine(64, machine));

        Assert.Equal(slots, reading.Spec!.Slots);
    }

    [Fact]
    public void Values_are_typed_as_the_core_schema_of_YAML_says()
    {
        var domain = Domain("{type: ordinal, values: [1, 1.5, true, \"2\", 'x', yes, 0x10, -3e2, a b]}");

        Assert.Equal<ParameterValue>(
            [ParameterValue.Of(1), ParameterValue.Of(1.5), ParameterValue.Of(true), ParameterValue.Of("2"), ParameterValue.Of("x"),
                ParameterValue.Of("yes"), ParameterValue.Of(16), ParameterValue.Of(-300.0), ParameterValue.Of("a b")],
            Assert.IsType<ListDomain>(domain).Values);
    }

    [Theory]
    [InlineData("{type: boolean}", 2)]
    [InlineData("{type: constant, value: 3}", 1)]
    [InlineData("{type: int, min: -2, max: 2}", 5)]
    public void Types_without_a_list_have_their_values(string type, long count) => Assert.Equal(count, Domain(type).Count);

    [Fact]
    public void Parameters_come_after_those_they_depend_on_and_otherwise_stay_in_order()
    {
        var spec = Files.Read("""
            name: order
            metric: {name: loss, mode: max}
            resource: {name: epoch, max: 9}
            scheduler: {trials: 16}
            space:
              e: {type: int, min: 0, max: 9, when: {d: true, c: [1, 2]}}
              b: {type: uniform, min: 0, max: 1}
              d: {type: boolean, when: {c: 1.0}}
              c: {type: int, min: 0, max: 3}
              a: {type: int, min: 0, max: 3}
            trial: {command: [train]}
            """).Spec!;

        Assert.Equal(["c", "d", "e", "b", "a"], spec.Space.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(ParameterValue.Of(1), Assert.Single(spec.Space.Parameters[1].When).Values.Single());
    }

    [Fact]
    public void Initial_values_become_values_of_the_parameter_and_constants_may_be_left_out()
    {
        var spec = Files.Read(Files.Small + "\ninitial: [{x: 1, y: 3.0}]", ("space.y", "{type: int, min: 1, max: 5}"),
            ("space.z", "{type: constant, value: a}")).Spec!;

        Assert.Equal("x=1, y=3, z=a", spec.Initial.Single().ToString());
        Assert.Equal([ParameterKind.Number, ParameterKind.Integer, ParameterKind.Text], spec.Initial.Single().Values.Select(pair => pair.Value.Kind));
    }

    [Fact]
    public void A_file_is_loaded_from_its_folder()
    {
        var path = Path.Combine(Files.Folder, "loaded.yaml");
        File.WriteAllText(path, "\uFEFF" + Files.Small);

        Assert.Equal(Files.Folder, ExperimentFile.Load(path, [], Files.Machine).Spec!.Trial.Directory);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_a_problem_like_any_other()
    {
        var problem = Assert.Single(ExperimentFile.Load("/nowhere/x.yaml", [], Files.Machine).Problems);

        Assert.StartsWith("/nowhere/x.yaml: cannot be read: ", problem.ToString());
    }

    [Fact]
    public void A_file_in_another_encoding_is_a_problem()
    {
        var path = Path.Combine(Files.Folder, "latin.yaml");
        File.WriteAllBytes(path, [.. "name: f"u8, 0xFC, .. "r\n"u8]);

        Assert.Equal($"{path}: is not UTF-8, or larger than 1 MiB", Assert.Single(ExperimentFile.Load(path, [], Files.Machine).Problems).ToString());
    }

    private static Domain Domain(string type)
        => Files.Read(Files.Small.Replace("{type: uniform, min: 0, max: 1}", type)).Spec!.Space.Parameters.Single().Domain;
}
