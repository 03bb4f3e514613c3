using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace Asha.Host.Tests.Cli;

/// <summary><c>asha simulate</c>, as a user runs it: scenarios with a table.</summary>
public sealed class SimulateTests : IDisposable
{
    private const string Minimal = """
        name: table-asha
        seed: 3
        metric: {name: loss, mode: min}
        resource: {name: epoch, min: 1, max: 64}
        scheduler: {type: asha, reduction-factor: 4, trials: 64}
        world: {slots: 10, table: curves.csv, cost: resume}      # or restart

        """;

    private readonly CliSandbox _box = new();

    public SimulateTests()
    {
        _box.Write("world.yaml", Minimal);
        Table(64, [1, 4, 16, 64], (trial, _) => trial.ToString(CultureInfo.InvariantCulture));
    }

    public void Dispose() => _box.Dispose();

    private void Table(int trials, double[] levels, Func<int, double, string> metric) => _box.Write("curves.csv", "trial,resource,metric,seconds\n"
        + string.Concat(Enumerable.Range(0, trials).SelectMany(trial => levels.Select((level, rung) => $"{trial},{level},{metric(trial, level)},{level - (rung == 0 ? 0 : levels[rung - 1])}\n"))));

    private async Task<JsonElement> Simulate(params string[] set)
    {
        var run = await _box.Asha(["simulate", "world.yaml", "--json", .. set.SelectMany(change => new[] { "--set", change })]);
        Assert.Equal("", run.Error);
        return run.Exits(0).Json().GetProperty("runs")[0];
    }

    [Theory]
    // 7 waves of 1, 2 of 3, 1 of 12, 1 of 48.
    [InlineData("resume", 73, 208, 90, 432)]
    // 7·1 + 2·4 + 16 + 64.
    [InlineData("restart", 95, 256, 118, 576)]
    public async Task Sha_comes_out_as_arithmetic_says(string cost, int end, int busy, int barrier, int noWork)
    {
        var run = await Simulate("scheduler.type=sha", $"world.cost={cost}");
        Assert.Equal(("sha", 3, end, busy, 10), (run.GetProperty("scheduler").GetString()!, run.GetProperty("seed").GetInt32(), run.GetProperty("endTime").GetDouble(), run.GetProperty("busy").GetDouble(), run.GetProperty("slots").GetInt32()));
        Assert.Equal(busy / (10.0 * end), run.GetProperty("utilization").GetDouble(), 12);
        var idle = run.GetProperty("idle").EnumerateObject().ToDictionary(cause => cause.Name, cause => cause.Value.GetDouble());
        Assert.Equal((barrier, noWork, 10.0 * end), (idle["rung-barrier"], idle["no-work"], idle.Values.Sum() + busy));
        Assert.Equal(["0 1 64 64 16", "0 4 16 16 4", "0 16 4 4 1", "0 64 1 1 0"], run.GetProperty("rungs").EnumerateArray().Select(rung => string.Join(' ', rung.EnumerateObject().Select(count => count.Value.GetRawText()))));
        Assert.Equal((1, end), (run.GetProperty("fullyTrained").GetInt32(), run.GetProperty("firstFullyTrained").GetInt32()));
        Assert.Equal((0, 0), (run.GetProperty("best").GetProperty("trial").GetInt32(), run.GetProperty("best").GetProperty("metric").GetInt32()));
        // In rank order, at the barrier's time.
        Assert.Equal(Enumerable.Range(0, 16).Select(trial => $"{trial} 0 7"), run.GetProperty("promotions").EnumerateArray().Take(16).Select(up => string.Join(' ', up.EnumerateObject().Select(part => part.Value.GetRawText()))));
    }

    [Fact]
    public async Task One_worker_runs_the_papers_sequence()
    {
        // Trials from 1 there: 1@0 2@0 3@0 1@1 4@0 5@0 6@0 6@1 7@0 8@0 8@1 8@2 9@0 (η = 3, R = 9).
        double[] losses = [.30, .70, .80, .60, .90, .20, .50, .10, .40];
        Table(9, [1, 3, 9], (trial, _) => losses[trial].ToString(CultureInfo.InvariantCulture));
        var run = await Simulate("world.slots=1", "scheduler={type: asha, reduction-factor: 3}", "resource.max=9");
        Assert.Equal(["0 0", "5 0", "7 0", "7 1"], run.GetProperty("promotions").EnumerateArray().Select(up => $"{up.GetProperty("trial")} {up.GetProperty("rung")}"));
        Assert.Equal(9 * 1 + 3 * 2 + 6, run.GetProperty("endTime").GetInt32());
    }

    [Fact]
    public async Task Events_at_the_horizon_count_and_nothing_starts_there()
    {
        // Ten slots, a second each: at 2 s twenty trials have their result, and none of the jobs that would follow is started.
        var run = await Simulate("scheduler.type=sha", "world.horizon=2s");
        Assert.Equal("1 20 20 0", string.Join(' ', run.GetProperty("rungs")[0].EnumerateObject().Skip(1).Select(count => count.Value.GetRawText())));
        Assert.Equal((2, 20, 1), (run.GetProperty("endTime").GetDouble(), run.GetProperty("busy").GetDouble(), run.GetProperty("utilization").GetDouble()));
    }

    [Fact]
    public async Task Metrics_that_are_not_finite_rank_last_and_are_null()
    {
        Table(4, [1, 4], (trial, level) => level == 4 ? "-inf" : trial == 3 ? "0.5" : "nan");
        var run = await Simulate("resource.max=4", "scheduler={type: sha, reduction-factor: 4}", "world.slots=4");
        Assert.Equal((3, .5), (run.GetProperty("best").GetProperty("trial").GetInt32(), run.GetProperty("best").GetProperty("metric").GetDouble()));
        Table(4, [1, 4], (_, _) => "nan");
        run = await Simulate("resource.max=4", "scheduler={type: sha, reduction-factor: 4}", "world.slots=4");
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null, 0), (run.GetProperty("best").ValueKind, run.GetProperty("firstFullyTrained").ValueKind, run.GetProperty("fullyTrained").GetInt32()));
    }

    [Fact]
    public async Task The_events_are_the_same_in_fifty_processes()
    {
        // Fifty, a few at a time: none may see anything of what the others do.
        var bytes = new ConcurrentBag<string>();
        await Parallel.ForAsync(0, 50, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (process, _) =>
        {
            (await _box.Asha("simulate", "world.yaml", "--events", $"events-{process}.jsonl")).Exits(0);
            bytes.Add(await File.ReadAllTextAsync(_box.In($"events-{process}.jsonl"), CancellationToken.None));
        });
        Assert.Equal(50, bytes.Count);
        Assert.Single(bytes.Distinct());
        Assert.StartsWith("{\"event\":\"experiment-started.1\",\"time\":0", bytes.First());
    }

    [Fact]
    public async Task A_trace_names_every_message_in_order()
    {
        var lines = (await _box.Asha("simulate", "world.yaml", "--trace", "--set", "world.slots=1", "--set", "scheduler.trials=1")).Exits(0).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        // The one job of the one trial: no rung above the first is reached by ⌊1/4⌋.
        string[] path = ["/user/node-0 StartJob", "/user/node-0 AttemptReport", "/user/experiment NodeReport", "/user/experiment/rung-0 RankResult", "/user/experiment RungStanding"];
        Assert.Equal(path, lines.Select(line => line[(line.IndexOf(' ') + 1)..]).Where(path.Contains));
        Assert.Contains("1 /user/experiment NodeReport", lines);
    }

    [Theory]
    [InlineData("trial,resource,metric,seconds\n0,1,0.5,1\n", "world.table: has no row of trial 0 at epoch 4, the level of a rung")]
    [InlineData("trial,resource,metric\n0,1,0.5\n", "world.table: must begin with a line that names the columns trial, resource, metric, seconds")]
    [InlineData("trial,resource,metric,seconds\n0,1,bad,1\n", "world.table: line 2: metric must be a number, nan, inf or -inf, but is 'bad'")]
    [InlineData("trial,resource,metric,seconds\n0,1,1,-1\n", "world.table: line 2: seconds must be a number from 0 to 1000000000, but is '-1'")]
    [InlineData("trial,resource,metric,seconds\n0,1,1,1\n0,1,2,1\n", "world.table: line 3: trial 0 has a row at 1 already, on line 2")]
    [InlineData("trial,resource,metric,seconds\n1,1,1,1\n", "world.table: has no row of trial 0: trials are numbered from 0, without a gap")]
    [InlineData("", "world.table: must begin with a line")]
    public async Task A_mistake_in_the_table_is_told_with_its_place(string csv, string message)
    {
        _box.Write("curves.csv", csv);
        var run = (await _box.Asha("simulate", "world.yaml", "--set", "scheduler={type: asha, reduction-factor: 4}")).Exits(2);
        Assert.Contains(message, run.Error);
        Assert.Equal("", run.Out);
    }

    [Theory]
    [InlineData("world.slots=0", "world.slots: must be at least 1")]
    [InlineData("world.cost=free", "world.cost: must be one of resume, restart")]
    [InlineData("world.table=none.csv", "world.table: cannot be read")]
    [InlineData("scheduler.trials=65", "scheduler.trials: must be at most 64, the trials of the table, but is 65")]
    public async Task A_mistake_in_the_scenario_is_a_users_error(string set, string message)
        => Assert.Contains(message, (await _box.Asha("simulate", "world.yaml", "--set", set)).Exits(2).Error);

    [Fact]
    public async Task A_tables_trials_must_not_take_too_long_in_all()
    {
        _box.Write("curves.csv", "trial,resource,metric,seconds\n0,1,1,1\n0,4,1,1\n1,1,1,600000000\n1,4,1,600000000\n1,16,1,600000000\n");
        string[] set = ["simulate", "world.yaml", "--set", "scheduler={type: asha, reduction-factor: 4}", "--set"];
        Assert.Contains("world.table: would make trial 1 take 1200000000 s up to 4 epoch; at most 1000000000", (await _box.Asha([.. set, "resource.max=4"])).Exits(2).Error);
        Assert.Contains("world.table: would make trial 1 take 1200000000 s up to 1 epoch where nodes are slowest; at most", (await _box.Asha([.. set, "resource.max=1", "--set", "world={nodes: [{slots: 1, speed: 0.5}], table: curves.csv}"])).Exits(2).Error);
        (await _box.Asha([.. set, "resource.max=1"])).Exits(0);
    }

    [Fact]
    public async Task A_scenario_is_not_tuned() => Assert.Equal(
        "asha: world.yaml:6:8: world: makes this a scenario: run it with 'asha simulate'\n", (await _box.Asha("tune", "world.yaml")).Exits(2).Error);

    [Fact]
    public async Task The_order_of_the_tables_rows_means_nothing()
    {
        var before = (await Simulate()).GetRawText();
        var lines = File.ReadAllLines(_box.In("curves.csv"));
        var shuffled = new Random(1);
        _box.Write("curves.csv", string.Join('\n', lines.Take(1).Concat(lines.Skip(1).OrderBy(_ => shuffled.Next()))) + "\n");
        Assert.Equal(before, (await Simulate()).GetRawText());
    }

    [Fact]
    public async Task The_seed_notes_story_leaves_six_of_ten_nodes_idle()
    {
        var story = Path.Combine(AppContext.BaseDirectory, "scenarios", "seed-note.yaml");
        var sha = (await _box.Asha("simulate", story, "--json")).Exits(0).Json().GetProperty("runs")[0];
        Assert.Equal((73, .2849), (sha.GetProperty("endTime").GetInt32(), Math.Round(sha.GetProperty("utilization").GetDouble(), 4)));
        // Four work and six wait for the 12 s of the third rung, between 13 s and 25 s.
        (await _box.Asha("simulate", story, "--events", "story.jsonl")).Exits(0);
        var events = File.ReadAllLines(_box.In("story.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["0 13", "1 13", "2 13", "3 13"], events.Where(happened => happened.GetProperty("event").GetString() == "job-started.1" && happened.GetProperty("rung").GetInt32() == 2)
            .Select(started => $"{started.GetProperty("slot")} {started.GetProperty("time")}"));
        var asha = (await _box.Asha("simulate", story, "--json", "--set", "scheduler.type=asha")).Exits(0).Json().GetProperty("runs")[0];
        Assert.True(asha.GetProperty("endTime").GetDouble() < 73, asha.GetRawText());
    }

    private const string Drawn = """
        name: drawn
        seed: 1
        metric: {name: loss, mode: min}
        resource: {name: epoch, min: 1, max: 64}
        scheduler: {type: asha, reduction-factor: 4}
        trial: {max-attempts: 1}
        world: {slots: 5, curve: {type: power-law, noise: 0.01}, cost: restart, stragglers: {sigma: 0.56}, drops: 0.01, horizon: 200s}

        """;

    [Fact]
    public async Task Repetitions_are_the_runs_of_the_seeds_one_after_the_other()
    {
        _box.Write("world.yaml", Drawn);
        var all = (await _box.Asha("simulate", "world.yaml", "--json", "--repetitions", "6")).Exits(0).Json();
        var runs = all.GetProperty("runs").EnumerateArray().ToList();
        Assert.Equal([1, 2, 3, 4, 5, 6], runs.Select(run => run.GetProperty("seed").GetInt32()));
        var fourth = (await _box.Asha("simulate", "world.yaml", "--json", "--seed", "4")).Exits(0).Json().GetProperty("runs")[0];
        Assert.Equal(fourth.GetRawText(), runs[3].GetRawText());
        double[] trained = [.. runs.Select(run => run.GetProperty("fullyTrained").GetDouble())];
        var mean = trained.Average();
        // t of 5 degrees of freedom, 97.5 %.
        var half = 2.570582 * Math.Sqrt(trained.Sum(count => (count - mean) * (count - mean)) / 5 / 6);
        var told = all.GetProperty("summary").GetProperty("fullyTrained");
        Assert.Equal((6, mean), (told.GetProperty("count").GetInt32(), told.GetProperty("mean").GetDouble()));
        Assert.Equal(mean + half, told.GetProperty("high").GetDouble(), 4);
        Assert.Equal(mean - half, told.GetProperty("low").GetDouble(), 4);
        Assert.True(half > 0, "other seeds are other worlds");
    }

    [Theory]
    [InlineData("world={slots: 1}", "needs a table of curves")]
    [InlineData("world.table=curves.csv", "world.curve: must not be there beside a table")]
    [InlineData("world.drops=2", "world.drops: must be at most 1, but is 2")]
    [InlineData("world.curve={type: linear}", "world.curve.type: must be one of power-law, crossing, but is 'linear'")]
    [InlineData("world.stragglers={}", "world.stragglers.sigma: is missing")]
    public async Task A_mistake_in_a_drawn_world_is_a_users_error(string set, string message)
    {
        _box.Write("world.yaml", Drawn);
        Assert.Contains(message, (await _box.Asha("simulate", "world.yaml", "--set", set)).Exits(2).Error);
    }

    [Fact]
    public async Task The_time_to_a_target_is_that_of_the_first_result_as_good_and_by_default_the_stop_rules()
    {
        // Trial t has the metric t; nothing is as good as 3 before trial 3, the fourth of the first wave on two slots.
        Table(64, [1, 4, 16, 64], (trial, _) => (63 - trial).ToString(CultureInfo.InvariantCulture));
        var run = (await _box.Asha("simulate", "world.yaml", "--json", "--target", "60", "--set", "world.slots=2", "--set", "scheduler.type=sha")).Exits(0).Json();
        Assert.Equal((60, 2), (run.GetProperty("target").GetInt32(), run.GetProperty("runs")[0].GetProperty("timeToTarget").GetInt32()));
        run = (await _box.Asha("simulate", "world.yaml", "--json", "--set", "world.slots=2", "--set", "scheduler.type=sha", "--set", "stop.metric=58")).Exits(0).Json();
        Assert.Equal((58, 3, 3), (run.GetProperty("target").GetInt32(), run.GetProperty("runs")[0].GetProperty("timeToTarget").GetInt32(), run.GetProperty("runs")[0].GetProperty("endTime").GetInt32()));
        var none = await Simulate("world.slots=2");
        Assert.Equal(JsonValueKind.Null, none.GetProperty("timeToTarget").ValueKind);
        Assert.Contains("loss -1: not reached", (await _box.Asha("simulate", "world.yaml", "--target", "-1")).Exits(0).Out);
    }

    [Fact]
    public async Task Mispromotions_are_those_that_hindsight_would_not_have_made()
    {
        // The paper's sequence, one worker: trials 0, 5 and 7 leave rung 0, the best three of nine are 7, 5, 0; of rung 1's three the best is 7.
        double[] losses = [.30, .70, .80, .60, .90, .20, .50, .10, .40];
        Table(9, [1, 3, 9], (trial, _) => losses[trial].ToString(CultureInfo.InvariantCulture));
        Assert.Equal(0, (await Simulate("world.slots=1", "scheduler={type: asha, reduction-factor: 3}", "resource.max=9")).GetProperty("mispromotions").GetInt32());
        // Always better: 2 to 8 leave rung 0, of which 6, 7, 8 are its best three; 4 to 8 leave rung 1 — its seven results' best two are 7 and 8.
        Table(9, [1, 3, 9], (trial, _) => (1 - trial / 10.0).ToString(CultureInfo.InvariantCulture));
        var better = await Simulate("world.slots=1", "scheduler={type: asha, reduction-factor: 3}", "resource.max=9");
        Assert.Equal([7, 5], better.GetProperty("rungs").EnumerateArray().Take(2).Select(rung => rung.GetProperty("promoted").GetInt32()));
        Assert.Equal(4 + 3, better.GetProperty("mispromotions").GetInt32());
    }

    [Fact]
    public async Task Repetitions_tell_idleness_by_cause_and_only_that_which_there_is()
    {
        _box.Write("world.yaml", Drawn);
        var all = (await _box.Asha("simulate", "world.yaml", "--repetitions", "3", "--set", "scheduler.type=sha", "--target", "0.4")).Exits(0).Out;
        Assert.Contains("idle, rung-barrier, %", all);
        Assert.Contains("idle, no-work, %", all);
        Assert.DoesNotContain("node-lost", all);
        Assert.Contains("time to loss 0.4, s", all);
        Assert.Matches(@"mispromotions\s+0\s+0 to 0", all);
    }

    [Fact]
    public async Task A_drop_is_a_failure_and_nothing_speaks_of_logs()
    {
        _box.Write("world.yaml", Drawn);
        var shown = (await _box.Asha("simulate", "world.yaml")).Exits(0).Out;
        Assert.Matches(@"failed attempts: \d+x drop", shown);
        Assert.DoesNotContain("asha logs", shown);
    }
}
