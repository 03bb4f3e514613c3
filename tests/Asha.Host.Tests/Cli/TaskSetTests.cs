using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace Asha.Host.Tests.Cli;

/// <summary>The vendored tables of real curves, and tables with a row for each trial.</summary>
public sealed class TaskSetTests : IDisposable
{
    private static readonly string _folder = Path.Combine(AppContext.BaseDirectory, "scenarios", "taskset");

    private readonly CliSandbox _box = new();

    public void Dispose() => _box.Dispose();

    private static string World(string name) => Path.Combine(_folder, $"taskset-{name}.yaml");

    /// <summary>The losses of a table, read once more: by trial, then by point.</summary>
    private static double[][] Losses(string name)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Assert.Single(Directory.GetFiles(_folder, $"*{name}*.gz"))), CompressionMode.Decompress));
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')).ToArray();
        Assert.Equal(Enumerable.Range(0, 1000).Select(trial => $"{trial}"), lines.Select(line => line[0]));
        return [.. lines.Select(line => line[9..].Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray())];
    }

    [Theory]
    [InlineData("lstm", "LSTM128", "asha")]
    [InlineData("lstm", "LSTM128", "sha")]
    [InlineData("gru", "GRU128", "asha")]
    [InlineData("vrnn", "VRNN64", "asha")]
    public async Task Each_world_runs_a_thousand_trials_and_reports_what_the_table_says(string world, string table, string type)
    {
        var watch = Stopwatch.StartNew();
        (await _box.Asha("simulate", World(world), "--events", "events.jsonl", "--set", $"scheduler.type={type}")).Exits(0);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}"); // Under one second where nothing else runs.
        var losses = Losses(table);
        Assert.All(losses, curve => Assert.Equal(51, curve.Length));
        var events = File.ReadAllLines(_box.In("events.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var results = events.Where(happened => happened.GetProperty("event").GetString() == "job-completed.1").ToList();
        Assert.Equal(1000, results.Count(result => result.GetProperty("rung").GetInt32() == 0));
        int[] levels = [1, 3, 9, 27];
        foreach (var result in results)
        {
            var (trial, rung) = (result.GetProperty("trial").GetInt32(), result.GetProperty("rung").GetInt32());
            Assert.Equal((levels[rung], losses[trial][levels[rung]]), (result.GetProperty("resource").GetInt32(), result.GetProperty("metric") is { ValueKind: JsonValueKind.Number } metric ? metric.GetDouble() : double.NaN));
        }
        // Nobody is promoted from where it diverged.
        var promotions = events.Where(happened => happened.GetProperty("event").GetString() == "trial-promoted.1").ToList();
        Assert.True(promotions.Count >= 333 + 111 + 37, $"{promotions.Count}");
        Assert.All(promotions, up => Assert.True(double.IsFinite(losses[up.GetProperty("trial").GetInt32()][levels[up.GetProperty("rung").GetInt32()]])));
    }

    [Fact]
    public async Task Eighty_four_configurations_of_the_lstm_diverge_and_none_is_promoted_once_it_has()
    {
        var diverging = Losses("LSTM128").Select((curve, trial) => (curve, trial)).Where(own => own.curve.Any(loss => !double.IsFinite(loss))).Select(own => own.trial).ToHashSet();
        Assert.Equal(84, diverging.Count);
        // With as many trials as the table has, and no more.
        Assert.Contains("scheduler.trials: must be at most 1000, the trials of the table", (await _box.Asha("simulate", World("lstm"), "--set", "scheduler.trials=1001")).Exits(2).Error);
        var run = (await _box.Asha("simulate", World("lstm"), "--json", "--set", "resource.max=50")).Exits(0).Json().GetProperty("runs")[0];
        // 57 have diverged at point 1 already. Of the others one, trial 400, is among the best at points 1 and 3, and diverges after that.
        var promoted = run.GetProperty("promotions").EnumerateArray().Where(up => diverging.Contains(up.GetProperty("trial").GetInt32())).Select(up => $"{up.GetProperty("trial")} from {up.GetProperty("rung")}");
        Assert.Equal(["400 from 0", "400 from 1"], promoted);
        Assert.DoesNotContain(run.GetProperty("best").GetProperty("trial").GetInt32(), diverging);
    }

    private const string Wide = """
        name: wide
        metric: {name: loss, mode: min}
        resource: {name: epoch, min: 1, max: 4}
        scheduler: {type: sha, reduction-factor: 2}
        world: {slots: 1, table: curves.csv}

        """;

    [Fact]
    public async Task A_row_for_each_trial_takes_as_long_as_the_world_says()
    {
        _box.Write("world.yaml", Wide);
        _box.Write("curves.csv", "name,v4,v0,v1,v2\na,0.3,9,0.5,0.4\nb,0.1,9,0.6,0.2\nc,nan,9,nan,inf\nd,0.2,9,0.4,0.3\n");
        var run = (await _box.Asha("simulate", "world.yaml", "--json")).Exits(0).Json().GetProperty("runs")[0];
        // 4 trials to 1, the best 2 (d, a) to 2, the better of them (d) to 4: 4 + 2 + 2 s.
        Assert.Equal((8, 3, .2), (run.GetProperty("endTime").GetDouble(), run.GetProperty("best").GetProperty("trial").GetInt32(), run.GetProperty("best").GetProperty("metric").GetDouble()));
        run = (await _box.Asha("simulate", "world.yaml", "--json", "--set", "world.seconds-per-unit=2.5", "--set", "world.cost=restart")).Exits(0).Json().GetProperty("runs")[0];
        Assert.Equal(2.5 * (4 + 2 * 2 + 4), run.GetProperty("endTime").GetDouble());
    }

    [Theory]
    [InlineData("v1,v2\n1,2\n", "has no row of trial 0 at epoch 4, the level of a rung")]
    [InlineData("v1,v2,v4\n1,2,3\n1,,3\n", "line 3: v2 must be a number, nan, inf or -inf, but is ''")]
    [InlineData("v1,v2,v2.0,v4\n1,2,2,3\n", "has two columns for the same resource, v2 and v2.0")]
    [InlineData("v1,v2,v4\n", "has no rows")]
    [InlineData("v1,v2,v4\n1,2\n", "line 2: v4 must be a number")]
    [InlineData("a,b\n1,2\n", "must begin with a line that names the columns trial, resource, metric, seconds, or, of a table with a row for each trial, v1, v2 and so on")]
    public async Task A_mistake_in_a_wide_table_is_told_with_its_place(string csv, string message)
    {
        _box.Write("world.yaml", Wide);
        _box.Write("curves.csv", csv);
        Assert.Contains($"world.table: {message}", (await _box.Asha("simulate", "world.yaml")).Exits(2).Error);
    }

    [Fact]
    public async Task What_is_not_gzipped_though_its_name_says_so_is_a_users_error()
    {
        _box.Write("world.yaml", Wide);
        _box.Write("curves.csv.gz", "v1,v2,v4\n1,2,3\n");
        Assert.Contains("world.table: cannot be read", (await _box.Asha("simulate", "world.yaml", "--set", "world.table=curves.csv.gz")).Exits(2).Error);
    }
}
