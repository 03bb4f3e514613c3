namespace Asha.Tuning.Tests;

/// <summary>Mistakes in what a program asks for: all told at once, before anything is made.</summary>
public sealed class MistakeTests : TestRuns
{
    private async Task<IReadOnlyList<string>> Problems(TuningOptions options)
    {
        var error = await Assert.ThrowsAsync<UserErrorException>(() => Run(options, Instant));
        Assert.Equal(string.Join('\n', error.Problems), error.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
        return error.Problems;
    }

    [Fact]
    public async Task Every_option_is_checked_and_every_mistake_is_told()
    {
        var problems = await Problems(new TuningOptions
        {
            Name = "a/b",
            Space = new SearchSpace(),
            Metric = Metric.Minimize(""),
            Resource = new Resource("two\nlines", 0),
            Scheduler = Scheduler.Asha(reductionFactor: 1),
            Seed = -1,
            Slots = 0,
            MaxAttempts = 0,
            MaxAttemptsByFault = new FaultAttempts { OutOfMemory = 1, Crash = 0, TimeOut = 1001 },
            RetryBackOff = new BackOff { First = TimeSpan.FromMinutes(-1), Factor = 0.5, Most = TimeSpan.FromMinutes(-2), Jitter = double.NaN },
            TimeLimit = TimeSpan.Zero,
            SilenceLimit = TimeSpan.FromSeconds(-1),
            CancellationGrace = TimeSpan.FromHours(2),
            Stop = new StopRules { After = TimeSpan.Zero, Trials = 0, Resource = double.NaN, Metric = double.PositiveInfinity, Hopeless = 0 },
        });
        string[] places =
        [
            "Name", "Seed", "Metric.Name", "Slots", "CancellationGrace", "Resource.Name", "Resource.Max", "Stop.After", "Stop.Trials", "Stop.Resource", "Stop.Metric", "Stop.Hopeless",
            "MaxAttempts", "TimeLimit", "SilenceLimit", "MaxAttemptsByFault.Crash", "MaxAttemptsByFault.TimeOut", "RetryBackOff.First", "RetryBackOff.Factor", "RetryBackOff.Most", "RetryBackOff.Most", "RetryBackOff.Jitter", "Space",
        ];
        Assert.Equal(places, problems.Select(problem => problem.Split(':')[0]));
        Assert.StartsWith("Scheduler.ReductionFactor: must be 2 to 1000, but is 1", Assert.Single(await Problems(Options with { Scheduler = Scheduler.Sha(4, 1) })));
    }

    [Theory]
    [InlineData(16, 17.0, null, "Resource.Min: must be 1E-09 to 16, but is 17")]
    [InlineData(16.5, null, true, "Resource.IsIntegral: Min and Max must then be whole numbers, but are  and 16.5")]
    [InlineData(double.NaN, null, null, "Resource.Max: must be 1E-09 to 1000000000000000, but is NaN")]
    public async Task A_resource_that_does_not_fit(double max, double? min, bool? integral, string problem)
        => Assert.Equal([problem], await Problems(Options with { Resource = new Resource("step", max) { Min = min, IsIntegral = integral } }));

    [Fact]
    public async Task Nothing_that_would_end_the_run()
        => Assert.Equal(["Scheduler.Trials: is missing: nothing would end this run; give it, or Stop with at least one rule"], await Problems(Options with { Scheduler = Scheduler.Asha() }));

    [Fact]
    public async Task Every_mistake_in_a_space_is_told()
    {
        var space = new SearchSpace();
        var a = space.Uniform("a", 1, 1);
        space.LogUniform("b", 0, 1);
        space.Int("c", 5, 1);
        space.LogInt("d", 0, 4);
        space.Uniform("e", double.NaN, 1);
        space.Choice<string>("f", []);
        space.Choice("g", ["x", "y", "x"]);
        space.Choice("h", [1, 1.0]);
        space.Choice("i", [new object(), "x"]);
        space.Uniform("1 j", 0, 1);
        space.Boolean("c");
        var k = space.Choice("k", ["x", "y"]);
        space.Uniform("l", 0, 1, when: k.Is("z"));
        space.Uniform("m", 0, 1, when: k.Is());
        space.Uniform("n", 0, 1, when: k.Is("x").And(k.Is("y")));
        space.Uniform("o", 0, 1, when: new SearchSpace().Boolean("p").Is(true));
        var q = space.Uniform("q", 0, 1);
        space.Uniform("r", 0, 1, when: q.Is(0.5));
        Assert.Equal(
        [
            "a: max must be more than min, 1, but is 1; for a single value use Constant",
            "b: on a logarithmic scale the bounds must lie above 0 and be at most 1E+300, but are 0 and 1",
            "c: max must be more than min, 5, but is 1",
            "d: the bounds must lie within 1 and 1E+300, but are 0 and 4",
            "e: the bounds must lie within -1E+300 and 1E+300, but are NaN and 1",
            "f: must have 1 to 1000 values, but has 0",
            "g: x occurs twice",
            "h: 1 occurs twice",
            "i: a value must be a text of at most 4096 characters, a finite number, a boolean or one of an enumeration",
            "'1 j': the name of a parameter is a letter or '_', then letters, digits, '-' and '_', at most 64 in all",
            "c: there are two parameters of this name",
            "l: depends on 'k' being z, which it never is",
            "m: depends on 'k' with no value; give Is at least one",
            "n: depends on 'k' twice; give Is all its values at once",
            "o: depends on 'p', which is a parameter of another search space",
            "r: depends on 'q', which is a real number, and nothing can depend on that",
        ], await Problems(Options with { Space = space }));
        Assert.Equal("a", a.Name);
    }

    [Fact]
    public async Task Initial_configurations_that_sampling_could_never_give()
    {
        var optimizer = Space.Choice("optimizer", ["sgd", "adam"]);
        var momentum = Space.Uniform("momentum", 0, 1, when: optimizer.Is("sgd"));
        var adam = new ParameterValues().With(X, 0.5).With(optimizer, "adam");
        Assert.Equal(
        [
            "Initial[0]: 'optimizer' can never be lbfgs",
            "Initial[1]: 'momentum' is not active here; leave it out",
            "Initial[2]: 'momentum' is missing",
            "Initial[3]: 'y' is no parameter of this search space",
            "Initial[3]: is the same as Initial[1]",
        ], await Problems(Options with
        {
            Initial = [adam.With(optimizer, "lbfgs"), adam.With(momentum, 0.5), adam.With(optimizer, "sgd"), adam.With(new SearchSpace().Int("y", 1, 2), 1)],
        }));
    }

    [Fact]
    public async Task A_folder_in_which_no_run_can_be_kept()
    {
        var file = Path.Combine(Root, "file");
        File.WriteAllText(file, "");
        var error = await Assert.ThrowsAsync<UserErrorException>(() => Run(Options with { RunsFolder = Path.Combine(file, "runs") }, Instant));
        Assert.Equal("Choose another folder with RunsFolder.", error.Advice);
    }
}
