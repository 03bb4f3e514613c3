using System.Diagnostics;
using Asha.Actors.Messages;
using Asha.Actors.Metrics;
using Asha.Actors.Persistence;
using Asha.Cluster.Tests.Harness;
using Asha.Core.Experiments;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>What a coordinator and a node answer to Prometheus while a run goes on: what the run's journal says.</summary>
[Collection(SharedClusters.Lone)]
public sealed class MetricsTests(ITestOutputHelper print, LoneCluster lone)
{
    /// <summary>Six trials; the first attempt of one fails. Nothing is reported for two seconds.</summary>
    private const string Slow = """
        [ "$ASHA_TRIAL_ID" != 3 ] || [ "$ASHA_ATTEMPT" != 1 ] || exit 3
        while [ ! -e "$GO" ]; do sleep 0.05; done
        echo "@asha {\"resource\": $ASHA_TARGET_RESOURCE, \"metric\": $ASHA_PARAM_X}"
        """;

    [Fact]
    public async Task Jobs_and_slot_time_are_those_of_the_journal_and_go_on_between_two_events()
    {
        lone.PrintTo(print);
        using var client = new HttpClient();
        var (cluster, url) = (lone.Cluster, lone.Coordinator.Api);
        var go = Path.Combine(cluster.Folder, "go");
        var run = (await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment("measured", cluster.Experiment("measured", 6, Slow.Replace("$GO", go, StringComparison.Ordinal))))).Run;
        (string, string)[] ours = [("experiment", run)];
        await Waiting.UntilAsync("both slots are busy", async () => (await Journal(client, url, run)).State.Slots.Count(SlotPhase.Busy) == 2);

        // No event comes, and the slots' time goes on all the same.
        var (first, at) = (await Scrape.OfAsync(client, $"{url}/metrics"), Stopwatch.GetTimestamp());
        await Task.Delay(1500);
        var (second, passed) = (await Scrape.OfAsync(client, $"{url}/metrics"), Stopwatch.GetElapsedTime(at).TotalSeconds);
        var (before, after) = (first.By("use", "asha_slot_time_seconds_total", ours), second.By("use", "asha_slot_time_seconds_total", ours));
        Assert.InRange(after["busy"] - before["busy"], (2 * passed) - 1, (2 * passed) + 1);
        Assert.InRange(second.Of("asha_utilization", ours), 0.5, 1);
        Assert.Equal(2, second.By("state", "asha_slots")["held"]);
        Assert.Equal((1, 1, 0), (second.Of("asha_members", ("role", "coordinator"), ("state", "up")), second.Of("asha_members", ("role", "node"), ("state", "up")), second.Of("asha_members", ("role", "node"), ("state", "unreachable"))));

        File.WriteAllText(go, "");
        Assert.Equal("completed", (await cluster.EndAsync(run, 60)).Outcome);
        var record = await Journal(client, url, run);
        var ended = await Scrape.OfAsync(client, $"{url}/metrics");
        Assert.Equal(
            Enum.GetValues<JobOutcome>().ToDictionary(outcome => outcome.ToString().ToLowerInvariant(), outcome => (double)record.Outcomes![outcome]), ended.By("outcome", "asha_jobs_total", ours));
        Assert.Equal((record.State.Rungs.Sum(rung => rung.Completed), 1), (record.Outcomes![JobOutcome.Completed], record.Outcomes[JobOutcome.Retried]));
        var uses = ended.By("use", "asha_slot_time_seconds_total", ours);
        Assert.Equal(record.Utilization.Present.TotalSeconds, uses.Values.Sum(), 1.0);
        Assert.Equal(record.Utilization.Busy.TotalSeconds, uses["busy"], 1.0);
        Assert.Equal(record.Utilization.Utilization, ended.Of("asha_utilization", ours), 0.01);
        // Each report was answered, each entry written, and none of these waits any more.
        Assert.True(ended.Of("asha_decision_duration_seconds_count") >= record.State.Attempts);
        Assert.True(ended.Of("asha_journal_duration_seconds_count") > 0);
        Assert.Equal(0, ended.Of("asha_queue_length", ("queue", "journal")));
        var node = await Scrape.OfAsync(client, lone.NodeMetrics);
        Assert.Equal("""{"status":"ready"}""", await client.GetStringAsync(new Uri(new Uri(lone.NodeMetrics), "/health/ready")));
        Assert.Equal(0, node.Of("asha_queue_length", ("queue", "reports")));
        // All but the first job on each slot followed another there; so did those of other tests.
        Assert.True(node.Of("asha_recycle_duration_seconds_count") >= record.State.Attempts - 2);
        // All that there is has been seen, and nothing else.
        Assert.Equal(MetricInfo.All.Select(metric => (metric.Exported, metric.Kind.ToString().ToLowerInvariant())).Order(), ended.Types.Concat(node.Types).Where(type => type.Key != "target_info").Select(type => (type.Key, type.Value)).Distinct().Order());
    }

    private static async Task<RunRecord> Journal(HttpClient client, string url, string run)
    {
        var record = new RunRecord { Outcomes = new() };
        foreach (var happened in EventLines.ReadIntact(await client.GetByteArrayAsync($"{url}/v1/experiments/{run}/events")))
            record.Apply(happened);
        return record;
    }
}
