using System.Net;
using System.Text.Json.Nodes;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Cluster.Api;
using Asha.Cluster.Client;
using Asha.Cluster.Coordinators;
using Asha.Cluster.Metrics;
using Asha.Cluster.Nodes;
using Asha.Cluster.Settings;
using Asha.Cluster.Tests.Harness;
using Asha.Host.Api;
using Asha.Tuning.Journals;
using Microsoft.Extensions.Logging.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>The list of experiments, from the registry over HTTP to the client, while experiments come and end.</summary>
public sealed class ExperimentListTests : RegistryKit
{
    private readonly string _folder = Directory.CreateTempSubdirectory("asha-list-").FullName;

    protected override void AfterAll()
    {
        base.AfterAll();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Pages_go_from_the_newest_to_the_oldest_and_what_comes_or_ends_meanwhile_moves_nothing()
    {
        string[] runs = [.. Enumerable.Range(0, 25).Select(index => Submit($"{index}"))];
        await WithApiAsync(async (http, _) =>
        {
            var seen = new List<string>();
            for (string? next = ""; next is not null;)
            {
                var page = JsonNode.Parse(await http.GetStringAsync($"/v1/experiments?limit=10{(next == "" ? "" : $"&after={next}")}"))!;
                var listed = page["experiments"]!.AsArray().Select(one => one!["run"]!.GetValue<string>()).ToArray();
                Assert.Equal(Math.Min(10, 25 - seen.Count), listed.Length);
                seen.AddRange(listed);
                Assert.Equal(25 + (seen.Count <= 10 ? 0 : seen.Count <= 20 ? 3 : 6), page["total"]!.GetValue<int>());
                next = page["next"]?.GetValue<string>();
                for (var more = 0; more < 3; more++)
                    Submit($"{seen.Count} {more}");
                End(seen[^1]); // The very one that the next page begins after.
            }
            Assert.Equal(runs.Reverse(), seen);
        });
    }

    [Fact]
    public async Task It_is_of_some_phases_or_of_one_run_and_as_long_as_is_asked_for()
    {
        string[] runs = [.. Enumerable.Range(0, 6).Select(index => Submit($"{index}"))];
        foreach (var run in runs[..4])
            End(run);
        Ask<RegistryDone>(new PauseExperiment(runs[4]));
        await WithApiAsync(async (http, client) =>
        {
            Assert.Equal([runs[3], runs[2], runs[1], runs[0]], await RunsAsync(client, "over", 100));
            Assert.Equal([runs[5], runs[4]], await RunsAsync(client, "open,ending,paused", 100));
            Assert.Equal([runs[3], runs[2]], await RunsAsync(client, "over", 2));
            Assert.Equal(runs[2], (await client.ListAsync("over", 2, default)).Next);
            Assert.Null((await client.ListAsync("over", 4, default)).Next);
            Assert.Equal("ending", (await client.FindAsync(runs[4], default))!.Phase);
            Assert.Null(await client.FindAsync("nobody", default));
            Assert.Empty(await RunsAsync(client, "paused", 100));
            Assert.Equal(6, JsonNode.Parse(await http.GetStringAsync("/v1/health"))!["experiments"]!.GetValue<int>());
            foreach (var (query, status, words) in new[] { ("limit=0", 400, "limit: must be between 1 and 1000"), ("limit=1001", 400, "but is 1001"), ("limit=x", 400, "limit"), ("phase=open,done", 400, "phase: done: must be open, ending, paused or over"), ("after=nobody", 404, "after: nobody: there is no such run") })
            {
                var refused = await http.GetAsync($"/v1/experiments?{query}");
                Assert.Equal((query, status), (query, (int)refused.StatusCode));
                Assert.Contains(words, JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
            }
        });
    }

    /// <summary>Akka takes messages of 4 MiB: why runs have ended may be told at length.</summary>
    [Fact]
    public void A_page_is_as_long_as_a_message_can_be()
    {
        string[] runs = [.. Enumerable.Range(0, 40).Select(index => Submit($"{index}"))];
        foreach (var run in runs)
            End(run, new string('x', 200_000));
        var seen = new List<string>();
        for (string? next = null; seen.Count < runs.Length;)
        {
            var page = Ask<ExperimentList>(new ListExperiments(1000, next));
            Assert.True(page.Experiments.Sum(listed => listed.Reason!.Length) < 2 << 20, "the page is too long");
            seen.AddRange(page.Experiments.Select(listed => listed.Run));
            Assert.Equal(seen.Count < runs.Length ? seen[^1] : null, next = page.Next);
        }
        Assert.Equal(runs.Reverse(), seen);
    }

    /// <summary>While coordinators are upgraded one after the other, the registry may be of either version.</summary>
    [Fact]
    public void A_page_of_an_earlier_registrys_list_is_that_of_todays()
    {
        string[] runs = [.. Enumerable.Range(0, 7).Select(index => Submit($"{index}"))];
        foreach (var run in runs[1..4])
            End(run);
        var all = Ask<ExperimentList>(new ListExperiments());
        Assert.Equal(runs, all.Experiments.Select(listed => listed.Run));
        Assert.False(all.IsPage);
        foreach (var asked in new[] { new ListExperiments(3), new ListExperiments(3, runs[4]), new ListExperiments(100, runs[2]), new ListExperiments(2, null, [RunPhase.Over]), new ListExperiments(100, runs[5], [RunPhase.Over]), new ListExperiments(Run: runs[1]), new ListExperiments(Run: "nobody") })
        {
            var (page, same) = (Ask<ExperimentList>(asked), ExperimentPage.Of(all, asked));
            Assert.Equal((string.Join(' ', page.Experiments.Select(listed => listed.Run)), page.Next, page.Total), (string.Join(' ', same.Experiments.Select(listed => listed.Run)), same.Next, same.Total));
        }
        Assert.Equal(HttpStatusCode.NotFound, Assert.Throws<ApiProblemException>(() => ExperimentPage.Of(all, new ListExperiments(3, "nobody"))).Status);
    }

    private static async Task<string[]> RunsAsync(AshaClient client, string phases, int most) => [.. (await client.ListAsync(phases, most, default)).Experiments.Select(listed => listed.Run)];

    private void End(string run, string reason = "")
    {
        Registry.Tell(new RunEnded(run, "completed", reason), Hosts);
        Hosts.FishForMessage<RunEndKnown>(known => known.Run == run);
    }

    /// <summary>A coordinator's API, with this registry behind it.</summary>
    private async Task WithApiAsync(Func<HttpClient, AshaClient, Task> ask)
    {
        using (var database = SqliteJournal.Connection(_folder))
            RunJournal.MakeTables(database, isSqlite: true, "test");
        var settings = new CoordinatorSettings { Listen = new HostPort("127.0.0.1", 0), Join = [], Data = _folder, Api = new HostPort("127.0.0.1", 0) };
        using var files = new FilesClient(null, TimeSpan.FromSeconds(1));
        var door = new RegistryDoor(settings.Listen);
        door.Use(Registry);
        using var metrics = MetricsExport.Of();
        await using var server = await ApiServer.StartAsync(settings, null, NullLoggerFactory.Instance, door, new RunFolds(() => SqliteJournal.Connection(_folder), ApiTexts.Formats.NewRecord), ApiTexts.Formats, files, new CoordinatorHealth(door, () => SqliteJournal.Connection(_folder)), metrics);
        using var http = new HttpClient { BaseAddress = new Uri(server.Address) };
        using var client = new AshaClient(new ServerAddresses([new Uri(server.Address)], null, null));
        await ask(http, client);
    }
}
