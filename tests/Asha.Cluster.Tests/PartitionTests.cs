using System.Diagnostics;
using Asha.Cluster.Tests.Harness;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>Members whose network is cut: wholly, one way, again and again, or slow. After each the run comes to its end, and the external checker looks.</summary>
[Collection(Wired)]
public sealed class PartitionTests(ITestOutputHelper print, WiredCluster wired)
{
    internal const string Wired = "members in network namespaces";

    [NamespaceFact]
    public async Task A_node_and_then_the_coordinator_of_the_run_are_cut_off_and_come_back()
    {
        await wired.StartAsync(print);
        var run = await WitnessedRun.StartAsync(wired.Cluster);
        await NodeIsCutOffAsync(run, () => wired.Wires.Cut("node-a"));

        var owner = await run.OwnerAsync();
        var (cut, other) = (wired.Coordinators[owner], wired.Coordinators[(owner + 1) % 3]);
        var (said, otherSaid, begun) = (cut.Mark, other.Mark, Stopwatch.GetTimestamp());
        wired.Wires.Cut(ProcessCluster.Coordinator(owner));
        await other.SaysAsync("2 of 3 coordinators up", Member.Patience, otherSaid);
        var next = await run.NextOwnerAsync(owner);
        print.WriteLine($"  {ProcessCluster.Coordinator(next)} has the run {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s after the cut");
        await run.GoesOnAsync("start");
        // The minority leaves by itself: nobody can tell it to.
        await cut.SaysAsync("it joins again", Member.Patience, said);
        print.WriteLine($"  the minority has left, {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s after the cut at most");
        wired.Wires.Heal(ProcessCluster.Coordinator(owner));
        await WholeAsync();
        await wired.EndsAsync(run);
    }

    [NamespaceFact]
    public async Task A_node_that_hears_and_is_not_heard_is_given_up_and_comes_back() => await OneWayAsync(isOut: true);

    [NamespaceFact]
    public async Task A_node_that_is_heard_and_does_not_hear_is_given_up_and_comes_back() => await OneWayAsync(isOut: false);

    private async Task OneWayAsync(bool isOut)
    {
        await wired.StartAsync(print);
        var run = await WitnessedRun.StartAsync(wired.Cluster);
        await NodeIsCutOffAsync(run, () => wired.Wires.Cut("node-a", isOut, !isOut));
        await wired.EndsAsync(run);
    }

    [NamespaceFact]
    public async Task A_coordinator_whose_words_go_nowhere_loses_the_run()
    {
        await wired.StartAsync(print);
        var run = await WitnessedRun.StartAsync(wired.Cluster);
        var owner = await run.OwnerAsync();
        wired.Wires.Cut(ProcessCluster.Coordinator(owner), isIn: false);
        await run.NextOwnerAsync(owner);
        wired.Wires.Heal(ProcessCluster.Coordinator(owner));
        await WholeAsync();
        await wired.EndsAsync(run);
    }

    [NamespaceFact]
    public async Task Links_that_flap_lose_nothing()
    {
        await wired.StartAsync(print);
        var run = await WitnessedRun.StartAsync(wired.Cluster);
        // Shorter and longer than it takes to suspect somebody, and than it takes to give it up.
        foreach (var (member, seconds) in new[] { ("node-a", 1.0), ("node-b", 3), ("node-a", 3), ("coordinator-1", 2), ("node-b", 8), ("coordinator-2", 4), ("node-a", 5), ("coordinator-3", 1), ("coordinator-1", 5) })
        {
            wired.Wires.Cut(member);
            await Task.Delay(TimeSpan.FromSeconds(seconds)); // What is tried here.
            wired.Wires.Heal(member);
            await Task.Delay(TimeSpan.FromSeconds(1.5));
        }
        await WholeAsync();
        await wired.EndsAsync(run);
    }

    [NamespaceFact]
    public async Task A_node_far_away_is_given_jobs_as_any_other()
    {
        await wired.StartAsync(print);
        var proxies = new List<TcpProxy>();
        for (var index = 0; index < 3; index++)
        {
            proxies.Add(new TcpProxy(wired.Wires.Here, new(System.Net.IPAddress.Parse(wired.Cluster.Hosts[index]), 7600), TimeSpan.FromMilliseconds(300)));
            wired.Wires.Add("node-far");
            wired.Wires.Redirect("node-far", wired.Cluster.Hosts[index], 7600, proxies[index].Port);
        }
        var said = wired.Coordinators[0].Mark;
        var far = wired.Cluster.StartNode("node-far", 1);
        await wired.Coordinators[0].SaysAsync("3 of 3 coordinators up, 3 nodes", Member.Patience, said);
        await wired.Cluster.KnowsAsync("node-far");
        var run = await WitnessedRun.StartAsync(wired.Cluster, 18);
        await run.GoesOnAsync("said", "node-far");
        await wired.EndsAsync(run);
        print.WriteLine($"  {run.Lines("start").Count(line => line.Node == "node-far")} jobs far away, by {proxies.Sum(proxy => proxy.Connections)} connections");
        Assert.All(proxies, proxy => Assert.NotEqual(0, proxy.Connections));
        far.Signal("TERM");
        Assert.Equal(0, (await far.EndAsync(Member.Patience)).Code);
        foreach (var proxy in proxies)
            await proxy.DisposeAsync();
    }

    /// <summary>The first node is given up; its trials run on meanwhile; then it is back, with the same processes or none.</summary>
    private async Task NodeIsCutOffAsync(WitnessedRun run, Action cut)
    {
        var (coordinator, node) = (wired.Coordinators[0], wired.Nodes[0]);
        var (said, nodeSaid, begun) = (coordinator.Mark, node.Mark, Stopwatch.GetTimestamp());
        Witnessed[] before = [.. run.Running().Where(trial => trial.Node == "node-a")];
        cut();
        await coordinator.SaysAsync("3 of 3 coordinators up, 1 node\n", Member.Patience, said);
        print.WriteLine($"  missed after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
        // It trains on, whoever hears of it.
        await run.GoesOnAsync("said", "node-a");
        await node.SaysAsync("cut off", Member.Patience, nodeSaid);
        print.WriteLine($"  it knows after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s; of {before.Length} trials {before.Count(trial => trial.IsThere)} are there");
        wired.Wires.Heal("node-a");
        await node.SaysAsync("in the cluster again", Member.Patience, nodeSaid);
        await WholeAsync();
        await run.GoesOnAsync("said", "node-a");
    }

    /// <summary>Everybody sees everybody.</summary>
    private Task WholeAsync() => Waiting.UntilAsync("all see all", () => wired.Coordinators.All(coordinator => coordinator.Said.TrimEnd('\n').EndsWith(WiredCluster.Complete.TrimEnd('\n'), StringComparison.Ordinal)));
}

[CollectionDefinition(PartitionTests.Wired)]
public sealed class SharedWired : ICollectionFixture<WiredCluster>;
