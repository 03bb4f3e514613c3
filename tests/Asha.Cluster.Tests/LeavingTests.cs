using System.Diagnostics;
using Asha.Actors.Messages;
using Asha.Cluster.Tests.Harness;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>SIGTERM on a node with running trials: it leaves at once; a second one ends it where it stands.</summary>
public sealed class LeavingTests(ITestOutputHelper print)
{
    /// <summary>Steps of a second. The first trial reports once more when it is told to end, as a trial that saves its work does; the second will not end.</summary>
    private const string Script = """
        echo "$(date +%s.%N) $ASHA_TRIAL_ID $$" >> STARTS
        if [ "$ASHA_TRIAL_ID" = FIRST ]; then
          trap 'echo "@asha {\"resource\": $step, \"metric\": 0.777}"; exit 0' TERM
        else
          trap '' TERM
        fi
        for step in $(seq $((ASHA_START_RESOURCE + 1)) 900); do
          sleep 0.5
          [ $step -gt 1 ] || echo "@asha {\"resource\": 1, \"metric\": 0.5}"
        done
        """;

    [Fact]
    public async Task A_node_that_is_told_to_end_lets_its_trials_speak_and_its_jobs_start_elsewhere_at_once()
    {
        await using var cluster = new ProcessCluster(print, coordinators: 1, isPlain: true);
        var coordinator = cluster.StartCoordinator(0);
        var first = cluster.StartNode("node-a", 2);
        await coordinator.SaysAsync("1 of 1 coordinators up, 1 node\n", Member.Patience);
        var starts = Path.Combine(cluster.Folder, "starts");
        var script = Script.Replace("STARTS", starts, StringComparison.Ordinal).Replace("FIRST", "0", StringComparison.Ordinal);
        var run = (await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment("one", cluster.Experiment("leave", 2, script, max: 900, min: 900)))).Run;
        await StartsAsync(starts, 2);
        var second = cluster.StartNode("node-b", 2);
        await coordinator.SaysAsync("2 nodes", Member.Patience);
        await cluster.KnowsAsync("node-b");
        var journal = Path.Combine(coordinator.Data, "runs", run, "events.jsonl");
        await HasAsync(journal, "0.5");
        Assert.DoesNotContain("0.777", File.ReadAllText(journal), StringComparison.Ordinal);

        var at = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds;
        first.Signal("TERM");
        var (code, took) = await first.EndAsync(Member.Patience);
        Assert.Equal(0, code);
        var lines = await StartsAsync(starts, 4);
        print.WriteLine($"  the jobs start elsewhere {Time(lines[2]) - at:0.00} s and {Time(lines[3]) - at:0.00} s after SIGTERM (one ends when told to, the other does not); the node is gone after {took.TotalSeconds:0.0} s");
        // What the one said at its end counts.
        await HasAsync(journal, "0.777");
        foreach (var line in lines[..2])
            await GoneAsync(line);

        second.Signal("TERM");
        await second.SaysAsync("leaving the cluster", Member.Patience);
        await Task.Delay(TimeSpan.FromSeconds(1.1)); // What comes within a second of the first is no second wish.
        second.Signal("TERM");
        (code, took) = await second.EndAsync(Member.Patience);
        print.WriteLine($"  the second SIGTERM ended it after {took.TotalSeconds:0.00} s, with {code}");
        Assert.Equal(128 + 15, code);
        Assert.DoesNotContain("gone after", second.Said, StringComparison.Ordinal);
        // What was left running is ended by the next one here.
        second = cluster.StartNode("node-b", 2);
        await second.SaysAsync("in the cluster", Member.Patience);
        foreach (var line in lines[2..])
            await GoneAsync(line);
        await cluster.AskUntilAsync<RegistryDone>(new CancelExperiment(run));
        Assert.Equal("cancelled", (await cluster.EndAsync(run, 120)).Outcome);
    }

    /// <summary>There is nobody to hand it to, and nobody is waited for: its region was once kept from going by what the registry went on telling it, for ten seconds.</summary>
    [Fact]
    public async Task A_lone_coordinator_that_has_a_run_leaves_at_once()
    {
        await using var cluster = new ProcessCluster(print, coordinators: 1, isPlain: true);
        var coordinator = cluster.StartCoordinator(0);
        var run = (await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment("one", cluster.Experiment("stay", 1, "true", max: 9, min: 9)))).Run;
        await HasAsync(Path.Combine(coordinator.Data, "runs", run, "events.jsonl"), "experiment-");
        coordinator.Signal("TERM");
        var (code, took) = await coordinator.EndAsync(Member.Patience);
        print.WriteLine($"  gone {took.TotalSeconds:0.0} s after SIGTERM");
        Assert.Equal(0, code);
        Assert.True(took < TimeSpan.FromSeconds(6), coordinator.Said);
    }

    /// <summary>The process of a start is no more: one that has ended and is still listed (a zombie, whose parent died) counts as gone.</summary>
    private static async Task GoneAsync(string line)
    {
        var stat = $"/proc/{line.Split(' ')[2]}/stat";
        for (var begun = Stopwatch.GetTimestamp(); File.Exists(stat) && !File.ReadAllText(stat).Contains(") Z", StringComparison.Ordinal); await Task.Delay(50))
            Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(30), $"{line} runs on");
    }

    private static double Time(string line) => double.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<string[]> StartsAsync(string path, int count)
    {
        for (var begun = Stopwatch.GetTimestamp(); ; await Task.Delay(50))
        {
            if (File.Exists(path) && File.ReadAllLines(path) is { } lines && lines.Length >= count)
                return lines;
            Assert.True(Stopwatch.GetElapsedTime(begun) < Member.Patience, $"fewer than {count} starts");
        }
    }

    private static async Task HasAsync(string path, string word)
    {
        for (var begun = Stopwatch.GetTimestamp(); !File.Exists(path) || !File.ReadAllText(path).Contains(word, StringComparison.Ordinal); await Task.Delay(50))
            Assert.True(Stopwatch.GetElapsedTime(begun) < Member.Patience, $"{path} has no {word}");
    }
}
