using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Asha.Actors.Messages;
using Asha.Cluster.Tests.Harness;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>Three nodes, one of which cannot be prepared, as processes. The test leaves the coordinator and its node as they were.</summary>
[Collection(SharedClusters.Lone)]
public sealed partial class UnfitNodeTests(ITestOutputHelper print, LoneCluster lone)
{
    [Fact]
    public async Task A_run_goes_on_on_the_others_and_loses_no_retry()
    {
        lone.PrintTo(print);
        var cluster = lone.Cluster;
        var (bad, good) = (cluster.StartNode("node-bad", 2), cluster.StartNode("node-good", 1));
        await cluster.KnowsAsync("node-bad");
        await cluster.KnowsAsync("node-good");
        File.WriteAllText(Path.Combine(cluster.Folder, "prepare.sh"), "[ $WITNESS_NODE != node-bad ] || { echo no compiler; exit 3; }");
        var go = Path.Combine(cluster.Folder, "go-unfit");
        var spec = cluster.Experiment("unfit", 8, $"while ! [ -e {go} ]; do sleep 0.02; done\n{ProcessCluster.Steps}");
        // One failure would be one too many.
        var run = (await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment("unfit", spec with { Trial = spec.Trial with { Prepare = ["bash", "prepare.sh"], MaxAttempts = 1 } }))).Run;
        await bad.SaysAsync($"{run}: the preparation failed on this node, and its output is in ", Member.Patience);

        IReadOnlyList<ListedNode> nodes = [];
        await Waiting.UntilAsync("the registry knows why", async () => (nodes = (await cluster.AskUntilAsync<ExperimentList>(new ListExperiments())).Nodes!).Any(node => node.Unfit is not null));
        Assert.Equal([$"{run}: the preparation failed on this node: exit code 3"], Assert.Single(nodes, node => node.Unfit is not null).Unfit!);
        Assert.Equal("node-bad", nodes.Single(node => node.Unfit is not null).Node);
        (string, string)[] server = [("ASHA_SERVER", lone.Coordinator.Api)];
        Assert.Contains($"cannot run {run}: the preparation failed", Flat((await AshaCommand.RunAsync(server, "nodes")).Out), StringComparison.Ordinal);
        File.WriteAllText(go, "");
        Assert.Equal("completed", (await cluster.EndAsync(run, 120)).Outcome);

        var shown = JsonNode.Parse((await AshaCommand.RunAsync(server, "show", run, "--json")).Out)!;
        print.WriteLine($"  lost: {shown["lostAttempts"]!.ToJsonString()}, failed: {shown["failures"]!.ToJsonString()}, unfit: {shown["unfitNodes"]!.ToJsonString()}");
        Assert.Empty(shown["failures"]!.AsObject());
        Assert.Equal(["node-unfit"], shown["lostAttempts"]!.AsObject().Select(lost => lost.Key));
        Assert.InRange(shown["lostAttempts"]!["node-unfit"]!.GetValue<int>(), 1, 2); // Each of its slots was given a job, once.
        Assert.Equal("node-bad", Assert.Single(shown["unfitNodes"]!.AsArray())!["node"]!.GetValue<string>());
        Assert.Contains("node-bad cannot run its trials: the preparation failed on this node: exit code 3: no compiler (once; ", Flat((await AshaCommand.RunAsync(server, "show", run)).Out), StringComparison.Ordinal);
        var replayed = await AshaCommand.RunAsync(server, "replay", run);
        Assert.True(replayed.Code == 0, replayed.Out + replayed.Error);

        bad.Signal("TERM");
        good.Signal("TERM");
        Assert.Equal(0, (await bad.EndAsync(Member.Patience)).Code);
        Assert.Equal(0, (await good.EndAsync(Member.Patience)).Code);
    }

    [Fact]
    public async Task A_run_that_is_paused_while_it_is_prepared_is_so_at_once()
    {
        lone.PrintTo(print);
        var (cluster, pid) = (lone.Cluster, Path.Combine(lone.Cluster.Folder, "preparing"));
        File.WriteAllText(Path.Combine(cluster.Folder, "prepare-long.sh"), $"echo $$ > {pid}.new; mv {pid}.new {pid}; exec sleep 1000");
        var spec = cluster.Experiment("long", 8, ProcessCluster.Steps);
        var run = (await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment("long", spec with { Trial = spec.Trial with { Prepare = ["bash", "prepare-long.sh"] } }))).Run;
        await Waiting.UntilAsync("it is being prepared", () => File.Exists(pid));
        var begun = Stopwatch.GetTimestamp();
        await cluster.AskUntilAsync<RegistryDone>(new PauseExperiment(run)); // This waits for what runs to end.
        Assert.Equal("paused", (await cluster.EndAsync(run, 120)).Outcome);
        print.WriteLine($"  paused after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
        await Waiting.UntilAsync("the preparation is ended", () => !Directory.Exists($"/proc/{File.ReadAllText(pid).Trim()}"));
        Assert.InRange(Stopwatch.GetElapsedTime(begun).TotalSeconds, 0, 20); // Whoever is waited for and does not end is given up only later.
        await cluster.AskUntilAsync<RegistryDone>(new CancelExperiment(run));
        Assert.Equal("cancelled", (await cluster.EndAsync(run, 120)).Outcome);
    }

    /// <summary>A table is as wide as its terminal.</summary>
    private static string Flat(string table) => Spaces().Replace(table, " ");

    [GeneratedRegex("\\s+")]
    private static partial Regex Spaces();
}
