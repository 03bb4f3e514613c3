using System.Text.Json.Nodes;
using Asha.Core.Experiments;
using Asha.Core.Spaces;
using Asha.Host.Cli;
using Asha.Host.ExperimentFiles;
using Asha.Host.Runs;

namespace Asha.Cluster.Tests;

/// <summary>What <c>asha show</c> tells of what a cluster went through.</summary>
public sealed class ShowTests
{
    private static readonly ExperimentEvent[] _begin =
    [
        new ExperimentStarted(TimeSpan.Zero, Spec(), Origin("one")), new SlotJoined(TimeSpan.Zero, 0, "node-a"), new SlotJoined(TimeSpan.Zero, 1, "node-b"),
        new TrialSampled(TimeSpan.Zero, 0, 0, Configuration.Empty), new TrialSampled(TimeSpan.Zero, 1, 0, Configuration.Empty), new JobStarted(TimeSpan.Zero, 0, 0, 0, 1, 0, 0, 9), new JobStarted(TimeSpan.Zero, 1, 0, 0, 1, 1, 0, 9),
    ];

    [Fact]
    public void Takeovers_and_attempts_that_were_lost_and_came_back_are_told_where_there_were_any()
    {
        var (words, json) = Told(_begin);
        Assert.DoesNotContain("taken over", words, StringComparison.Ordinal);
        Assert.DoesNotContain("lost", words, StringComparison.Ordinal);
        Assert.Equal((null, null, null), (json["takeovers"], json["lostAttempts"], json["regainedAttempts"]));

        (words, json) = Told([
            .. _begin, new ExperimentTakenOver(TimeSpan.FromSeconds(1), Origin("two")), new AttemptLost(TimeSpan.FromSeconds(2), 0, 0, 0, 1, 0, FaultNames.NodeLost), new AttemptLost(TimeSpan.FromSeconds(2), 1, 0, 0, 1, 1, FaultNames.NodeLost),
            new SlotJoined(TimeSpan.FromSeconds(3), 2, "node-a"), new AttemptRegained(TimeSpan.FromSeconds(3), 0, 0, 0, 1, 2), new ExperimentTakenOver(TimeSpan.FromSeconds(4), Origin("three"))]);
        Assert.Contains("taken over by another coordinator 2 times, while its nodes ran on", words, StringComparison.Ordinal);
        Assert.Contains("attempts lost by no fault of their trials: 2x node-lost; 1 of them came back with their nodes, and counted on", words, StringComparison.Ordinal);
        Assert.Equal((2, 2, 1), (json["takeovers"]!.GetValue<int>(), json["lostAttempts"]!["node-lost"]!.GetValue<int>(), json["regainedAttempts"]!.GetValue<int>()));
    }

    private static (string Words, JsonNode Json) Told(IEnumerable<ExperimentEvent> events)
    {
        var record = RunOptions.NewRecord();
        foreach (var happened in events)
            record.Apply(happened);
        using var words = new StringWriter();
        RunReport.Write(record, Output.To(words));
        return (words.ToString(), JsonNode.Parse(RunSummary.Of(record).ToJson())!);
    }

    private static RunOrigin Origin(string machine) => new("steps-1", DateTimeOffset.UnixEpoch, "test", machine);

    private static ExperimentSpec Spec() => ExperimentFile.Read("""
        name: steps
        metric: {name: loss, mode: min}
        resource: {name: step, min: 9, max: 9}
        scheduler: {type: asha, reduction-factor: 3, trials: 2}
        space: {x: {type: uniform, min: 0, max: 1}}
        trial: {command: ["true"]}
        """, "test", "/", [], new Machine(2, 0)).Spec!;
}
