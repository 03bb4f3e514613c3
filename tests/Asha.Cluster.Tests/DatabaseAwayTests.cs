using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Cluster.Tests.Harness;
using Npgsql;
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

    /// <summary>It is asked, cannot write, and a proxy may keep the question for later: whoever asks by another name each time has two runs in the end.</summary>
    [Fact]
    public async Task What_is_submitted_while_the_database_is_away_is_one_run_once_it_is_back()
    {
        three.PrintTo(print);
        var cluster = three.Cluster;
        var before = (await cluster.AskUntilAsync<ExperimentList>(new ListExperiments())).Experiments.Count;
        (string, string)[] server = [("ASHA_SERVER", three.Coordinators[0].Api)];
        var file = Path.Combine(cluster.Folder, "once.yaml");
        await File.WriteAllTextAsync(file, "name: once\nmetric: {name: loss, mode: min}\nresource: {name: step, min: 1, max: 3}\nspace: {x: {type: uniform, min: 0, max: 1}}\nscheduler: {type: asha, trials: 1}\ntrial: {command: ['true'], max-attempts: 1}\n");
        Task<(int Code, string Out, string Error)> submits;
        three.Server.Stop();
        try
        {
            submits = AshaCommand.RunAsync(server, "submit", file, "--key", "once");
            var all = three.Coordinators.Select(coordinator => coordinator.LogMark).ToArray();
            await Task.WhenAny(three.Coordinators.Select((coordinator, index) => coordinator.LogsAsync("The registry's journal could not be written, and it begins anew: ", Member.Patience, all[index])));
        }
        finally
        {
            three.Server.Start();
        }
        var (code, said, error) = await submits;
        print.WriteLine(said + error);
        Assert.True(code == 0, error);
        Assert.Contains("it is said again until somebody answers, and counts once", error, StringComparison.Ordinal);
        Assert.Equal(said, (await AshaCommand.RunAsync(server, "submit", file, "--key", "once")).Out);
        Assert.Equal("failed", (await cluster.EndAsync(said.Trim(), 60)).Outcome);
        Assert.Equal(before + 1, (await cluster.AskUntilAsync<ExperimentList>(new ListExperiments())).Experiments.Count);
    }

    [Fact]
    public async Task A_coordinator_is_live_and_says_that_it_is_not_ready_while_the_database_is_away()
    {
        three.PrintTo(print);
        using var client = new HttpClient();
        string[] apis = [.. three.Coordinators.Select(coordinator => coordinator.Api)];
        foreach (var api in apis)
            await Waiting.UntilAsync("it is ready", async () => await AnswerAsync("ready", api) is (200, _));
        three.Server.Stop();
        try
        {
            foreach (var api in apis)
            {
                await Waiting.UntilAsync("it is not ready", async () => await AnswerAsync("ready", api) is (503, var why) && why.Contains("the database does not answer", StringComparison.Ordinal));
                Assert.Equal((200, """{"status":"live"}"""), await AnswerAsync("live", api));
            }
        }
        finally
        {
            three.Server.Start();
        }
        foreach (var api in apis)
            await Waiting.UntilAsync("it is ready again", async () => await AnswerAsync("ready", api) is (200, _));

        async Task<(int, string)> AnswerAsync(string what, string api)
        {
            using var answer = await client.GetAsync($"{api}/health/{what}");
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_coordinator_that_is_up_before_its_database_waits_for_it_and_leaves_meanwhile_if_it_is_told_to()
    {
        three.PrintTo(print);
        var journal = await three.Server.NewDatabaseAsync();
        await using var cluster = new ProcessCluster(print, coordinators: 1, journal: journal, isPlain: true);
        await using var other = new ProcessCluster(print, coordinators: 1, journal: journal, isPlain: true);
        Member waits;
        three.Server.Stop();
        try
        {
            (waits, var leaves) = (cluster.StartCoordinator(0), other.StartCoordinator(0));
            foreach (var member in new[] { waits, leaves })
                await member.SaysAsync("cannot be opened: Failed to connect to 127.0.0.1", Member.Patience);
            Assert.Contains("; it tries again, every 30 s in the end", waits.Said, StringComparison.Ordinal);
            leaves.Signal("TERM");
            Assert.Equal(0, (await leaves.EndAsync(TimeSpan.FromSeconds(30))).Code);
        }
        finally
        {
            three.Server.Start();
        }
        await waits.SaysAsync("1 of 1 coordinators up", Member.Patience);
    }

    [Fact]
    public async Task A_database_that_answers_and_cannot_be_used_is_a_mistake_in_the_settings()
    {
        three.PrintTo(print);
        var wrong = new NpgsqlConnectionStringBuilder(three.Journal) { Database = "no_such_database" }.ConnectionString;
        await using var cluster = new ProcessCluster(print, coordinators: 1, journal: wrong, isPlain: true);
        var coordinator = cluster.StartCoordinator(0);
        Assert.Equal(2, (await coordinator.EndAsync(Member.Patience)).Code);
        Assert.Contains("no_such_database", coordinator.Said, StringComparison.Ordinal);
    }
}
