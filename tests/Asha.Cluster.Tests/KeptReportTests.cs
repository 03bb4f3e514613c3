using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Cluster.Tests.Harness;
using Asha.Core.Experiments;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>A node whose process is killed after a trial has ended, and before any coordinator was there to hear of it: what the trial brought is on its disk, and counts when it is back.</summary>
public sealed class KeptReportTests(ITestOutputHelper print)
{
    [Fact]
    public async Task A_result_that_nobody_could_be_told_outlives_its_node_and_its_trial_is_not_run_again()
    {
        await using var cluster = new ProcessCluster(print, coordinators: 1);
        var coordinator = cluster.StartCoordinator(0);
        var node = cluster.StartNode("node-k", 1);
        await coordinator.SaysAsync(LoneCluster.Complete, Member.Patience);
        string starts = Path.Combine(cluster.Folder, "starts"), go = Path.Combine(cluster.Folder, "go");
        var spec = cluster.Experiment("one", 1, $$"""
            echo "$ASHA_TRIAL_ID $ASHA_ATTEMPT $$" >> {{starts}}
            while [ ! -e {{go}} ]; do sleep 0.05; done
            echo "@asha {\"resource\": 1, \"metric\": 0.5}"
            """, max: 1);
        var run = (await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment("one", spec))).Run;
        await UntilAsync(() => File.Exists(starts));

        coordinator.Signal("KILL");
        await coordinator.EndAsync(Member.Patience);
        File.WriteAllText(go, "");
        var kept = Path.Combine(node.Data, "reports");
        await UntilAsync(() => File.Exists(kept) && Contents(kept).Contains("\"ending\"", StringComparison.Ordinal));
        node.Signal("KILL");
        await node.EndAsync(Member.Patience);
        print.WriteLine($"  on the disk: {Contents(kept).Trim()}");

        coordinator = cluster.StartCoordinator(0);
        cluster.StartNode("node-k", 1);
        Assert.Equal("completed", (await cluster.EndAsync(run, 120)).Outcome);
        ExperimentEvent[] events = [.. EventLines.ReadIntact(File.ReadAllBytes(Path.Combine(coordinator.Data, "runs", run, "events.jsonl")))];
        foreach (var happened in events)
            print.WriteLine($"  {AshaFormat.ManifestOf(happened)} {happened.Time.TotalSeconds:0.0}");
        Assert.Single(File.ReadAllLines(starts));
        Assert.Equal(1, Assert.Single(events.OfType<AttemptRegained>()).Attempt);
        Assert.Equal((1, 0.5), Assert.Single(events.OfType<JobCompleted>()) is var done ? (done.Attempt, done.Metric) : default);
        // Nobody needs it any more.
        await UntilAsync(() => new FileInfo(kept).Length == 0);
    }

    private static string Contents(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        for (var until = DateTime.UtcNow + Member.Patience; !isSo(); await Task.Delay(50))
            Assert.True(DateTime.UtcNow < until, "it does not come to that");
    }
}
