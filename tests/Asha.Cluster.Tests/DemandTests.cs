using System.Text.RegularExpressions;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Cluster.Tests.Harness;
using Asha.Core.Experiments;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>Experiments that need what not every node has: they wait for a node that has it, say so, and run nowhere else. The coordinator and its node are left as they were.</summary>
[Collection(SharedClusters.Lone)]
public sealed partial class DemandTests(ITestOutputHelper print, LoneCluster lone)
{
    [Fact]
    public async Task What_no_node_has_is_waited_for_and_said_and_runs_only_where_it_is()
    {
        lone.PrintTo(print);
        var cluster = lone.Cluster;
        var plain = cluster.Experiment("plain", 3, ProcessCluster.Steps);
        var labelled = await SubmitAsync("labelled", plain with { Name = "labelled", Trial = plain.Trial with { Labels = ["fast"] } });
        var large = await SubmitAsync("large", plain with { Name = "large", Trial = plain.Trial with { Memory = 40L << 40 } });
        // Those that need nothing have slots meanwhile.
        Assert.Equal("completed", (await cluster.EndAsync(await SubmitAsync("plain", plain), 120)).Outcome);
        var waiting = await cluster.AskUntilAsync<ExperimentList>(new ListExperiments());
        Assert.Equal("no slot has the label fast", Find(waiting, labelled).Shortage);
        Assert.StartsWith("no slot has 40960 GiB of memory, the most is ", Find(waiting, large).Shortage, StringComparison.Ordinal);

        var server = ("ASHA_SERVER", lone.Coordinator.Api);
        var listed = await AshaCommand.RunAsync([server], "ls");
        print.WriteLine(listed.Out);
        Assert.Matches($"{labelled} .* waiting for a slot: no slot has the label fast", Flat(listed.Out));
        Assert.Contains("waiting for a slot: no slot has 40960 GiB", Flat((await AshaCommand.RunAsync([server], "show", large)).Out), StringComparison.Ordinal);

        var node = cluster.StartNode("node-l", 2, [], "--labels", "fast,other", "--memory", "100TiB");
        foreach (var run in new[] { labelled, large })
        {
            Assert.Equal("completed", (await cluster.EndAsync(run, 120)).Outcome);
            var events = EventLines.ReadIntact(File.ReadAllBytes(Path.Combine(lone.Coordinator.Data, "runs", run, "events.jsonl")));
            Assert.All(events.OfType<SlotJoined>(), joined => Assert.Equal("node-l", joined.Node));
        }
        Assert.Null(Find(await cluster.AskUntilAsync<ExperimentList>(new ListExperiments()), large).Shortage);
        var nodes = (await AshaCommand.RunAsync([server], "nodes")).Out;
        print.WriteLine(nodes);
        Assert.Matches("node-l .* 51200 GiB .* fast, other", Flat(nodes));
        await cluster.AskAsync<RegistryDone>(new DrainMember("node-l"));
        Assert.Equal(0, (await node.EndAsync(Member.Patience)).Code);

        async Task<string> SubmitAsync(string request, ExperimentSpec spec) => (await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment(request, spec))).Run;
    }

    private static ListedExperiment Find(ExperimentList list, string run) => list.Experiments.Single(experiment => experiment.Run == run);

    /// <summary>A table is as wide as its terminal.</summary>
    private static string Flat(string table) => Spaces().Replace(table, " ");

    [GeneratedRegex("\\s+")]
    private static partial Regex Spaces();
}
