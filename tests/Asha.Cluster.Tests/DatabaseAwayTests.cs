using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Cluster.Tests.Harness;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>PostgreSQL is ended, and started again: whoever needed it in between goes on by itself.</summary>
[Collection(SharedClusters.Three)]
public sealed class DatabaseAwayTests(ITestOutputHelper print, ThreeCoordinators three)
{
    [Fact]
    public async Task A_registry_that_could_not_write_begins_anew_where_it_was_and_takes_the_same_request()
    {
        three.PrintTo(print);
        var (cluster, before) = (three.Cluster, await three.Cluster.AskUntilAsync<ExperimentList>(new ListExperiments()));
        var owner = three.Coordinators[Enumerable.Range(0, 3).Single(index => before.Where.EndsWith($":{cluster.Ports[index]}", StringComparison.Ordinal))];
        var mark = owner.LogMark;
        var submit = new SubmitExperiment("away", cluster.Experiment("away", 3, ProcessCluster.Steps));
        three.Server.Stop();
        try
        {
            await Assert.ThrowsAsync<AskTimeoutException>(() => cluster.AskAsync<ExperimentSubmitted>(submit, seconds: 1));
            await owner.LogsAsync("The registry's journal could not be written, and it begins anew: ", Member.Patience, mark);
            await owner.LogsAsync("The registry's journal could not be read, and it is tried again: ", Member.Patience, mark);
        }
        finally
        {
            three.Server.Start();
        }
        var run = (await cluster.AskUntilAsync<ExperimentSubmitted>(submit, seconds: 30)).Run;
        Assert.Equal("completed", (await cluster.EndAsync(run, 60)).Outcome); // Nodes have found it, too.
        var after = await cluster.AskUntilAsync<ExperimentList>(new ListExperiments());
        Assert.Equal((before.Where, before.Experiments.Count + 1), (after.Where, after.Experiments.Count));
        Assert.True(after.Epoch > before.Epoch, three.RegistryStory());
    }
}
