using System.Text.Json;

namespace Asha.Host.Tests.Cli;

/// <summary>The keys of <c>world</c> about nodes and costs, as a user writes them.</summary>
public sealed class SimulateWorldTests : IDisposable
{
    private const string World = """
        name: world
        seed: 1
        metric: {name: loss, mode: min}
        resource: {name: epoch, min: 1, max: 64}
        scheduler: {type: sha, reduction-factor: 4, trials: 64}
        space:
          layers: {type: int, min: 1, max: 4}
          rate: {type: uniform, min: 0, max: 1}
          kind: {type: choice, values: [a, b]}
        world: {slots: 10, curve: {type: power-law}, horizon: 1000h}

        """;

    private readonly CliSandbox _box = new();

    public SimulateWorldTests() => _box.Write("world.yaml", World);

    public void Dispose() => _box.Dispose();

    private async Task<JsonElement> Simulate(params string[] set)
    {
        var run = await _box.Asha(["simulate", "world.yaml", "--json", .. set.SelectMany(change => new[] { "--set", change })]);
        Assert.Equal("", run.Error);
        return run.Exits(0).Json().GetProperty("runs")[0];
    }

    private static (double End, double Busy) Time(JsonElement run) => (run.GetProperty("endTime").GetDouble(), run.GetProperty("busy").GetDouble());

    [Fact]
    public async Task Ten_slots_are_ten_slots_however_they_are_written()
    {
        Assert.Equal((73, 208), Time(await Simulate()));
        Assert.Equal((73, 208), Time(await Simulate("world={nodes: [{count: 2, slots: 5}], curve: {type: power-law}}")));
        Assert.Equal((73, 208), Time(await Simulate("world={nodes: [{count: 9}, {slots: 1}], curve: {type: power-law}}")));
        Assert.Equal((36.5, 104), Time(await Simulate("world={nodes: [{count: 10, speed: 2}], curve: {type: power-law}}")));
    }

    [Fact]
    public async Task Costs_are_added_as_arithmetic_says()
    {
        // 10 waves of jobs (7 + 2 + 1 + 1 = 11, one behind the other): 11 start-ups of 3 s and 11 checkpoints of half a second longer; 85 jobs.
        Assert.Equal((73 + 11 * 3.5, 208 + 85 * 3.5), Time(await Simulate("world.start-up=3s", "world.checkpoint=500ms")));
        var late = await Simulate("world.decision-latency=2s");
        Assert.Equal((73 + 11 * 2, 208), Time(late));
        Assert.Equal(85 * 2, late.GetProperty("idle").GetProperty("waiting-for-decision").GetDouble());
    }

    [Fact]
    public async Task A_units_cost_may_follow_from_the_trials_parameters()
    {
        // One slot: everything one after the other, so the sum is what all jobs cost: 1 s of the first rung for each layer, and so on.
        (await _box.Asha("simulate", "world.yaml", "--events", "events.jsonl", "--set", "world.slots=1", "--set", "world.seconds-per-unit={base: 2, powers: {layers: 1}}")).Exits(0);
        var events = File.ReadAllLines(_box.In("events.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var layers = events.Where(Is("trial-sampled.1")).ToDictionary(trial => trial.GetProperty("trial").GetInt32(), trial => trial.GetProperty("parameters").GetProperty("layers").GetDouble());
        Assert.Equal(4, layers.Values.Distinct().Count());
        var expected = events.Where(Is("job-started.1")).Sum(job => 2 * layers[job.GetProperty("trial").GetInt32()] * (job.GetProperty("target").GetDouble() - job.GetProperty("start").GetDouble()));
        Assert.Equal(expected, events[^1].GetProperty("time").GetDouble());
        static Func<JsonElement, bool> Is(string name) => happened => happened.GetProperty("event").GetString() == name;
    }

    [Fact]
    public async Task The_file_says_how_often_and_the_command_may_say_otherwise()
    {
        async Task<int> Runs(params string[] more) => (await _box.Asha(["simulate", "world.yaml", "--json", "--set", "world.repetitions=3", .. more])).Exits(0).Json().GetProperty("runs").GetArrayLength();
        Assert.Equal((3, 2, 1), (await Runs(), await Runs("--repetitions", "2"), await Runs("--repetitions", "1")));
        Assert.Contains("say --repetitions 1", (await _box.Asha("simulate", "world.yaml", "--trace", "--set", "world.repetitions=3")).Exits(2).Error);
    }

    [Fact]
    public async Task Crossing_curves_cost_asha_its_best_trials()
    {
        // Mean of the best over 20 seeds, of what was trained to the end, against the least asymptote to be had.
        async Task<double> Best(string curve) => (await _box.Asha("simulate", "world.yaml", "--json", "--repetitions", "20", "--set", $"world.curve={curve}")).Exits(0).Json().GetProperty("summary").GetProperty("best").GetProperty("mean").GetDouble();
        var (mild, hard) = (await Best("{type: crossing, at: 0.25}"), await Best("{type: crossing, at: 32}"));
        Assert.True(hard > 3 * mild, $"{mild} {hard}");
    }

    [Fact]
    public async Task The_same_nodes_fail_in_every_process()
    {
        var set = "world={nodes: [{count: 3, slots: 2, failures: {mean-time-between: 20s, repair: 3s}, removed-after: 1s}, {slots: 2, joins: 5s, leaves: 40s}], curve: {type: power-law, noise: 0.1}, stragglers: {sigma: 0.5}, decision-latency: 100ms, horizon: 100h}";
        var (events, traces) = (new List<string>(), new List<string>());
        for (var process = 0; process < 3; process++)
        {
            (await _box.Asha("simulate", "world.yaml", "--set", set, "--events", $"events-{process}.jsonl")).Exits(0);
            events.Add(File.ReadAllText(_box.In($"events-{process}.jsonl")));
            traces.Add((await _box.Asha("simulate", "world.yaml", "--set", set, "--trace")).Exits(0).Out);
        }
        Assert.Single(events.Distinct());
        Assert.Single(traces.Distinct());
        Assert.Contains("\"slot-lost.1\"", events[0]);
        Assert.Contains("/user/node-1-again-1 ", traces[0]);
    }

    [Theory]
    [InlineData("crossing.yaml")]
    [InlineData("nodes.yaml")]
    public async Task The_ready_worlds_run_to_their_end(string file)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "scenarios", file);
        foreach (var type in new[] { "sha", "asha" })
        {
            var run = await _box.Asha("simulate", path, "--json", "--set", $"scheduler.type={type}");
            Assert.Equal("", run.Error);
            Assert.Equal(256, run.Exits(0).Json().GetProperty("runs")[0].GetProperty("rungs")[0].GetProperty("completed").GetInt32());
        }
    }

    [Theory]
    [InlineData("world.seconds-per-unit=0", "world.seconds-per-unit: would make a first job, of 1 epoch, take no time")]
    [InlineData("world.seconds-per-unit=4e-8", "world.seconds-per-unit: would make a first job, of 1 epoch, take no time")]
    [InlineData("world.seconds-per-unit={base: 1e-5, powers: {layers: -10}}", "world.seconds-per-unit: would make a first job, of 1 epoch, take no time")]
    public async Task Without_a_limit_to_the_trials_time_has_to_move(string set, string message)
    {
        var run = (await _box.Asha("simulate", "world.yaml", "--set", "scheduler={type: asha}", "--set", "world.horizon=1h", "--set", set)).Exits(2);
        Assert.Contains(message, run.Error);
    }

    [Theory]
    [InlineData("scheduler.trials=64", "world.horizon=1h")]
    [InlineData("stop.trials=64", "world.horizon=1h")]
    [InlineData("stop.resource=64", "world.horizon=1h")]
    [InlineData("world.start-up=1s", "world.horizon=1m")]
    [InlineData("world.decision-latency=1s", "world.horizon=1m")]
    public async Task Jobs_may_take_no_time_where_something_else_ends_the_run(string set, string horizon)
        => (await _box.Asha("simulate", "world.yaml", "--set", "scheduler={type: asha}", "--set", "world.seconds-per-unit=0", "--set", horizon, "--set", set)).Exits(0);

    [Fact]
    public async Task A_run_that_outlasts_the_clock_says_so()
    {
        // 64 jobs of 31 years and what follows, one after the other, times 1,000 or so by chance.
        var run = (await _box.Asha("simulate", "world.yaml", "--set", "world={slots: 1, curve: {type: power-law}, seconds-per-unit: 1.5e7, stragglers: {type: log-normal, sigma: 5}}")).Exits(1);
        Assert.Contains("no run may go on for longer than", run.Out + run.Error);
    }

    [Theory]
    [InlineData("world.nodes=[{slots: 1}]", "world.slots: must not be there beside nodes")]
    [InlineData("world={curve: {type: power-law}}", "world.slots: is missing; give slots: 10, or nodes")]
    [InlineData("world={curve: {type: power-law}, nodes: []}", "world.nodes: names no node")]
    [InlineData("world={curve: {type: power-law}, nodes: [{speed: 0}]}", "world.nodes[0].speed: must be at least")]
    [InlineData("world={curve: {type: power-law}, nodes: [{joins: 5s, dies: 5s}]}", "world.nodes[0].dies: must be after it joins, at 5s")]
    [InlineData("world={curve: {type: power-law}, nodes: [{leaves: 2h, joins: 3h}]}", "world.nodes[0].leaves: must be after it joins, at 3h")]
    [InlineData("world={curve: {type: power-law}, nodes: [{removed-after: 5s}]}", "world.nodes[0].removed-after: is for a node that dies or has failures")]
    [InlineData("world={curve: {type: power-law}, nodes: [{slow: {from: 1s}}]}", "world.nodes[0].slow.factor: is missing")]
    [InlineData("world={curve: {type: power-law}, nodes: [{failures: {mean-time-between: 1h, repair: 1m}}]}", "world.horizon: is missing: where nodes fail by chance")]
    [InlineData("world={curve: {type: power-law}, nodes: [{count: 20000}]}", "world.nodes[0].count: must be at most 10000")]
    [InlineData("world={curve: {type: power-law}, nodes: [{count: 9999}, {count: 9999}]}", "world.nodes: are more than 10000")]
    [InlineData("world={curve: {type: power-law}, nodes: [{count: 100, slots: 99999}]}", "world.nodes: have more than 100000 slots together")]
    [InlineData("world={curve: {type: power-law}, nodes: [{count: 2, seats: 4}]}", "world.nodes[0].seats: unknown key")]
    [InlineData("world.curve={type: crossing}", "world.curve.at: is missing")]
    [InlineData("world.curve={type: power-law, at: 4}", "world.curve.at: unknown key")]
    [InlineData("world.stragglers={type: normal, sigma: 1}", "world.stragglers.type: must be one of half-normal, log-normal")]
    [InlineData("world.stragglers={type: log-normal, sigma: 6}", "world.stragglers.sigma: must be at most 5")]
    [InlineData("world.seconds-per-unit={powers: {width: 1}}", "world.seconds-per-unit.powers.width: is no parameter of the space")]
    [InlineData("world.seconds-per-unit={powers: {rate: 1}}", "world.seconds-per-unit.powers.rate: is a parameter with values that are not above 0, such as 0")]
    [InlineData("world.seconds-per-unit={powers: {kind: 1}}", "world.seconds-per-unit.powers.kind: is a parameter with values that are no numbers")]
    [InlineData("world.seconds-per-unit={base: 2}", "world.seconds-per-unit.powers: is missing")]
    [InlineData("world.seconds-per-unit={base: 1000000000, powers: {layers: 1}}", "world.seconds-per-unit: would make a job of 64 epoch take")]
    [InlineData("world={nodes: [{slots: 2, speed: 1e-6}], curve: {type: power-law}, seconds-per-unit: 1e7, start-up: 1s}", "world.seconds-per-unit: would make a job of 64 epoch take 640000000000000 s where nodes are slowest; at most 1000000000")]
    [InlineData("world={nodes: [{slots: 2}, {slow: {from: 9s, factor: 1e6}}], curve: {type: power-law}, seconds-per-unit: 1e3}", "world.seconds-per-unit: would make a job of 64 epoch take 64000000000 s where nodes are slowest")]
    [InlineData("world={nodes: [{count: 3, failures: {mean-time-between: 1ms, repair: 1ms}}], curve: {type: power-law}, horizon: 1000h}", "world.nodes: would fail about 5.4e+9 times until the horizon; at most 1,000,000")]
    [InlineData("world={slots: 1, curve: {type: power-law}, cost: restart, checkpoint: 5s}", "world.checkpoint: is for cost: resume")]
    [InlineData("world.start-up=-1s", "world.start-up: must be a duration")]
    [InlineData("world.repetitions=0", "world.repetitions: must be at least 1")]
    public async Task A_mistake_is_told_with_its_place(string set, string message)
        => Assert.Contains(message, (await _box.Asha("simulate", "world.yaml", "--set", set)).Exits(2).Error);
}
