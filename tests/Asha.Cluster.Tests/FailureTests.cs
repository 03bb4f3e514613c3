using System.Diagnostics;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Actors.Tests.Persistence;
using Asha.Cluster.Tests.Harness;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>Members that are killed, or frozen until the others give them up.</summary>
public sealed class FailureTests(ITestOutputHelper print)
{
    private static readonly TimeSpan _up = TimeSpan.FromSeconds(60), _takeover = TimeSpan.FromSeconds(12);

    [Fact]
    public async Task The_registry_is_elsewhere_soon_after_its_coordinator_was_killed_and_has_forgotten_nothing()
    {
        using var server = new PostgresServer();
        await using var cluster = new ProcessCluster(print, coordinators: 3, journal: server.ConnectionString);
        Member[] coordinators = [.. Enumerable.Range(0, 3).Select(cluster.StartCoordinator)];
        foreach (var coordinator in coordinators)
            await coordinator.SaysAsync("3 of 3 coordinators up", _up);
        // No node: it stays open.
        var run = (await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment("one", cluster.Experiment("open", 9, ProcessCluster.Steps)))).Run;
        var before = await cluster.AskUntilAsync<ExperimentList>(new ListExperiments());
        var killed = Enumerable.Range(0, 3).Single(index => before.Where.EndsWith($":{cluster.Ports[index]}", StringComparison.Ordinal));
        coordinators[killed].Signal("KILL");
        await coordinators[killed].EndAsync(TimeSpan.FromSeconds(10));
        var begun = Stopwatch.GetTimestamp();
        ExperimentList after;
        do
            after = await cluster.AskUntilAsync<ExperimentList>(new ListExperiments(), (killed + 1) % 3);
        while (after.Epoch == before.Epoch && Stopwatch.GetElapsedTime(begun) < 5 * _takeover);
        var took = Stopwatch.GetElapsedTime(begun);
        print.WriteLine($"  epoch {before.Epoch} before, {after.Epoch} after {took.TotalSeconds:0.0} s");
        Assert.Equal(before.Epoch + 1, after.Epoch);
        Assert.Equal((run, RunPhase.Open), (after.Experiments.Single().Run, after.Experiments.Single().Phase));
        Assert.True(took < _takeover, $"it took {took}");
        // The one that was killed comes back as if nothing had been.
        var again = cluster.StartCoordinator(killed);
        await again.SaysAsync("3 of 3 coordinators up", _up);
        Assert.Equal(after.Epoch, (await cluster.AskUntilAsync<ExperimentList>(new ListExperiments(), killed)).Epoch);
    }

    [Fact]
    public async Task A_coordinator_that_was_frozen_until_another_took_over_comes_back_and_writes_nothing_as_its_old_self()
    {
        using var server = new PostgresServer();
        await using var cluster = new ProcessCluster(print, coordinators: 3, journal: server.ConnectionString);
        Member[] coordinators = [.. Enumerable.Range(0, 3).Select(cluster.StartCoordinator)];
        foreach (var coordinator in coordinators)
            await coordinator.SaysAsync("3 of 3 coordinators up", _up);
        var before = await cluster.AskUntilAsync<ExperimentList>(new ListExperiments());
        var frozen = Enumerable.Range(0, 3).Single(index => before.Where.EndsWith($":{cluster.Ports[index]}", StringComparison.Ordinal));
        var other = (frozen + 1) % 3;
        coordinators[frozen].Signal("STOP");
        await coordinators[other].SaysAsync("2 of 3 coordinators up", TimeSpan.FromSeconds(30));
        while ((await cluster.AskUntilAsync<ExperimentList>(new ListExperiments(), other)).Epoch == before.Epoch)
            await Task.Delay(200);
        var run = (await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment("meanwhile", cluster.Experiment("meanwhile", 9, ProcessCluster.Steps)), other)).Run;
        coordinators[frozen].Signal("CONT");
        await coordinators[frozen].SaysAsync("given up by the others", _up);
        await coordinators[frozen].SaysAsync("it joins again\n", _up);
        await coordinators[other].SaysAsync("2 of 3 coordinators up, 0 nodes\n3 of 3 coordinators up", _up);
        // Asked by way of the one that was frozen: it knows what happened without it, and the epoch is the other's.
        var after = await cluster.AskUntilAsync<ExperimentList>(new ListExperiments(), frozen);
        Assert.Equal((before.Epoch + 1, run), (after.Epoch, after.Experiments.Single().Run));
        Assert.NotEqual(before.Where, after.Where);
    }

    [Fact]
    public async Task Fewer_coordinators_than_half_do_not_begin_and_the_next_one_is_enough()
    {
        using var server = new PostgresServer();
        await using var cluster = new ProcessCluster(print, coordinators: 3, journal: server.ConnectionString);
        var first = cluster.StartCoordinator(0);
        await first.SaysAsync("not a member after 20 s (2 of 3 coordinators have to be there)", _up);
        await Assert.ThrowsAnyAsync<Exception>(() => cluster.AskAsync<ExperimentList>(new ListExperiments(), 0, 2));
        Assert.DoesNotContain("1 of 3 coordinators up", first.Said, StringComparison.Ordinal);
        var second = cluster.StartCoordinator(1);
        await first.SaysAsync("2 of 3 coordinators up", _up);
        await second.SaysAsync("2 of 3 coordinators up", _up);
        Assert.Equal(1, (await cluster.AskUntilAsync<ExperimentList>(new ListExperiments())).Epoch);
    }

    [Fact]
    public async Task A_node_that_was_given_up_makes_its_link_anew_and_gets_jobs_again()
    {
        await using var cluster = new ProcessCluster(print, coordinators: 1);
        var coordinator = cluster.StartCoordinator(0);
        var node = cluster.StartNode("node-a", 2);
        await coordinator.SaysAsync("1 of 1 coordinators up, 1 node", _up);
        node.Signal("STOP");
        var begun = Stopwatch.GetTimestamp();
        await coordinator.SaysAsync("1 node\n1 of 1 coordinators up, 0 nodes", TimeSpan.FromSeconds(30));
        print.WriteLine($"  silent for {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s when it was missed");
        await Task.Delay(TimeSpan.FromSeconds(6)); // Until it is given up, and not just missed.
        node.Signal("CONT");
        begun = Stopwatch.GetTimestamp();
        await node.SaysAsync("in the cluster again", _up);
        print.WriteLine($"  back after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
        Assert.Contains("cut off", node.Said, StringComparison.Ordinal);
        await coordinator.SaysAsync("0 nodes\n1 of 1 coordinators up, 1 node", _up);
        var run = (await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment("one", cluster.Experiment("later", 3, ProcessCluster.Steps)))).Run;
        Assert.Equal("completed", (await cluster.EndAsync(run, 60)).Outcome);
        Assert.False(node.HasEnded);
    }

    [Fact]
    public async Task An_experiment_that_is_paused_goes_on_and_one_that_is_cancelled_does_not()
    {
        await using var cluster = new ProcessCluster(print, coordinators: 1);
        var coordinator = cluster.StartCoordinator(0);
        cluster.StartNode("node-a", 2);
        await coordinator.SaysAsync("1 of 1 coordinators up, 1 node", _up);
        var slow = ProcessCluster.Steps.Replace("sleep 0.05", "sleep 1", StringComparison.Ordinal);
        var run = (await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment("one", cluster.Experiment("slow", 99, slow)))).Run;
        await Task.Delay(TimeSpan.FromSeconds(4));
        await cluster.AskAsync<RegistryDone>(new PauseExperiment(run));
        Assert.Equal((RunPhase.Paused, "paused"), await StandingAsync());
        Assert.Contains("paused already", (await cluster.AskAsync<RegistryRefused>(new PauseExperiment(run))).Reason, StringComparison.Ordinal);
        await cluster.AskAsync<RegistryDone>(new ResumePaused(run));
        Assert.Equal(RunPhase.Open, (await cluster.AskAsync<ExperimentList>(new ListExperiments())).Experiments.Single().Phase);
        await Task.Delay(TimeSpan.FromSeconds(2));
        await cluster.AskAsync<RegistryDone>(new CancelExperiment(run));
        Assert.Equal((RunPhase.Over, "cancelled"), await StandingAsync());
        Assert.Contains("it is over", (await cluster.AskAsync<RegistryRefused>(new ResumePaused(run))).Reason, StringComparison.Ordinal);
        Assert.Contains("no such run", (await cluster.AskAsync<RegistryRefused>(new CancelExperiment("nothing-like-it"))).Reason, StringComparison.Ordinal);

        async Task<(RunPhase, string?)> StandingAsync()
        {
            var ended = await cluster.EndAsync(run, 60);
            return (ended.Phase, ended.Outcome);
        }
    }

    [Fact]
    public async Task A_node_that_is_drained_leaves_when_its_jobs_are_done()
    {
        await using var cluster = new ProcessCluster(print, coordinators: 1);
        var coordinator = cluster.StartCoordinator(0);
        var node = cluster.StartNode("node-a", 1);
        await coordinator.SaysAsync("1 of 1 coordinators up, 1 node", _up);
        Assert.Contains("no such node", (await cluster.AskUntilAsync<RegistryRefused>(new DrainMember("node-b"))).Reason, StringComparison.Ordinal);
        await cluster.AskAsync<RegistryDone>(new DrainMember("node-a"));
        Assert.Equal(0, (await node.EndAsync(TimeSpan.FromSeconds(30))).Code);
        await coordinator.SaysAsync("1 node\n1 of 1 coordinators up, 0 nodes", _up);
    }
}
