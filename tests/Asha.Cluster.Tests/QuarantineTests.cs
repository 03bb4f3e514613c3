using System.Diagnostics;
using System.Text.Json.Nodes;
using Asha.Actors.Messages;
using Asha.Cluster.Tests.Harness;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>Three nodes as processes, one of which fails at once whatever it is given, until it is mended. The test leaves the coordinator and its node as they were.</summary>
[Collection(SharedClusters.Lone)]
public sealed class QuarantineTests(ITestOutputHelper print, LoneCluster lone)
{
    [Fact]
    public async Task A_black_hole_is_taken_out_costs_no_trial_and_is_back_when_it_is_mended()
    {
        lone.PrintTo(print);
        var cluster = lone.Cluster;
        (string, string)[] server = [("ASHA_SERVER", lone.Coordinator.Api)];
        var (bad, good) = (cluster.StartNode("node-hole", 2), cluster.StartNode("node-sound", 1));
        await cluster.KnowsAsync("node-hole");
        await cluster.KnowsAsync("node-sound");
        string In(string file) => Path.Combine(cluster.Folder, file);
        var (broken, worked, both, go) = (In("hole-is-broken"), In("hole-worked"), In("hole-worked-twice"), In("go-hole"));
        File.WriteAllText(broken, "");
        // The others have not ended their first jobs when the hole has had many: nothing but its own failures speaks against it yet.
        var spec = cluster.Experiment("hole", 24, $$"""
            if [ $WITNESS_NODE = node-hole ]; then
              if [ -e {{broken}} ]; then echo no GPU; exit 66; fi
              mkdir -p {{worked}}
              touch {{worked}}/$$
              if [ $(ls {{worked}} | wc -l) -ge 2 ]; then touch {{both}}; fi
            else
              while ! [ -e {{go}} ]; do sleep 0.05; done
            fi
            {{ProcessCluster.Steps}}
            rm -f {{worked}}/$$
            """);
        var run = (await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment("hole", spec with { Trial = spec.Trial with { MaxAttempts = 2 } }))).Run;

        async Task<IReadOnlyList<ListedNode>> QuarantinedAsync() => [.. (await cluster.AskUntilAsync<ExperimentList>(new ListExperiments())).Nodes!.Where(node => node.IsQuarantined)];
        await Waiting.UntilAsync("the node is in quarantine", async () => (await QuarantinedAsync()).Count > 0);
        var hole = Assert.Single(await QuarantinedAsync());
        Assert.Equal("node-hole", hole.Node);
        Assert.Matches($@"^{run}: 1\d attempts of \d+ trials failed in a row, the last by exit, exit code 66", Assert.Single(hole.Unfit!));
        Assert.Contains("quarantined", (await AshaCommand.RunAsync(server, "nodes")).Out, StringComparison.Ordinal);
        var listed = JsonNode.Parse((await AshaCommand.RunAsync(server, "nodes", "--json")).Out)!["nodes"]!.AsArray();
        Assert.Equal([("node-hole", true)], listed.Where(node => (bool)node!["quarantined"]!).Select(node => ((string)node!["name"]!, true)));
        var during = JsonNode.Parse((await AshaCommand.RunAsync(server, "show", run, "--json")).Out)!;
        Assert.True((bool)Assert.Single(during["unfitNodes"]!.AsArray())!["quarantined"]!);

        // It gets nothing but a try after 15 s, after 30 s more, and so on.
        File.Delete(broken);
        var begun = Stopwatch.GetTimestamp();
        await Waiting.UntilAsync("it is back", async () => Directory.Exists(worked) && (await QuarantinedAsync()).Count == 0);
        print.WriteLine($"  back {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s after it was mended");
        await Waiting.UntilAsync("it works with both slots", () => File.Exists(both));
        File.WriteAllText(go, "");
        Assert.Equal("completed", (await cluster.EndAsync(run, 120)).Outcome);

        var shown = JsonNode.Parse((await AshaCommand.RunAsync(server, "show", run, "--json")).Out)!;
        print.WriteLine($"  lost: {shown["lostAttempts"]!.ToJsonString()}, failed: {shown["failures"]!.ToJsonString()}");
        Assert.Null(shown["unfitNodes"]);
        Assert.Equal(["node-unfit"], shown["lostAttempts"]!.AsObject().Select(lost => lost.Key));
        var trials = JsonNode.Parse((await AshaCommand.RunAsync(server, "trials", run, "--json")).Out)!;
        var states = (trials as JsonArray ?? trials["trials"]!.AsArray()).Select(trial => (string)trial!["state"]!).ToArray();
        Assert.Equal(24, states.Length);
        Assert.DoesNotContain("failed", states);
        var replayed = await AshaCommand.RunAsync(server, "replay", run);
        Assert.True(replayed.Code == 0, replayed.Out + replayed.Error);

        bad.Signal("TERM");
        good.Signal("TERM");
        Assert.Equal(0, (await bad.EndAsync(Member.Patience)).Code);
        Assert.Equal(0, (await good.EndAsync(Member.Patience)).Code);
    }
}
