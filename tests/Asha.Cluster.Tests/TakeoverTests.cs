using System.Diagnostics;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Actors.Tests.Persistence;
using Asha.Cluster.Tests.Harness;
using Asha.Core.Experiments;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>A coordinator is lost while trials run: another goes on with its experiments, and the trials do not notice.</summary>
public sealed class TakeoverTests(ITestOutputHelper print)
{
    private static readonly TimeSpan _up = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("KILL")]
    [InlineData("TERM")]
    public async Task The_run_of_a_coordinator_that_is_gone_is_taken_over_and_no_trial_is_started_twice(string signal)
    {
        using var server = new PostgresServer();
        await using var cluster = new ProcessCluster(print, coordinators: 3, journal: server.ConnectionString);
        Member[] coordinators = [.. Enumerable.Range(0, 3).Select(cluster.StartCoordinator)];
        Member[] nodes = [cluster.StartNode("node-a", 2), cluster.StartNode("node-b", 2)];
        foreach (var coordinator in coordinators)
            await coordinator.SaysAsync("3 of 3 coordinators up, 2 nodes", _up);
        var started = Path.Combine(cluster.Folder, "started");
        // Without checkpoints, which are on the node that wrote them: a trial that goes up starts again wherever there is a slot.
        var spec = cluster.Experiment("steps", 9, $$"""
            echo "$ASHA_TRIAL_ID $ASHA_ATTEMPT $$" >> {{started}}
            for step in $(seq 1 "$ASHA_TARGET_RESOURCE"); do
              sleep 2
              echo "@asha {\"resource\": $step, \"metric\": $ASHA_PARAM_X}"
            done
            """, max: 3);
        var run = (await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment("one", spec))).Run;
        while (!File.Exists(started) || File.ReadAllLines(started).Length < 6)
            await Task.Delay(100);
        var host = Array.FindIndex(coordinators, coordinator => Directory.Exists(Path.Combine(coordinator.Data, "runs", run)));
        coordinators[host].Signal(signal);
        var gone = Stopwatch.GetTimestamp();
        await coordinators[host].EndAsync(TimeSpan.FromSeconds(30));
        var others = Enumerable.Range(0, 3).Where(index => index != host).ToArray();
        while (!others.Any(other => Directory.Exists(Path.Combine(coordinators[other].Data, "runs", run))))
            await Task.Delay(50);
        print.WriteLine($"  another has the run {Stopwatch.GetElapsedTime(gone).TotalSeconds:0.0} s after SIG{signal}");

        var ended = await cluster.EndAsync(run, 120, others[0]);
        Assert.Equal(("completed", RunPhase.Over), (ended.Outcome, ended.Phase));
        var next = others.Single(other => Directory.Exists(Path.Combine(coordinators[other].Data, "runs", run)));
        ExperimentEvent[] events = [.. EventLines.ReadIntact(File.ReadAllBytes(Path.Combine(coordinators[next].Data, "runs", run, "events.jsonl")))];
        var record = RunRecord.Of(events);
        print.WriteLine($"  {events.Length} events, {record.State.Attempts} attempts, the longest time without a start {LongestGap(events).TotalSeconds:0.0} s");
        Assert.Single(events, happened => happened is ExperimentTakenOver);
        var again = string.Join('\n', events.Where(happened => happened is ExperimentResumed or AttemptLost or AttemptFailed));
        Assert.True(again.Length == 0, again);
        var starts = File.ReadAllLines(started).Select(line => line.Split(' ')).ToArray();
        // One process for each attempt, and one attempt for each job: nothing was begun again.
        Assert.Equal(record.State.Attempts, starts.Length);
        Assert.Equal(record.State.Jobs, record.State.Attempts);
        Assert.Equal(starts.Length, starts.Select(start => (start[0], start[1])).Distinct().Count());
        Assert.Equal(9, record.State.Trials.Count);
        Assert.All(nodes, node => Assert.False(node.HasEnded));
    }

    private static TimeSpan LongestGap(ExperimentEvent[] events)
    {
        TimeSpan[] starts = [.. events.OfType<JobStarted>().Select(start => start.Time)];
        return starts.Zip(starts.Skip(1), (one, next) => next - one).Max();
    }
}
