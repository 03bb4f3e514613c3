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
        var run = await wired.RunsAsync();
        await NodeIsCutOffAsync(run, () => wired.Wires.Cut("node-a"));

        var owner = await wired.OwnerAsync(run);
        var (cut, other) = (wired.Coordinators[owner], wired.Coordinators[(owner + 1) % 3]);
        var (said, otherSaid, begun) = (cut.Mark, other.Mark, Stopwatch.GetTimestamp());
        wired.Wires.Cut(ProcessCluster.Coordinator(owner));
        await other.SaysAsync("2 of 3 coordinators up", Member.Patience, otherSaid);
        var next = -1;
        await Witnessed.UntilAsync("another has the run", async () => (next = await wired.OwnerAsync(run, (owner + 1) % 3)) != owner);
        print.WriteLine($"  {ProcessCluster.Coordinator(next)} has the run {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s after the cut");
        var taken = Witnessed.Now;
        await Witnessed.UntilAsync("the majority starts jobs", () => Witnessed.Of(wired.Cluster, run).Any(line => line.Word == "start" && line.At > taken));
        // The minority leaves by itself: nobody can tell it to.
        await cut.SaysAsync("it joins again", Member.Patience, said);
        print.WriteLine($"  the minority has left, {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s after the cut at most");
        wired.Wires.Heal(ProcessCluster.Coordinator(owner));
        await WholeAsync();
        await wired.EndsAsync(run);
    }

    [NamespaceFact(isLong: true)]
    public async Task A_node_that_hears_and_is_not_heard_is_given_up_and_comes_back() => await OneWayAsync(isOut: true);

    [NamespaceFact(isLong: true)]
    public async Task A_node_that_is_heard_and_does_not_hear_is_given_up_and_comes_back() => await OneWayAsync(isOut: false);

    private async Task OneWayAsync(bool isOut)
    {
        await wired.StartAsync(print);
        var run = await wired.RunsAsync();
        await NodeIsCutOffAsync(run, () => wired.Wires.Cut("node-a", isOut, !isOut));
        await wired.EndsAsync(run);
    }

    [NamespaceFact(isLong: true)]
    public async Task A_coordinator_whose_words_go_nowhere_loses_the_run()
    {
        await wired.StartAsync(print);
        var run = await wired.RunsAsync();
        var owner = await wired.OwnerAsync(run);
        wired.Wires.Cut(ProcessCluster.Coordinator(owner), isIn: false);
        await Witnessed.UntilAsync("another has the run", async () => await wired.OwnerAsync(run, (owner + 1) % 3) != owner);
        wired.Wires.Heal(ProcessCluster.Coordinator(owner));
        await WholeAsync();
        await wired.EndsAsync(run);
    }

    [NamespaceFact(isLong: true)]
    public async Task Links_that_flap_lose_nothing()
    {
        await wired.StartAsync(print);
        var run = await wired.RunsAsync();
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

    [NamespaceFact(isLong: true)]
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
        var run = await wired.RunsAsync(18);
        await Witnessed.UntilAsync("jobs start far away", () => Witnessed.Of(wired.Cluster, run).Any(line => line is { Word: "start", Node: "node-far" }));
        await wired.EndsAsync(run);
        print.WriteLine($"  {Witnessed.Of(wired.Cluster, run).Count(line => line is { Word: "start", Node: "node-far" })} jobs far away, by {proxies.Sum(proxy => proxy.Connections)} connections");
        Assert.All(proxies, proxy => Assert.NotEqual(0, proxy.Connections));
        far.Signal("TERM");
        Assert.Equal(0, (await far.EndAsync(Member.Patience)).Code);
        foreach (var proxy in proxies)
            await proxy.DisposeAsync();
    }

    /// <summary>The first node is given up; its trials run on meanwhile; then it is back, with the same processes or none.</summary>
    private async Task NodeIsCutOffAsync(string run, Action cut)
    {
        var (coordinator, node) = (wired.Coordinators[0], wired.Nodes[0]);
        var (said, nodeSaid, begun) = (coordinator.Mark, node.Mark, Stopwatch.GetTimestamp());
        Witnessed[] before = [.. Witnessed.Running(wired.Cluster, run).Where(line => line.Node == "node-a")];
        cut();
        await coordinator.SaysAsync("3 of 3 coordinators up, 1 node\n", Member.Patience, said);
        var missed = Witnessed.Now;
        print.WriteLine($"  missed after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
        // It trains on, whoever hears of it.
        await Witnessed.UntilAsync("its trials report", () => Witnessed.Of(wired.Cluster, run).Any(line => line is { Word: "said", Node: "node-a" } && line.At > missed));
        await node.SaysAsync("cut off", Member.Patience, nodeSaid);
        print.WriteLine($"  it knows after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s; of {before.Length} trials {before.Count(trial => File.Exists($"/proc/{trial.Pid}/environ"))} are there");
        wired.Wires.Heal("node-a");
        await node.SaysAsync("in the cluster again", Member.Patience, nodeSaid);
        await WholeAsync();
        var back = Witnessed.Now;
        await Witnessed.UntilAsync("its trials report", () => Witnessed.Of(wired.Cluster, run).Any(line => line is { Word: "said", Node: "node-a" } && line.At > back));
    }

    /// <summary>Everybody sees everybody.</summary>
    private Task WholeAsync() => Witnessed.UntilAsync("all see all", () => wired.Coordinators.All(coordinator => coordinator.Said.TrimEnd('\n').EndsWith(WiredCluster.Complete.TrimEnd('\n'), StringComparison.Ordinal)));
}

[CollectionDefinition(PartitionTests.Wired)]
public sealed class SharedWired : ICollectionFixture<WiredCluster>;
