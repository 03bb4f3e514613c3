using System.Diagnostics;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Cluster.Tests.Harness;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>Coordinators that are killed, frozen until the others give them up, or leave. Each test leaves three of them at work.</summary>
[Collection(SharedClusters.Three)]
public sealed class CoordinatorFailureTests(ITestOutputHelper print, ThreeCoordinators three)
{
    [Fact]
    public async Task The_registry_is_elsewhere_soon_after_its_coordinator_was_killed_and_has_forgotten_nothing()
    {
        three.PrintTo(print);
        var (cluster, coordinators) = (three.Cluster, three.Coordinators);
        // Its trials do not end: it stays open.
        var run = (await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment("killed", cluster.Experiment("open", 9, "sleep 600")))).Run;
        var drained = cluster.StartNode("node-c", 1);
        await Waiting.UntilAsync("node-c has one of them", () => Directory.Exists(Path.Combine(drained.Data, "runs", run)));
        var before = await cluster.AskUntilAsync<ExperimentList>(new ListExperiments());
        var killed = Index(cluster, before);
        // Who has just been told to drain a node is gone at once.
        await cluster.AskAsync<RegistryDone>(new DrainMember("node-c"));
        coordinators[killed].Signal("KILL");
        await coordinators[killed].EndAsync(Member.Patience);
        var (after, took) = await NextAsync(cluster, before, (killed + 1) % 3);
        print.WriteLine($"  epoch {before.Epoch} before, {after.Epoch} after {took.TotalSeconds:0.0} s");
        Assert.True(after.Epoch == before.Epoch + 1, $"epoch {before.Epoch}, then {after.Epoch}\n{three.RegistryStory()}");
        Assert.Contains(after.Experiments, experiment => (experiment.Run, experiment.Phase) == (run, RunPhase.Open));
        var other = (killed + 1) % 3;
        await Waiting.UntilAsync("all nodes have said who they are", async () => (after = await cluster.AskUntilAsync<ExperimentList>(new ListExperiments(), other)).Nodes?.Count == 3);
        Assert.Equal([("node-a", false), ("node-b", false), ("node-c", true)], after.Nodes!.Select(node => (node.Node, node.IsDraining)));
        Assert.False(drained.HasEnded); // It has a job.
        await cluster.AskUntilAsync<RegistryDone>(new CancelExperiment(run), other);
        Assert.Equal("cancelled", (await cluster.EndAsync(run, 120, other)).Outcome);
        Assert.Equal(0, (await drained.EndAsync(Member.Patience)).Code);
        // The one that was killed comes back as if nothing had been.
        coordinators[killed] = cluster.StartCoordinator(killed);
        await coordinators[killed].SaysAsync(ThreeCoordinators.Complete, Member.Patience);
        Assert.Equal(after.Epoch, (await cluster.AskUntilAsync<ExperimentList>(new ListExperiments(), killed)).Epoch);
    }

    [Fact]
    public async Task A_coordinator_that_was_frozen_until_another_took_over_comes_back_and_writes_nothing_as_its_old_self()
    {
        three.PrintTo(print);
        var (cluster, coordinators) = (three.Cluster, three.Coordinators);
        var before = await cluster.AskUntilAsync<ExperimentList>(new ListExperiments());
        var index = Index(cluster, before);
        var (frozen, other) = (coordinators[index], (index + 1) % 3);
        var (said, otherSaid) = (frozen.Mark, coordinators[other].Mark);
        frozen.Signal("STOP");
        await coordinators[other].SaysAsync("2 of 3 coordinators up", Member.Patience, otherSaid);
        var (_, took) = await NextAsync(cluster, before, other);
        print.WriteLine($"  another registry after {took.TotalSeconds:0.0} s");
        var run = (await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment("frozen", cluster.Experiment("meanwhile", 9, "sleep 600")), other)).Run;
        otherSaid = coordinators[other].Mark;
        var begun = Stopwatch.GetTimestamp();
        frozen.Signal("CONT");
        await frozen.SaysAsync("given up by the others", Member.Patience, said);
        print.WriteLine($"  it knows after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
        await frozen.SaysAsync(ThreeCoordinators.Complete, Member.Patience, frozen.Mark);
        print.WriteLine($"  back after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
        await coordinators[other].SaysAsync(ThreeCoordinators.Complete, Member.Patience, otherSaid);
        // Asked by way of the one that was frozen: it knows what happened without it, and the epoch is the other's.
        var after = await cluster.AskUntilAsync<ExperimentList>(new ListExperiments(), index);
        Assert.True(after.Epoch == before.Epoch + 1, $"epoch {before.Epoch}, then {after.Epoch}\n{three.RegistryStory()}");
        Assert.Contains(after.Experiments, experiment => experiment.Run == run);
        Assert.NotEqual(before.Where, after.Where);
        await cluster.AskUntilAsync<RegistryDone>(new CancelExperiment(run));
        Assert.Equal("cancelled", (await cluster.EndAsync(run, 120)).Outcome);
    }

    [Fact]
    public async Task A_coordinator_that_leaves_hands_over_what_it_has_at_once()
    {
        three.PrintTo(print);
        var (cluster, coordinators) = (three.Cluster, three.Coordinators);
        var run = (await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment("leave", cluster.Experiment("leave", 9, "sleep 600")))).Run;
        var before = await cluster.AskUntilAsync<ExperimentList>(new ListExperiments());
        var leaves = Index(cluster, before);
        var begun = Stopwatch.GetTimestamp();
        coordinators[leaves].Signal("TERM");
        var (after, registry) = await NextAsync(cluster, before, (leaves + 1) % 3);
        TimeSpan? awake = null;
        while (awake is null)
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < Member.Patience, "nobody has taken the run over");
            var listed = (await cluster.AskUntilAsync<ExperimentList>(new ListExperiments(), (leaves + 1) % 3)).Experiments.Single(experiment => experiment.Run == run);
            if (listed.Host is not null)
                awake = Stopwatch.GetElapsedTime(begun);
        }
        var (code, _) = await coordinators[leaves].EndAsync(Member.Patience);
        print.WriteLine($"  after SIGTERM: the registry answers elsewhere after {registry.TotalSeconds:0.0} s, the run is awake after {awake.Value.TotalSeconds:0.0} s, the process is gone after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s at most");
        Assert.Equal(0, code);
        Assert.True(after.Epoch == before.Epoch + 1, $"epoch {before.Epoch}, then {after.Epoch}\n{three.RegistryStory()}");
        coordinators[leaves] = cluster.StartCoordinator(leaves);
        await coordinators[leaves].SaysAsync(ThreeCoordinators.Complete, Member.Patience);
        await cluster.AskUntilAsync<RegistryDone>(new CancelExperiment(run));
        Assert.Equal("cancelled", (await cluster.EndAsync(run, 120)).Outcome);
    }

    private static int Index(ProcessCluster cluster, ExperimentList list) => Enumerable.Range(0, 3).Single(index => list.Where.EndsWith($":{cluster.Ports[index]}", StringComparison.Ordinal));

    /// <summary>What the next registry says, and when.</summary>
    private static async Task<(ExperimentList After, TimeSpan Took)> NextAsync(ProcessCluster cluster, ExperimentList before, int coordinator)
    {
        for (var begun = Stopwatch.GetTimestamp(); ;)
        {
            var after = await cluster.AskUntilAsync<ExperimentList>(new ListExperiments(), coordinator);
            if (after.Epoch != before.Epoch)
                return (after, Stopwatch.GetElapsedTime(begun));
            Assert.True(Stopwatch.GetElapsedTime(begun) < Member.Patience, "no other registry");
            await Task.Delay(50);
        }
    }
}
