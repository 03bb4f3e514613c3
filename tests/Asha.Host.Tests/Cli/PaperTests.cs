namespace Asha.Host.Tests.Cli;

/// <summary>The paper's two statements in words, where they should hold: examples/paper/README.md has all of its workloads.</summary>
public sealed class PaperTests : IDisposable
{
    private readonly CliSandbox _box = new();

    public void Dispose() => _box.Dispose();

    [Fact]
    public async Task Asha_trains_more_where_stragglers_are_slow_and_returns_its_first_sooner_where_jobs_are_dropped_too()
    {
        var paper = Path.Combine(AppContext.BaseDirectory, "paper", "paper.yaml");
        var json = (await _box.Asha("sweep", paper, "--json", "--repetitions", "16", "--over", "world.stragglers.sigma=[1.33]", "--over", "world.drops=[0.003]")).Exits(0).Json();
        var cells = json.GetProperty("cells").EnumerateArray().ToList();
        // A dropped job is lost, or tried again.
        Assert.Equal([1, 1000], cells.Select(cell => cell.GetProperty("settings").GetProperty("trial.max-attempts").GetInt32()));
        foreach (var cell in cells)
        {
            var difference = cell.GetProperty("differences")[0].GetProperty("summary");
            Assert.True(difference.GetProperty("fullyTrained").GetProperty("low").GetDouble() > 0, cell.GetRawText());
            Assert.True(difference.GetProperty("firstFullyTrained").GetProperty("high").GetDouble() < 0, cell.GetRawText());
        }
    }
}
