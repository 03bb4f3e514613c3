using System.Diagnostics;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Cluster.Tests.Harness;
using Asha.Core.Experiments;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>Trials that go on from checkpoints on another node than the one that wrote them: fetched from there, lost with it, or in a folder that all share.</summary>
public sealed class CheckpointMoveTests(ITestOutputHelper print)
{
    /// <summary>
    /// Trial 0 saves its third step, and its first attempt ends there, in the way that the test wants. It says its node, by the folder that it writes to, what it goes on from, and its process. Of the others each waits for the next one's word, so that the slot
    /// that trial 0 had is another's when it is tried again.
    /// </summary>
    private static string Script(string words, string firstEnds) => $$"""
        words={{words}}
        echo "$ASHA_TRIAL_ID $ASHA_ATTEMPT $$ $ASHA_CHECKPOINT_DIR ${ASHA_RESUME_FROM:-nothing} $(cat "$ASHA_RESUME_FROM" 2>/dev/null)" >> $words
        say() { echo "$1 $$" > "$ASHA_CHECKPOINT_DIR/step-$1"; echo "@asha {\"resource\": $1, \"metric\": 1, \"checkpoint\": \"step-$1\"}"; }
        case $ASHA_TRIAL_ID in
          0) if [ "$ASHA_ATTEMPT" = 1 ]; then say 3; echo "saved" >> $words; {{firstEnds}}; fi ;;
          1) until grep -q '^2 ' $words; do sleep 0.1; done ;;
          2) until grep -q 'done' $words; do sleep 0.1; done ;;
        esac
        [ $ASHA_TRIAL_ID = 0 ] && echo "done" >> $words
        say 9
        """;

    [Fact]
    public async Task A_trial_that_moves_fetches_its_checkpoint_and_starts_again_when_the_node_that_had_it_is_gone()
    {
        await using var cluster = new ProcessCluster(print, coordinators: 1);
        var coordinator = cluster.StartCoordinator(0);
        Member[] nodes = [cluster.StartNode("node-a", 1), cluster.StartNode("node-b", 1)];
        await cluster.KnowsAsync("node-a");
        await cluster.KnowsAsync("node-b");

        var words = Path.Combine(cluster.Folder, "moves");
        var events = await RunAsync(cluster, coordinator, "moves", Script(words, "exit 1"), 3);
        var starts = events.OfType<JobStarted>().Where(start => start.Trial == 0).ToArray();
        var nodeOf = events.OfType<SlotJoined>().ToDictionary(joined => joined.Slot, joined => joined.Node);
        Assert.Equal([1, 2], starts.Select(start => start.Attempt));
        Assert.Equal(("step-3", 1, 3.0), (starts[1].Checkpoint!.Path, starts[1].Checkpoint!.Attempt, starts[1].Start));
        Assert.NotEqual(nodeOf[starts[0].Slot], nodeOf[starts[1].Slot]);
        var told = Told(words, trial: 0);
        // What the first process has written the second has read, below the folder of its own node.
        var other = nodes.Single(node => node.Data.EndsWith(nodeOf[starts[1].Slot], StringComparison.Ordinal));
        Assert.StartsWith(other.Data, told[1].From, StringComparison.Ordinal);
        Assert.Equal($"3 {told[0].Pid}", told[1].Read);
        Assert.DoesNotContain(events, happened => happened is AttemptLost);
        var log = File.ReadAllText(Directory.GetFiles(Path.Combine(other.Data, "runs"), "trial-000000.log", SearchOption.AllDirectories).Single());
        print.WriteLine($"  {log.Split('\n').Single(line => line.Contains("fetched from", StringComparison.Ordinal))}");

        // Whoever has no certificate gets nothing, from the real process.
        using var stranger = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true });
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetAsync($"https://{AddressOf(other)}/v1/checkpoints/any/0/1?path=x"));
        Assert.Contains("its certificate is missing", other.Log, StringComparison.Ordinal);

        // The other one is still there, and the first is killed, with its disk.
        words = Path.Combine(cluster.Folder, "lost");
        var run = await SubmitAsync(cluster, "lost", Script(words, "sleep 1000"), 1);
        while (!File.Exists(words) || !File.ReadAllText(words).Contains("saved", StringComparison.Ordinal))
            await Task.Delay(50);
        var holder = nodes.Single(node => Told(words, 0)[0].Folder.StartsWith(node.Data, StringComparison.Ordinal));
        await StoredAsync(coordinator, run);
        holder.Signal("KILL");
        await holder.EndAsync(TimeSpan.FromSeconds(10));
        Directory.Delete(holder.Data, recursive: true);
        events = await EndAsync(cluster, coordinator, run);
        var lost = events.OfType<AttemptLost>().Select(lost => lost.Cause).ToArray();
        Assert.Equal(["node-lost", "checkpoint-missing"], lost);
        Assert.Equal([0, 3, 0], events.OfType<JobStarted>().Select(start => start.Start));
        Assert.DoesNotContain(events, happened => happened is AttemptFailed);
        Assert.Equal("nothing", Told(words, 0)[^1].From);
        var loss = Assert.Single(RunRecord.Of(events).State.CheckpointLosses);
        print.WriteLine($"  {loss.Event.Detail}");
        Assert.Contains($"could not be fetched from {AddressOf(holder)}", loss.Event.Detail, StringComparison.Ordinal);
        var (code, shown, _) = await AshaCommand.RunAsync([], "show", run, "--to", coordinator.Api);
        print.WriteLine($"  {shown.Split('\n').FirstOrDefault(line => line.Contains("is missing", StringComparison.Ordinal))}");
        Assert.Equal(0, code);
        Assert.Contains("its checkpoint step-3 of attempt 1 is missing", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_shared_folder_a_checkpoint_outlives_the_node_that_wrote_it()
    {
        await using var cluster = new ProcessCluster(print, coordinators: 1, isPlain: true);
        var shared = Directory.CreateDirectory(Path.Combine(cluster.Folder, "shared")).FullName;
        var coordinator = cluster.StartCoordinator(0);
        Member[] nodes = [.. new[] { "node-a", "node-b" }.Select(name => cluster.StartOther(name, "node", "--name", name, "--slots", "1", "--join", cluster.Join, "--insecure", "--checkpoints", shared))];
        await cluster.KnowsAsync("node-a");
        await cluster.KnowsAsync("node-b");
        var words = Path.Combine(cluster.Folder, "kept");
        var run = await SubmitAsync(cluster, "kept", Script(words, "[ $(wc -l < $words) -gt 3 ] || sleep 1000"), 1);
        while (!File.Exists(words) || !File.ReadAllText(words).Contains("saved", StringComparison.Ordinal))
            await Task.Delay(50);
        await StoredAsync(coordinator, run);
        var events = Events(coordinator, run);
        var name = events.OfType<SlotJoined>().Single(joined => joined.Slot == events.OfType<JobStarted>().Single().Slot).Node;
        var killed = nodes.Single(node => node.Data.EndsWith(name, StringComparison.Ordinal));
        killed.Signal("KILL");
        await killed.EndAsync(TimeSpan.FromSeconds(10));
        Directory.Delete(killed.Data, recursive: true);
        events = await EndAsync(cluster, coordinator, run);
        Assert.Equal(["node-lost"], events.OfType<AttemptLost>().Select(lost => lost.Cause));
        Assert.Equal([0, 3], events.OfType<JobStarted>().Select(start => start.Start));
        var told = Told(words, 0);
        Assert.Equal($"3 {told[0].Pid}", told[1].Read);
        Assert.StartsWith(Path.Combine(shared, run), told[1].From, StringComparison.Ordinal);
        Assert.DoesNotContain("can be fetched", nodes[0].Said, StringComparison.Ordinal);
    }

    private static async Task<ExperimentEvent[]> RunAsync(ProcessCluster cluster, Member coordinator, string name, string script, int trials)
        => await EndAsync(cluster, coordinator, await SubmitAsync(cluster, name, script, trials));

    private static async Task<string> SubmitAsync(ProcessCluster cluster, string name, string script, int trials)
    {
        var spec = cluster.Experiment(name, trials, script, max: 9, min: 9);
        spec = spec with { Trial = spec.Trial with { RetryBackOff = new BackOffSpec(TimeSpan.FromSeconds(1), 1, TimeSpan.FromSeconds(1), 0) } };
        return (await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment(name, spec))).Run;
    }

    private static async Task<ExperimentEvent[]> EndAsync(ProcessCluster cluster, Member coordinator, string run)
    {
        Assert.Equal("completed", (await cluster.EndAsync(run, 120)).Outcome);
        return Events(coordinator, run);
    }

    private static ExperimentEvent[] Events(Member coordinator, string run) => [.. EventLines.ReadIntact(File.ReadAllBytes(Path.Combine(coordinator.Data, "runs", run, "events.jsonl")))];

    /// <summary>Until then a checkpoint does not count.</summary>
    private static async Task StoredAsync(Member coordinator, string run)
    {
        for (var begun = Stopwatch.GetTimestamp(); !Events(coordinator, run).Any(happened => happened is ReportAccepted { Checkpoint: not null }); await Task.Delay(50))
            Assert.True(Stopwatch.GetElapsedTime(begun) < Member.Patience, "the checkpoint is not in the journal");
    }

    private static (string Pid, string Folder, string From, string Read)[] Told(string words, int trial) => [.. File.ReadAllLines(words).Select(line => line.Split(' ', 6)).Where(parts => parts.Length == 6 && parts[0] == $"{trial}").Select(parts => (parts[2], parts[3], parts[4], parts[5]))];

    private static string AddressOf(Member node) => Word(node, "checkpoints can be fetched from ");

    private static string Word(Member member, string before)
    {
        var at = member.Said.IndexOf(before, StringComparison.Ordinal);
        Assert.True(at >= 0, member.Said);
        return member.Said[(at + before.Length)..].Split(' ', '\n', ',')[0];
    }
}
