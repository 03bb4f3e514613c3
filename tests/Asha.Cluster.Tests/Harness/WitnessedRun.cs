using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests.Harness;

/// <summary>A run whose trials are witnessed, and which goes on until somebody lets it end: whatever is done to the cluster is done in its midst.</summary>
internal sealed class WitnessedRun
{
    private static int _count;

    private readonly ProcessCluster _cluster;

    private WitnessedRun(ProcessCluster cluster, string name) => (_cluster, Name) = (cluster, name);

    /// <summary>As the registry calls it.</summary>
    public string Name { get; }

    private static string Fast(ProcessCluster cluster) => Path.Combine(cluster.Folder, "fast");

    /// <summary>Each step takes more than a second until <see cref="EndsAsync"/>, each job eleven, longer than it takes to give a node up; from then on a moment. Returns when trials are under way.</summary>
    public static async Task<WitnessedRun> StartAsync(ProcessCluster cluster, int trials = 12)
    {
        File.Delete(Fast(cluster));
        var name = $"steps-{Interlocked.Increment(ref _count)}";
        var slow = $"for i in $(seq 12); do [ -e {Fast(cluster)} ] || sleep 0.1; done";
        var steps = Path.Combine(cluster.Folder, $"{name}-alone.sh");
        await File.WriteAllTextAsync(steps, ProcessCluster.Steps.Replace("sleep 0.05", slow, StringComparison.Ordinal));
        var spec = cluster.Experiment(name, trials, $"exec bash {Checker.Scripts}/witness.sh bash {steps}", max: 81, min: 9);
        var run = new WitnessedRun(cluster, (await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment(name, spec))).Run);
        await Waiting.UntilAsync("trials start on all slots", () => run.Lines("start").Count >= 4);
        return run;
    }

    /// <summary>What the witnesses have written so far.</summary>
    public IReadOnlyList<Witnessed> Lines(string word) => [.. Witnessed.Of(_cluster, Name).Where(line => line.Word == word)];

    /// <summary>Trials' processes that are there.</summary>
    public IReadOnlyList<Witnessed> Running() => [.. Lines("start").Where(line => line.IsThere)];

    /// <summary>Waits for a line that is written from now on.</summary>
    public Task GoesOnAsync(string word, string? node = null)
    {
        var now = Witnessed.Now;
        return Waiting.UntilAsync($"'{word}' of {node ?? "any node"}", () => Lines(word).Any(line => line.At > now && (node is null || line.Node == node)));
    }

    /// <summary>Which coordinator has it.</summary>
    /// <param name="asked">Whom to ask.</param>
    public async Task<int> OwnerAsync(int asked = 0)
    {
        var owner = -1;
        await Waiting.UntilAsync("somebody has the run", async () =>
        {
            var at = (await _cluster.AskUntilAsync<ExperimentList>(new ListExperiments(), asked)).Experiments.Single(experiment => experiment.Run == Name).Host?.Path.Address;
            owner = at is null ? -1 : Enumerable.Range(0, _cluster.Hosts.Count).Single(index => (_cluster.Hosts[index], _cluster.Ports[index]) == (at.Host, at.Port));
            return owner >= 0;
        });
        return owner;
    }

    /// <summary>Waits until another coordinator has it.</summary>
    public async Task<int> NextOwnerAsync(int before)
    {
        var owner = before;
        await Waiting.UntilAsync("another has the run", async () => (owner = await OwnerAsync((before + 1) % 3)) != before);
        return owner;
    }

    /// <summary>It comes to its end, and the checker is content.</summary>
    /// <param name="journal">The connection string of the database.</param>
    public async Task EndsAsync(ITestOutputHelper print, string journal)
    {
        File.WriteAllText(Fast(_cluster), "");
        var ended = await _cluster.EndAsync(Name, 180);
        Assert.Equal(("completed", RunPhase.Over), (ended.Outcome, ended.Phase));
        var (code, said) = await Checker.LookAsync(print, journal, Name, _cluster.Folder);
        Assert.True(code == 0, $"the checker ended with {code}: {said}");
    }
}
