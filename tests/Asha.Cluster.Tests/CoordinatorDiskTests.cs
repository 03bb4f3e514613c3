using Asha.Actors.Messages;
using Asha.Cluster.Tests.Harness;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>A coordinator that cannot write the copies of journals in its folder: here a file stands where their folder is to be, which every user is refused alike. The test leaves all as it was.</summary>
[Collection(SharedClusters.Lone)]
public sealed class CoordinatorDiskTests(ITestOutputHelper print, LoneCluster lone)
{
    [Fact]
    public async Task A_run_needs_no_more_than_its_journal_and_people_are_told()
    {
        lone.PrintTo(print);
        var (cluster, runs, said) = (lone.Cluster, Path.Combine(lone.Coordinator.Data, "runs"), lone.Coordinator.Mark);
        Directory.Move(runs, $"{runs}-away");
        File.WriteAllText(runs, "");
        var run = (await cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment("diskless", cluster.Experiment("diskless", 4, ProcessCluster.Steps)))).Run;
        await lone.Coordinator.SaysAsync($"{run}: the copy of its journal, {Path.Combine(runs, run, "events.jsonl")}, cannot be written, and it goes on without: ", Member.Patience, said);
        Assert.Equal("completed", (await cluster.EndAsync(run, 120)).Outcome);
        File.Delete(runs);
        Directory.Move($"{runs}-away", runs);
        // The journal has all of it.
        Assert.Equal("completed", (await cluster.AskUntilAsync<ExperimentList>(new ListExperiments())).Experiments.Single(experiment => experiment.Run == run).Outcome);
        Assert.Single(Lines(said), line => line.Contains(run, StringComparison.Ordinal));
    }

    private string[] Lines(int from) => lone.Coordinator.Said[from..].Split('\n');
}
