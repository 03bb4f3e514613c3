using System.Diagnostics;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Cluster.Tests.Harness;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>Nodes that are frozen until they are given up, and nodes that leave. Each test leaves the coordinator and its node as they were.</summary>
[Collection(SharedClusters.Lone)]
public sealed class NodeFailureTests(ITestOutputHelper print, LoneCluster lone)
{
    [Fact]
    public async Task A_node_that_was_given_up_makes_its_link_anew_and_gets_jobs_again()
    {
        lone.PrintTo(print);
        var (cluster, coordinator, node) = (lone.Cluster, lone.Coordinator, lone.Node);
        var (said, logged, nodeSaid) = (coordinator.Mark, coordinator.LogMark, node.Mark);
        // Meanwhile somebody cancels one of what it runs, and pauses the other.
        var starts = Path.Combine(cluster.Folder, "starts-cancelled");
        var cancelled = (await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment("cancelled", cluster.Experiment("silent", 1, $"echo $$ >> {starts}; exec sleep 600")))).Run;
        var paused = (await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment("paused-meanwhile", cluster.Experiment("still", 1, $"echo $$ >> {starts}; exec sleep 600")))).Run;
        await Waiting.UntilAsync("both trials run", () => File.Exists(starts) && File.ReadAllLines(starts).Length == 2);
        var begun = Stopwatch.GetTimestamp();
        node.Signal("STOP");
        await coordinator.SaysAsync("1 of 1 coordinators up, 0 nodes", Member.Patience, said);
        print.WriteLine($"  silent for {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s when it was missed");
        await coordinator.LogsAsync("UID is now quarantined", Member.Patience, logged);
        print.WriteLine($"  for {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s when it was given up");
        await cluster.AskUntilAsync<RegistryDone>(new CancelExperiment(cancelled));
        await cluster.AskUntilAsync<RegistryDone>(new PauseExperiment(paused));
        Assert.Equal("cancelled", (await cluster.EndAsync(cancelled, 120)).Outcome);
        Assert.Equal("paused", (await cluster.EndAsync(paused, 120)).Outcome);
        Assert.All(File.ReadAllLines(starts), pid => Assert.True(IsThere(pid)));
        begun = Stopwatch.GetTimestamp();
        node.Signal("CONT");
        await node.SaysAsync("cut off", Member.Patience, nodeSaid);
        print.WriteLine($"  it knows after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
        await node.SaysAsync("in the cluster again", Member.Patience, nodeSaid);
        print.WriteLine($"  back after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
        await Waiting.UntilAsync("what was cancelled or paused is ended", () => !File.ReadAllLines(starts).Any(IsThere));
        print.WriteLine($"  what was cancelled or paused meanwhile is gone after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
        Assert.InRange(Stopwatch.GetElapsedTime(begun).TotalSeconds, 0, 10);
        await cluster.AskUntilAsync<RegistryDone>(new CancelExperiment(paused));
        await coordinator.SaysAsync("0 nodes\n1 of 1 coordinators up, 1 node\n", Member.Patience, said);
        var run = (await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment("later", cluster.Experiment("later", 3, ProcessCluster.Steps)))).Run;
        Assert.Equal("completed", (await cluster.EndAsync(run, 120)).Outcome);
        Assert.False(node.HasEnded);
    }

    private static bool IsThere(string pid) => File.Exists($"/proc/{pid}/stat") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z", StringComparison.Ordinal);

    /// <summary>Nodes alone were a cluster still, in which they waited for ever.</summary>
    [Fact]
    public async Task Nodes_whose_coordinators_have_all_left_in_order_know_that_and_come_to_the_next_ones()
    {
        lone.PrintTo(print);
        var cluster = lone.Cluster;
        var (nodeSaid, begun) = (lone.Node.Mark, Stopwatch.GetTimestamp());
        lone.Coordinator.Signal("TERM");
        Assert.Equal(0, (await lone.Coordinator.EndAsync(Member.Patience)).Code);
        await lone.Node.SaysAsync("cut off", Member.Patience, nodeSaid);
        print.WriteLine($"  the node knows {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s after SIGTERM");
        Assert.DoesNotContain("in the cluster again", lone.Node.Said[nodeSaid..], StringComparison.Ordinal);
        await lone.StartAgainAsync();
        await lone.Node.SaysAsync("in the cluster again", Member.Patience, nodeSaid);
        Assert.Contains("node-a", (await cluster.AskUntilAsync<ExperimentList>(new ListExperiments())).Nodes!.Select(node => node.Node));
    }

    [Fact]
    public async Task A_node_that_is_drained_leaves_when_its_jobs_are_done()
    {
        lone.PrintTo(print);
        var (cluster, coordinator) = (lone.Cluster, lone.Coordinator);
        var said = coordinator.Mark;
        var node = cluster.StartNode("node-d", 1);
        await coordinator.SaysAsync("2 nodes", Member.Patience, said);
        // Up, but perhaps nameless still: whoever drains it then is told so.
        var early = await cluster.AskUntilAsync<RegistryRefused>(new DrainMember("node-x"));
        print.WriteLine($"  {early.Reason}");
        Assert.Contains("no such node", early.Reason, StringComparison.Ordinal);
        Assert.True(early.Reason.Contains("ask again in a moment", StringComparison.Ordinal) || early.Reason.Contains("node-d", StringComparison.Ordinal), early.Reason);
        await cluster.KnowsAsync("node-d");
        await cluster.AskAsync<RegistryDone>(new DrainMember("node-d"));
        Assert.Equal(0, (await node.EndAsync(Member.Patience)).Code);
        await coordinator.SaysAsync("2 nodes\n1 of 1 coordinators up, 1 node\n", Member.Patience, said);
    }

    [Fact]
    public async Task An_experiment_that_is_paused_goes_on_and_one_that_is_cancelled_does_not()
    {
        lone.PrintTo(print);
        var cluster = lone.Cluster;
        var starts = Path.Combine(cluster.Folder, "starts-paused");
        var slow = $"echo $ASHA_TRIAL_ID >> {starts}\n{ProcessCluster.Steps.Replace("sleep 0.05", "sleep 1", StringComparison.Ordinal)}";
        var run = (await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment("paused", cluster.Experiment("slow", 99, slow)))).Run;
        await StartsAsync(0);
        await cluster.AskUntilAsync<RegistryDone>(new PauseExperiment(run));
        Assert.Equal((RunPhase.Paused, "paused"), await StandingAsync());
        Assert.Contains("paused already", (await cluster.AskUntilAsync<RegistryRefused>(new PauseExperiment(run))).Reason, StringComparison.Ordinal);
        var before = File.ReadAllLines(starts).Length;
        await cluster.AskAsync<RegistryDone>(new ResumePaused(run), seconds: 60);
        Assert.Equal(RunPhase.Open, (await cluster.AskUntilAsync<ExperimentList>(new ListExperiments())).Experiments.Single(experiment => experiment.Run == run).Phase);
        await StartsAsync(before);
        await cluster.AskUntilAsync<RegistryDone>(new CancelExperiment(run));
        Assert.Equal((RunPhase.Over, "cancelled"), await StandingAsync());
        Assert.Contains("it is over", (await cluster.AskUntilAsync<RegistryRefused>(new ResumePaused(run))).Reason, StringComparison.Ordinal);
        Assert.Contains("no such run", (await cluster.AskUntilAsync<RegistryRefused>(new CancelExperiment("nothing-like-it"))).Reason, StringComparison.Ordinal);

        async Task StartsAsync(int more)
        {
            for (var begun = Stopwatch.GetTimestamp(); !File.Exists(starts) || File.ReadAllLines(starts).Length <= more; await Task.Delay(100))
                Assert.True(Stopwatch.GetElapsedTime(begun) < Member.Patience, "no trial starts");
        }

        async Task<(RunPhase, string?)> StandingAsync()
        {
            var ended = await cluster.EndAsync(run, 120);
            return (ended.Phase, ended.Outcome);
        }
    }
}
