using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Cluster.Tests.Harness;
using Asha.Core.Experiments;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>An experiment from outside, tuned by a coordinator and nodes that are processes, to its end; then all leave in order. (Three coordinators, over TLS: the other tests.)</summary>
public sealed class EndToEndTests(ITestOutputHelper print)
{
    [Fact]
    public async Task A_lone_coordinator_with_a_journal_in_its_folder_tunes_on_two_nodes()
    {
        await using var cluster = new ProcessCluster(print, coordinators: 1, isPlain: true);
        await TunesAsync(cluster, "1 of 1 coordinators up, 2 nodes");
    }

    private async Task TunesAsync(ProcessCluster cluster, string complete)
    {
        // Whoever is there before the coordinators says that it waits for them.
        Member[] nodes = [cluster.StartNode("node-a", 2), cluster.StartNode("node-b", 2)];
        await nodes[0].SaysAsync("no coordinator can be reached: 127.0.0.1:", Member.Patience);
        await nodes[0].SaysAsync(": Connection refused", Member.Patience);
        Member[] coordinators = [.. Enumerable.Range(0, cluster.Ports.Count).Select(cluster.StartCoordinator)];
        foreach (var coordinator in coordinators)
            await coordinator.SaysAsync(complete, Member.Patience);
        // Whoever listened on a port that is in use would get some of what is for the other.
        var second = cluster.StartOther("second", "serve", "--insecure", "--listen", cluster.Join, "--join", cluster.Join, "--api", "127.0.0.1:0");
        Assert.Equal(2, (await second.EndAsync(Member.Patience)).Code);
        Assert.Contains($"listen: {cluster.Join}: cannot be listened on", second.Said, StringComparison.Ordinal);
        // Whoever is up may still be announcing itself.
        while ((await cluster.AskUntilAsync<ExperimentList>(new ListExperiments())).Nodes is not { Count: 2 })
            await Task.Delay(50);
        const int Trials = 9;
        var spec = cluster.Experiment("steps", Trials, ProcessCluster.Steps);
        var submitted = await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment("first", spec));
        // Whoever got no answer asks again, and has one experiment.
        var again = await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment("first", spec), cluster.Ports.Count - 1);
        Assert.Equal(submitted.Run, again.Run);
        var ended = await cluster.EndAsync(submitted.Run, 120);
        Assert.Equal(("completed", RunPhase.Over), (ended.Outcome, ended.Phase));

        var events = Assert.Single(coordinators, coordinator => Directory.Exists(Path.Combine(coordinator.Data, "runs", submitted.Run)));
        var record = new RunRecord();
        foreach (var happened in EventLines.ReadIntact(File.ReadAllBytes(Path.Combine(events.Data, "runs", submitted.Run, "events.jsonl"))))
            record.Apply(happened);
        Assert.Equal(Trials, record.State.Trials.Count);
        Assert.Equal(0, record.State.FirstFailures);
        Assert.NotNull(record.State.Best);
        Assert.All(nodes, node => Assert.NotEmpty(Directory.GetFiles(Path.Combine(node.Data, "runs", submitted.Run, "params"))));

        foreach (var member in nodes.Concat(coordinators.Reverse()))
        {
            member.Signal("TERM");
            var (code, took) = await member.EndAsync(Member.Patience);
            print.WriteLine($"  left and gone after {took.TotalSeconds:0.00} s");
            Assert.Equal(0, code);
        }
    }
}
