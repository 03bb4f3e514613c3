using System.Text.Json;

namespace Asha.Host.Tests.Cli;

/// <summary><c>asha compare</c>, as a user runs it.</summary>
public sealed class CompareTests : IDisposable
{
    private const string Drawn = """
        name: drawn
        seed: 5
        metric: {name: loss, mode: min}
        resource: {name: epoch, min: 1, max: 16}
        scheduler: {reduction-factor: 4}
        trial: {max-attempts: 1}
        world: {slots: 5, curve: {type: power-law, noise: 0.01}, stragglers: {sigma: 0.56}, drops: 0.005, horizon: 60s}
        compare: [{type: sha, trials: 32}, {type: asha}]

        """;

    private readonly CliSandbox _box = new();

    public CompareTests() => _box.Write("world.yaml", Drawn);

    public void Dispose() => _box.Dispose();

    private async Task<JsonElement> Compare(params string[] more) => (await _box.Asha(["compare", "world.yaml", "--json", .. more])).Exits(0).Json();

    private static string[] Labels(JsonElement json) => [.. json.GetProperty("summary").EnumerateArray().Select(one => one.GetProperty("label").GetString()!)];

    [Fact]
    public async Task The_seed_notes_story_leaves_most_of_ten_nodes_idle_and_asha_does_not_save_it()
    {
        var story = Path.Combine(AppContext.BaseDirectory, "scenarios", "seed-note.yaml");
        var run = (await _box.Asha("compare", story)).Exits(0).Out;
        // Nothing is drawn here, so one seed says it all: 208 of 730 slot-seconds, 432 of them with nothing to do, 90 at the barrier.
        Assert.StartsWith("ASHA kept the slots 31 % busy, SHA 28 %: SHA lost 59 % to having nothing to do and 12 % to the rung barrier; ASHA lost", run);
        Assert.Matches(@"utilization, %\s+28\.49\s+30\.99\s+\+2\.493", run);
        Assert.Matches(@"end, s\s+73\s+71\s+-2", run);
        Assert.Contains("stragglers, drops, configurations and metrics of all of them are equal", run);
    }

    [Fact]
    public async Task Each_run_is_the_one_that_simulate_makes_of_its_seed_and_differences_are_taken_pair_by_pair()
    {
        var json = await Compare("--repetitions", "4", "--target", "0.4");
        var runs = json.GetProperty("runs").EnumerateArray().ToList();
        Assert.Equal(["SHA 5", "ASHA 5", "SHA 6", "ASHA 6", "SHA 7", "ASHA 7", "SHA 8", "ASHA 8"], runs.Select(run => $"{run.GetProperty("label")} {run.GetProperty("seed")}"));
        foreach (var (type, at) in new[] { ("{type: sha, reduction-factor: 4, trials: 32}", 2), ("{type: asha, reduction-factor: 4}", 3) })
        {
            var alone = (await _box.Asha("simulate", "world.yaml", "--json", "--seed", "6", "--target", "0.4", "--set", $"scheduler={type}")).Exits(0).Json().GetProperty("runs")[0];
            Assert.Equal(alone.GetRawText(), runs[at].GetRawText().Replace($",\"label\":\"{runs[at].GetProperty("label")}\"", ""));
        }
        double[] more = [.. runs.Chunk(2).Select(pair => pair[1].GetProperty("trials").GetDouble() - pair[0].GetProperty("trials").GetDouble())];
        var mean = more.Average();
        // t of 3 degrees of freedom, 97.5 %.
        var half = 3.182446 * Math.Sqrt(more.Sum(one => (one - mean) * (one - mean)) / 3 / 4);
        var difference = json.GetProperty("differences")[0];
        Assert.Equal(("ASHA", "SHA"), (difference.GetProperty("of").GetString(), difference.GetProperty("minus").GetString()));
        var told = difference.GetProperty("summary").GetProperty("trials");
        Assert.Equal(mean, told.GetProperty("mean").GetDouble(), 9);
        Assert.Equal(mean - half, told.GetProperty("low").GetDouble(), 3);
        Assert.Equal(mean + half, told.GetProperty("high").GetDouble(), 3);
    }

    [Fact]
    public async Task Every_draw_that_runs_share_is_in_the_list()
    {
        var json = await Compare("--repetitions", "3", "--draws", "draws.csv");
        var lines = File.ReadAllLines(_box.In("draws.csv"));
        Assert.Equal("seed,trial,rung,attempt,resource,straggler,dropped-after,metric,parameters,schedulers", lines[0]);
        var shared = json.GetProperty("draws").GetProperty("shared").GetInt32();
        Assert.Equal((shared, 0), (lines.Length - 1, json.GetProperty("draws").GetProperty("different").GetInt32()));
        // SHA starts each of its 32 trials in rung 0, and so does ASHA.
        Assert.Equal(Enumerable.Range(0, 32), lines.Skip(1).Select(line => line.Split(',')).Where(cells => cells is ["5", _, "0", "1", ..]).Select(cells => int.Parse(cells[1])));
        Assert.All(lines.Skip(1), line => Assert.EndsWith(",SHA ASHA", line));
        // The same attempts have the same draws in the events of a run alone.
        (await _box.Asha("simulate", "world.yaml", "--events", "events.jsonl", "--set", "scheduler.trials=32")).Exits(0);
        var metrics = File.ReadAllLines(_box.In("events.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).Where(happened => CliSandbox.KindOf(happened) == "job-completed.1")
            .ToDictionary(done => $"5,{done.GetProperty("trial")},{done.GetProperty("rung")},{done.GetProperty("attempt")}", done => done.GetProperty("metric").GetDouble());
        var compared = lines.Skip(1).Select(line => line.Split(',')).Where(cells => cells[7].Length > 0 && metrics.ContainsKey(string.Join(',', cells[..4]))).ToList();
        Assert.True(compared.Count > 30);
        Assert.All(compared, cells => Assert.Equal(metrics[string.Join(',', cells[..4])], double.Parse(cells[7], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Contains("--draws draws.csv", (await _box.Asha("compare", "world.yaml", "--draws", "draws.csv")).Exits(2).Error);
    }

    [Fact]
    public async Task A_list_of_draws_is_made_when_there_are_any()
    {
        Assert.Contains("--target", (await _box.Asha("compare", "world.yaml", "--draws", "draws.csv", "--target", "nan")).Exits(2).Error);
        Assert.False(File.Exists(_box.In("draws.csv")));
        // What stands in the way is told before anything is run, and so before a report is written.
        Assert.Contains("--draws none/draws.csv: there is no folder", (await _box.Asha("compare", "world.yaml", "--draws", "none/draws.csv", "--report", "draws.html")).Exits(2).Error);
        Assert.Contains("--draws world.yaml: is there already", (await _box.Asha("compare", "world.yaml", "--draws", "world.yaml", "--report", "draws.html")).Exits(2).Error);
        Assert.False(File.Exists(_box.In("draws.html")));
    }

    [Fact]
    public async Task Schedulers_come_from_the_file_or_the_command_line_or_are_sha_and_asha()
    {
        Assert.Equal(["SHA", "ASHA"], Labels(await Compare("--repetitions", "1")));
        Assert.Equal(["ASHA", "SHA"], Labels(await Compare("--repetitions", "1", "--schedulers", "asha,sha")));
        var json = await Compare("--repetitions", "1", "--set", "scheduler.trials=8", "--set", "compare=[{reduction-factor: 2}, {type: asha, reduction-factor: 4}, {trials: }, {type: sha}]");
        Assert.Equal(["ASHA (reduction-factor 2)", "ASHA (reduction-factor 4)", "ASHA (trials left out)", "SHA"], Labels(json));
        Assert.Equal([8, 8, 8], json.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("trials").GetInt32()).Where((_, run) => run != 2));
        Assert.True(json.GetProperty("runs")[2].GetProperty("trials").GetInt32() > 8, "no limit but the horizon");
        Assert.Equal([5, 3, 3, 3], json.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("rungs").GetArrayLength()));
        _box.Write("world.yaml", Drawn[..Drawn.IndexOf("compare:", StringComparison.Ordinal)]);
        Assert.Equal(["SHA", "ASHA"], Labels(await Compare("--repetitions", "1")));
    }

    [Fact]
    public async Task The_headline_says_who_is_ahead_whoever_that_is()
    {
        _box.Write("world.yaml", Drawn.Replace("stragglers: {sigma: 0.56}, drops: 0.005, ", ""));
        var (equal, _) = await Said("--set", "world.slots=1", "--set", "world.horizon=10h", "--set", "compare=[{type: sha, trials: 16}, {type: asha, trials: 16}]");
        Assert.Equal("SHA and ASHA kept the slots equally busy, 100 %.", equal[0]);
        // ASHA with a sixth of the trials: it has less to do, and finds less.
        var (behind, json) = await Said("--repetitions", "20", "--set", "compare=[{type: asha, trials: 4}, {type: sha, trials: 64}]");
        Assert.Matches(@"^SHA kept the slots \d+ % busy, ASHA \d+ %: ASHA lost \d+ % to ", behind[0]);
        Assert.Matches(@"^Trained up to 16 epoch: ASHA 0 in 4.0 s; SHA 4 in ", behind[1]);
        Assert.Matches(@"^Loss of the best trial in the end \(lower is better\): ASHA [\d.]+, SHA [\d.]+; SHA's is better, by [\d.]+ ± [\d.]+\.$", behind[2]);
        var best = json.GetProperty("differences")[0].GetProperty("summary").GetProperty("best");
        Assert.True(best.GetProperty("high").GetDouble() < 0, best.GetRawText());
        // The same where more is better.
        var (more, _) = await Said("--repetitions", "20", "--set", "metric.mode=max", "--set", "compare=[{type: asha, trials: 4}, {type: sha, trials: 64}]");
        Assert.Contains("(higher is better)", more[2]);

        async Task<(string[] Lines, JsonElement Json)> Said(params string[] more)
        {
            var lines = (await _box.Asha(["compare", "world.yaml", "--report", "report.html", .. more])).Exits(0).Out.Split('\n');
            var json = await Compare(["--report", "report.html", .. more]);
            Assert.Equal(json.GetProperty("headline").GetString(), string.Join(' ', lines.TakeWhile(line => line.Trim().Length > 0)));
            return (lines, json);
        }
    }

    [Theory]
    [InlineData("compare=[{type: sha}]", "compare: must name at least two schedulers")]
    [InlineData("compare=sha", "compare: must be a list such as [{type: sha}, {type: asha}], but is 'sha'")]
    [InlineData("compare=[{type: sha}, {type: ashe}]", "scheduler.type: must be one of asha, sha, stopping, but is 'ashe'; did you mean 'asha'?")]
    [InlineData("compare=[{type: sha}, {trails: 3}]", "scheduler.trails: unknown key; did you mean 'trials'?")]
    [InlineData("world.slots=0", "world.slots: must be at least 1, but is 0")]
    public async Task A_mistake_is_told_once(string set, string message)
    {
        var run = (await _box.Asha("compare", "world.yaml", "--set", set)).Exits(2);
        Assert.Contains(message, Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.False(File.Exists(_box.In("drawn-compare.html")));
    }

    [Theory]
    [InlineData("--schedulers", "sha", "wants two to 6 types")]
    [InlineData("--schedulers", "sha,bohb", "--schedulers: scheduler.type: must be one of asha, sha, stopping, but is 'bohb'")]
    [InlineData("--repetitions", "0", "--repetitions 0: must be from 1")]
    public async Task A_wrong_option_is_a_users_error(string option, string value, string message)
        => Assert.Contains(message, (await _box.Asha("compare", "world.yaml", option, value)).Exits(2).Error);

    [Fact]
    public async Task Simulate_runs_the_files_own_scheduler_and_a_wrong_list_is_told_there_too()
    {
        Assert.Equal("asha", (await _box.Asha("simulate", "world.yaml", "--json")).Exits(0).Json().GetProperty("runs")[0].GetProperty("scheduler").GetString());
        Assert.Contains("compare: must be a list", (await _box.Asha("simulate", "world.yaml", "--set", "compare=sha")).Exits(2).Error);
    }
}
