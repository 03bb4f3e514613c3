using System.Text.RegularExpressions;
using Asha.Host.ExperimentFiles;

namespace Asha.Host.Tests.ExperimentFiles;

/// <summary>docs/experiment-file.md says what the reader does.</summary>
public partial class DocumentTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "experiment-file.md"));

    [Fact]
    public void Every_name_from_elsewhere_is_known()
    {
        var rows = Rows("## Names from elsewhere").TakeWhile(row => row[0][0] != "float").ToList();

        Assert.True(rows.Count > 20);
        foreach (var (names, target) in rows.Select(row => (row[0], row[1].Single())))
            Assert.All(names, name => Assert.Equal(target, PeerNames.Keys.Find(target.Contains('*') ? "elsewhere" : "nowhere", name) ?? Own(target, name)));
    }

    [Fact]
    public void Every_type_and_mode_from_elsewhere_is_known()
    {
        var rows = Rows("## Names from elsewhere").SkipWhile(row => row[0][0] != "float").ToList();
        var known = PeerNames.Types.Concat(PeerNames.Modes).Concat(PeerNames.Schedulers).ToDictionary(pair => pair.Key, pair => pair.Value);

        Assert.Equal(known.Count, rows.Sum(row => row[0].Count));
        foreach (var (names, target) in rows.Select(row => (row[0], row[1].Single())))
            Assert.All(names, name => Assert.Equal(target, known[name.Replace('_', '-')]));
    }

    [Fact]
    public void Every_key_is_documented()
    {
        var documented = Rows("## Keys").Concat(Rows("## stop").Select(row => (List<List<string>>)[[$"stop.{row[0][0]}"]]))
            .Select(row => row[0][0]).Order().ToList();

        Assert.Equal(
            ["initial", "metric.mode", "metric.name", "name", "resource.integral", "resource.max", "resource.min", "resource.name", "scheduler.most-trials", "scheduler.reduction-factor",
                "scheduler.repeat", "scheduler.trials", "scheduler.type", "seed", "slots", "space", "stop", "stop.after", "stop.hopeless", "stop.metric", "stop.resource", "stop.trials",
                "trial.checkpoint-budget", "trial.command", "trial.cpus", "trial.directory", "trial.env", "trial.gpus", "trial.labels", "trial.limits", "trial.max-attempts", "trial.max-attempts-by-fault", "trial.memory", "trial.prepare", "trial.prepare-limit", "trial.quarantine", "trial.retry-back-off", "trial.silence-limit", "trial.time-limit"],
            documented);
    }

    [Fact]
    public void The_examples_are_right()
    {
        var blocks = Blocks().Matches(Document).Select(match => match.Groups[1].Value).ToList();

        Assert.Empty(Files.Problems(blocks[0]));
        Assert.Empty(Files.Problems(Regex.Replace(blocks[0], "^initial:.*\n", blocks[3], RegexOptions.Multiline)));
        // All kinds of tries and waits, and of limits, in the first one's trial, which stands last.
        Assert.Empty(Files.Problems(blocks[0] + blocks[1]["trial:\n".Length..] + blocks[2]["trial:\n".Length..]));
    }

    /// <summary>In a parameter the name itself is the answer.</summary>
    private static string? Own(string target, string name) => $"space.*.{PeerNames.Keys.Find("space.x", name)}" is { } found && found == target ? found : null;

    /// <summary>What stands in code quotes in each cell of the tables of a section, row by row.</summary>
    private static IEnumerable<List<List<string>>> Rows(string heading)
    {
        var start = Document.IndexOf(heading + "\n", StringComparison.Ordinal);
        var end = Document.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return Document[start..(end < 0 ? Document.Length : end)].Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Trim('|').Split('|').Select(cell => Code().Matches(cell).Select(match => match.Groups[1].Value).ToList()).ToList());
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
