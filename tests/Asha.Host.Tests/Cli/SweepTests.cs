using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Asha.Host.Tests.Plots;

namespace Asha.Host.Tests.Cli;

/// <summary><c>asha sweep</c>, as a user runs it.</summary>
public sealed class SweepTests : IDisposable
{
    /// <summary>So many drops that some runs train no trial to the end before the horizon.</summary>
    private const string World = """
        name: worlds
        seed: 5
        metric: {name: loss, mode: min}
        resource: {name: epoch, min: 1, max: 16}
        scheduler: {reduction-factor: 4}
        trial: {max-attempts: 1}
        world: {slots: 4, curve: {type: power-law, noise: 0.01}, stragglers: {sigma: 0.56}, horizon: 60s}
        compare: [{type: sha, trials: 16, repeat: overlap}, {type: asha}]
        sweep:
          world.stragglers.sigma: [0.1, 1.33]
          world.drops: [0, 0.05, 0.1]

        """;

    private readonly CliSandbox _box = new();

    public SweepTests() => _box.Write("world.yaml", World);

    public void Dispose() => _box.Dispose();

    private async Task<JsonElement> Sweep(params string[] more) => (await _box.Asha(["sweep", "world.yaml", "--json", "--set", "world.repetitions=6", .. more])).Exits(0).Json();

    private List<Dictionary<string, string>> Runs()
    {
        var lines = File.ReadAllLines(_box.In("worlds-sweep/runs.csv")).Select(line => line.Split(',')).ToList();
        return [.. lines.Skip(1).Select(line => lines[0].Zip(line).ToDictionary(cell => cell.First, cell => cell.Second))];
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_combination_has_the_figures_that_simulate_has_of_it()
    {
        var cell = (await Sweep()).GetProperty("cells").EnumerateArray().Single(cell => cell.GetProperty("settings").GetRawText() == """{"world.stragglers.sigma":1.33,"world.drops":0.05}""");
        var schedulers = cell.GetProperty("schedulers").EnumerateArray().ToList();
        Assert.Equal(["overlapping SHA", "ASHA"], schedulers.Select(one => one.GetProperty("label").GetString()));
        foreach (var (type, at) in new[] { ("{type: sha, reduction-factor: 4, trials: 16, repeat: overlap}", 0), ("{type: asha, reduction-factor: 4}", 1) })
        {
            var alone = (await _box.Asha("simulate", "world.yaml", "--repetitions", "6", "--json", "--set", $"scheduler={type}", "--set", "world.stragglers.sigma=1.33", "--set", "world.drops=0.05")).Exits(0).Json();
            Assert.Equal(alone.GetProperty("summary").GetRawText(), schedulers[at].GetProperty("summary").GetRawText());
            if (at == 1)
            {
                var rows = Runs().Where(run => run["world.stragglers.sigma"] == "1.33" && run["world.drops"] == "0.05" && run["scheduler"] == "ASHA");
                Assert.Equal(alone.GetProperty("runs").EnumerateArray().Select(run => $"{run.GetProperty("seed")} {run.GetProperty("fullyTrained")} {run.GetProperty("endTime")}"), rows.Select(run => $"{run["seed"]} {run["fully-trained"]} {run["end-time"]}"));
            }
        }
    }

    [Fact]
    public async Task A_run_without_a_first_counts_as_the_horizon_and_differences_are_taken_of_all_seeds()
    {
        var json = await Sweep("--set", "compare=[{type: sha, trials: 16}, {type: asha}]");
        var hollow = 0;
        foreach (var cell in json.GetProperty("cells").EnumerateArray())
        {
            var settings = cell.GetProperty("settings");
            // From the runs, without any code of Asha's.
            var firsts = Runs().Where(run => Number(run["world.drops"]) == settings.GetProperty("world.drops").GetDouble() && Number(run["world.stragglers.sigma"]) == settings.GetProperty("world.stragglers.sigma").GetDouble())
                .GroupBy(run => run["scheduler"]).ToDictionary(runs => runs.Key, runs => runs.Select(run => run["first-fully-trained"]).ToList());
            foreach (var scheduler in cell.GetProperty("schedulers").EnumerateArray())
            {
                var all = firsts[scheduler.GetProperty("label").GetString()!];
                var had = all.Where(first => first.Length > 0).ToList();
                hollow += had.Count < 6 ? 1 : 0;
                Assert.Equal(had.Count, scheduler.GetProperty("summary").GetProperty("firstFullyTrained").GetProperty("count").GetInt32());
                var bounded = scheduler.GetProperty("bounded").GetProperty("firstFullyTrained");
                Assert.Equal(6, bounded.GetProperty("count").GetInt32());
                Assert.Equal(all.Average(first => first.Length > 0 ? Number(first) : 60), bounded.GetProperty("mean").GetDouble(), 9);
            }
            var difference = cell.GetProperty("differences")[0].GetProperty("summary").GetProperty("firstFullyTrained");
            Assert.Equal(6, difference.GetProperty("count").GetInt32());
            Assert.Equal(firsts["ASHA"].Zip(firsts["SHA"]).Average(pair => Bounded(pair.First) - Bounded(pair.Second)), difference.GetProperty("mean").GetDouble(), 9);
        }
        Assert.InRange(hollow, 1, 11);
        var told = (await _box.Asha("sweep", "world.yaml", "--repetitions", "6")).Exits(0).Out;
        Assert.Matches(@"≥ [\d.]+ \([\d.]+ to [\d.]+\), \d of", told);
        Assert.Contains("counts as the horizon, so that such a mean (≥) is a lower bound", told);
        Assert.Contains("ASHA is clearly higher than overlapping SHA in ", told);

        static double Bounded(string first) => first.Length > 0 ? Number(first) : 60;
    }

    [Fact]
    public async Task Without_a_horizon_there_is_nothing_that_they_could_count_as()
    {
        _box.Write("world.yaml", World.Replace(", horizon: 60s", ""));
        string[] ends = ["sweep", "world.yaml", "--repetitions", "6", "--set", "compare=[{type: sha, trials: 16}, {type: asha, trials: 16}]"];
        var told = (await _box.Asha(ends)).Exits(0).Out;
        Assert.DoesNotContain("≥", told);
        Assert.Contains("Times: means of the runs that had it, where there is no horizon", told);
        // Neither has one that stops at what it finds.
        _box.Write("world.yaml", World + "stop: {metric: 0.1}\n");
        Assert.All((await Sweep("--over", "world.drops=[0.1]")).GetProperty("cells").EnumerateArray(), cell => Assert.Equal(JsonValueKind.Null, cell.GetProperty("horizon").ValueKind));
    }

    [Fact]
    public async Task Keys_come_from_the_file_and_the_command_line_takes_their_place_or_adds_to_them()
    {
        var json = await Sweep("--repetitions", "1", "--schedulers", "asha", "--over", "world.drops=[0.1]", "--over", "scheduler.reduction-factor=[2, 4]", "--over", "world.curve=[{type: power-law}, {type: crossing, at: 4}]");
        Assert.Equal(["world.stragglers.sigma", "world.drops", "scheduler.reduction-factor", "world.curve"], json.GetProperty("keys").EnumerateArray().Select(key => key.GetString()));
        var cells = json.GetProperty("cells").EnumerateArray().ToList();
        Assert.Equal(8, cells.Count);
        // The last one changes fastest; numbers are numbers.
        Assert.Equal("""{"world.stragglers.sigma":0.1,"world.drops":0.1,"scheduler.reduction-factor":2,"world.curve":"{type: crossing, at: 4}"}""", cells[1].GetProperty("settings").GetRawText());
        Assert.Equal("""{"world.stragglers.sigma":1.33,"world.drops":0.1,"scheduler.reduction-factor":2,"world.curve":"{type: power-law}"}""", cells[4].GetProperty("settings").GetRawText());
        Assert.All(cells, cell => Assert.Equal(("ASHA", 0), (cell.GetProperty("schedulers")[0].GetProperty("label").GetString(), cell.GetProperty("differences").GetArrayLength())));
        Assert.All(json.GetProperty("files").EnumerateArray(), file => Assert.True(File.Exists(_box.In(file.GetString()!))));
    }

    [Theory]
    [InlineData("world.dorps=[0, 0.1]", "--over world.dorps: unknown key; did you mean 'drops'?")]
    [InlineData("world.drops=[0, 2]", "--over world.drops: must be at most 1, but is 2")]
    [InlineData("world.drops=[0, much]", "--over world.drops: must be a number, but is 'much'")]
    [InlineData("world.drops=0.1", "--over world.drops: must be a list such as [0, 0.01], but is '0.1'")]
    [InlineData("world.drops=[]", "--over world.drops: must have at least one value")]
    [InlineData("world.drops=[0.1, 0.2, 0.1]", "--over world.drops: has the value 0.1 twice")]
    [InlineData("world.drops=[0", "--over world.drops: is not YAML: ")]
    [InlineData("world.drops", "--over world.drops: wants path=list")]
    [InlineData("world..drops=[1]", "--over world..drops: is not a path such as")]
    [InlineData("seed=[1, 2]", "--over seed: cannot be swept: seed is the same in all combinations")]
    [InlineData("compare[0].trials=[1, 2]", "--over compare[0].trials: cannot be swept: compare says which schedulers")]
    [InlineData("world=[{slots: 1}]", "--over world: and world.stragglers.sigma cannot both be swept")]
    [InlineData("scheduler.type=[sha, asha]", "--over scheduler.type: would change nothing: every scheduler that is compared says its own type")]
    public async Task A_mistake_in_what_is_swept_is_told_before_anything_runs(string over, string message)
    {
        var run = (await _box.Asha("sweep", "world.yaml", "--over", over)).Exits(2);
        Assert.Contains(message, Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal("", run.Out);
        Assert.False(Directory.Exists(_box.In("worlds-sweep")));
    }

    [Fact]
    public async Task A_mistake_in_the_file_has_its_line_and_simulate_tells_it_too()
    {
        _box.Write("world.yaml", World.Replace("[0, 0.05, 0.1]", "[0, 0.05, 1.5]"));
        Assert.Contains("world.yaml:11:26: world.drops: must be at most 1, but is 1.5", (await _box.Asha("sweep", "world.yaml")).Exits(2).Error);
        // To simulate and compare it is only a list.
        (await _box.Asha("simulate", "world.yaml", "--set", "scheduler.type=asha")).Exits(0);
        (await _box.Asha("compare", "world.yaml", "--repetitions", "1")).Exits(0);
        _box.Write("world.yaml", World.Replace("[0, 0.05, 0.1]", "0.1"));
        foreach (var command in new[] { "simulate", "compare", "sweep" })
            Assert.Contains("world.yaml:11:16: sweep.world.drops: must be a list such as [0, 0.01], but is '0.1'", (await _box.Asha(command, "world.yaml")).Exits(2).Error);
        _box.Write("world.yaml", World[..World.IndexOf("sweep:", StringComparison.Ordinal)]);
        Assert.Contains("sweep: is missing", (await _box.Asha("sweep", "world.yaml")).Exits(2).Error);
        _box.Write("world.yaml", World);
        Assert.Contains("asha: --set world.drops: is swept; say --over 'world.drops=[…]'", (await _box.Asha("sweep", "world.yaml", "--set", "world.drops=0.1")).Exits(2).Error);
    }

    [Fact]
    public async Task Too_much_is_refused()
    {
        string Many(int count) => $"[{string.Join(", ", Enumerable.Range(1, count))}]";
        Assert.Contains("makes 1,200 combinations (2 × 3 × 200); at most 1,000", (await _box.Asha("sweep", "world.yaml", "--over", $"world.slots={Many(200)}")).Exits(2).Error);
        Assert.Contains("6 combinations with 2 schedulers and 100,000 repetitions are 1,200,000 runs; at most 200,000", (await _box.Asha("sweep", "world.yaml", "--repetitions", "100000")).Exits(2).Error);
    }

    [Fact]
    public async Task A_sweeps_folder_is_written_over_and_no_other()
    {
        string[] sweep = ["sweep", "world.yaml", "--repetitions", "1", "--over", "world.drops=[0]", "--out", "out"];
        Directory.CreateDirectory(_box.In("out"));
        (await _box.Asha(sweep)).Exits(0);
        (await _box.Asha(sweep)).Exits(0);
        Assert.Equal(2 * 2 + 1, File.ReadAllLines(_box.In("out/runs.csv")).Length);
        _box.Write("out/runs.csv", "mine");
        Assert.Contains("asha: out: is there already, and is no folder of a sweep", (await _box.Asha(sweep)).Exits(2).Error);
        Assert.Equal("mine", File.ReadAllText(_box.In("out/runs.csv")));
        (await _box.Asha([.. sweep, "--force"])).Exits(0);
        Assert.Contains("--out world.yaml: is a file", (await _box.Asha([.. sweep[..^1], "world.yaml"])).Exits(2).Error);
    }

    [Fact]
    public async Task Pictures_have_a_panel_for_each_value_of_a_key_and_a_dot_for_each_mean()
    {
        await Sweep("--over", "trial.max-attempts=[1, 100]", "--over", "world.drops=[0, 0.05, 0.1]", "--over", "world.slots=[2, 4]");
        foreach (var name in new[] { "fully-trained", "first", "best", "utilization", "mispromotions" })
        {
            var picture = XDocument.Load(_box.In($"worlds-sweep/{name}.svg"));
            Assert.Equal([0x89, .. "PNG"u8], File.ReadAllBytes(_box.In($"worlds-sweep/{name}.png"))[..4]);
            var texts = SvgText.In(picture);
            for (var one = 0; one < texts.Count; one++)
                Assert.All(texts.Skip(one + 1), other => Assert.False(texts[one].Overlaps(other), $"{name}: '{texts[one]}' and '{other}'"));
            // sigma × drops × max-attempts; slots on the axis.
            Assert.Equal(12, texts.Count(text => text.Text.StartsWith("max-attempts ", StringComparison.Ordinal)));
            Assert.Contains(texts, text => text.Text == "max-attempts 100, drops 0.05, sigma 1.33");
            Assert.Contains("overlapping SHA", texts.Select(text => text.Text));
            // A dot is a line of no length as wide as the dot: 24 means of each scheduler, and the legend's.
            var dots = picture.Descendants().Where(path => path.Attribute("stroke-width")?.Value == "9").Sum(path => path.Attribute("d")!.Value.Count(character => character == 'M'));
            var hollow = texts.Any(text => text.Text.StartsWith("hollow: not all runs had it", StringComparison.Ordinal));
            Assert.Equal(name == "first", hollow);
            Assert.Equal(2 * 24 + 2 + (hollow ? 1 : 0), dots);
        }
        Assert.StartsWith("| sigma | drops | max-attempts | slots |  | fully trained, to 16 epoch |", File.ReadAllText(_box.In("worlds-sweep/table.md")));
        Assert.Equal(2 + 24 * 3, File.ReadAllLines(_box.In("worlds-sweep/table.md")).Length);
    }
}
