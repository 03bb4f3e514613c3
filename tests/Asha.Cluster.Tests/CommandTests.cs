using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Asha.Cluster.Client;
using Asha.Cluster.Tests.Harness;
using Asha.Tuning;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>The commands of a person at another terminal, each a process, against clusters that are processes.</summary>
public sealed partial class CommandTests(ITestOutputHelper print)
{
    private static readonly TimeSpan _up = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_cluster_to_play_with_takes_experiments_ends_them_and_leaves_nothing()
    {
        var folder = Directory.CreateTempSubdirectory("asha-cluster-").FullName;
        using var up = new Member(print, folder, "up", 0, [("ASHA_JOURNAL", "")], [], "cluster", "up", "--nodes", "2");
        await up.SaysAsync("1 of 1 coordinators up, 2 nodes", _up);
        (string, string)[] server = [("ASHA_SERVER", Server().Match(up.Said).Groups["url"].Value)];
        int[] pids = [.. Pid().Matches(up.Said).Select(match => int.Parse(match.Groups["pid"].Value, CultureInfo.InvariantCulture))];
        Assert.Equal(3, pids.Length);
        await File.WriteAllTextAsync(Path.Combine(folder, "trial.sh"), ProcessCluster.Steps.Replace("sleep 0.05", "sleep ${PAUSE}", StringComparison.Ordinal));
        // A relative folder, as on one machine: submit says it in full.
        await File.WriteAllTextAsync(Path.Combine(folder, "steps.yaml"), """
            name: steps
            metric: {name: loss, mode: min}
            resource: {name: step, max: 9}
            scheduler: {type: asha, reduction-factor: 3, trials: 6}
            space: {x: {type: uniform, min: 0, max: 1}}
            trial: {command: [env, "PAUSE=0.02", bash, trial.sh], env: {HOME: }}
            """);
        var file = Path.Combine(folder, "steps.yaml");

        var waited = await AshaCommand.RunAsync(server, "submit", file, "--wait", "--json");
        Assert.True(waited.Code == 0, waited.Error);
        var summary = JsonNode.Parse(waited.Out)!;
        var run = summary["run"]!.GetValue<string>();
        Assert.Equal(("completed", 6), (summary["outcome"]!.GetValue<string>(), summary["trials"]!.GetValue<int>()));
        Assert.Equal(summary.ToJsonString(), JsonNode.Parse((await AshaCommand.RunAsync(server, "show", run, "--json")).Out)!.ToJsonString());
        Assert.Contains("the best 6", (await AshaCommand.RunAsync(server, "show", run)).Out, StringComparison.Ordinal);
        // Whatever tells of a run of this machine tells of a cluster's.
        Assert.Equal(summary["best"]!["trial"]!.GetValue<int>(), JsonNode.Parse((await AshaCommand.RunAsync(server, "best", run, "--json")).Out)!["trial"]!.GetValue<int>());
        Assert.Equal(7, (await AshaCommand.RunAsync(server, "trials", run, "--csv")).Out.Trim().Split('\n').Length);
        var log = (await AshaCommand.RunAsync(server, "logs", run, "0")).Out;
        Assert.Matches("^=== on node-[12] ===\n=== attempt 1, ", log);
        Assert.Contains("\n=== ended: completed", log, StringComparison.Ordinal);
        Assert.Equal((2, true), Said(await AshaCommand.RunAsync(server, "logs", run, "6"), "the run has trials 0 to 5"));
        Assert.Equal((2, true), Said(await AshaCommand.RunAsync(server, "logs", run, "prepare"), "has no preparation"));
        Assert.Equal((2, true), Said(await AshaCommand.RunAsync(server, "why", run, "6"), "the run has trials 0 to 5"));
        Assert.Equal((0, true), Said(await AshaCommand.RunAsync(server, "plot", run, "--only", "curves", "--format", "svg", "--out", folder), "curves.svg"));

        Assert.Equal((0, true), Said(await AshaCommand.RunAsync(server, "replay", run), "events agree"));
        Assert.Equal((2, true), Said(await AshaCommand.RunAsync(server, "replay", "nobody"), "there is no such run"));
        Assert.Equal(run, JsonNode.Parse((await AshaCommand.RunAsync(server, "ls", "--json")).Out)!["experiments"]![0]!["run"]!.GetValue<string>());
        Assert.Equal(["node-1", "node-2"], JsonNode.Parse((await AshaCommand.RunAsync(server, "nodes", "--json")).Out)!["nodes"]!.AsArray().Select(node => node!["name"]!.GetValue<string>()));
        Assert.Equal((2, true), Said(await AshaCommand.RunAsync([], "ls", "--to", server[0].Item2.Replace("http", "https", StringComparison.Ordinal)), $"speaks plain http, not TLS, as a coordinator does on loopback: use {server[0].Item2}"));

        Assert.Equal((0, true), Said(await AshaCommand.RunAsync(server, "ls", "--phase", "paused"), "experiments is paused"));
        Assert.Equal((2, true), Said(await AshaCommand.RunAsync([("ASHA_SERVER", "")], "ls", "--token-file", file), "--token-file: is of a cluster: say which with --to"));

        await SaysOverHttpAsync(server[0].Item2, run, folder);

        var slow = await AshaCommand.RunAsync(server, "submit", file, "--set", "trial.command[1]=PAUSE=60", "--weight", "3", "--max-concurrent", "1");
        Assert.True(slow.Code == 0, slow.Error);
        run = slow.Out.Trim();
        Assert.Matches("running|starting|waiting", Row((await AshaCommand.RunAsync(server, "ls")).Out, run));
        Assert.Equal((0, true), Said(await AshaCommand.RunAsync(server, "pause", run), "paused"));
        Assert.Equal((2, true), Said(await AshaCommand.RunAsync(server, "pause", run), "paused already"));
        Assert.Equal((0, true), Said(await AshaCommand.RunAsync(server, "resume", run), "goes on"));
        Assert.Equal((0, true), Said(await AshaCommand.RunAsync(server, "cancel", run), "cancelled"));
        Assert.Contains("cancelled", Row((await AshaCommand.RunAsync(server, "ls", "--to", $"http://127.0.0.1:1,{server[0].Item2}")).Out, run), StringComparison.Ordinal);
        Assert.Equal((0, true), Said(await AshaCommand.RunAsync(server, "ls", "--phase", "over", "--limit", "1"), "only the newest 1 are listed"));
        Assert.Equal((2, true), Said(await AshaCommand.RunAsync(server, "ls", "--phase", "done"), "phase: done: must be open, ending, paused or over"));
        Assert.Equal((2, true), Said(await AshaCommand.RunAsync([], "ls", "--limit", "1"), "--limit: is of a cluster's runs"));
        Assert.Equal((2, true), Said(await AshaCommand.RunAsync(server, "show", "nobody"), "there is no such run"));

        Assert.Equal((0, true), Said(await AshaCommand.RunAsync(server, "drain", "node-2"), "node-2"));
        await up.SaysAsync("node-2 has ended (0)", _up);
        Assert.Equal((2, true), Said(await AshaCommand.RunAsync(server, "drain", "node-2"), "there are node-1"));
        Assert.DoesNotContain("node-2", (await AshaCommand.RunAsync(server, "nodes")).Out, StringComparison.Ordinal);

        up.Signal("TERM");
        Assert.Equal(0, (await up.EndAsync(_up)).Code);
        Assert.All(pids, pid => Assert.False(Directory.Exists($"/proc/{pid}"), $"{pid} is still there"));
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The same key is the same run, and what cannot be done says so by its status.</summary>
    private static async Task SaysOverHttpAsync(string server, string ended, string folder)
    {
        using var client = new HttpClient { BaseAddress = new Uri(server) };
        var runs = new List<string>();
        for (var time = 0; time < 2; time++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/experiments?weight=2&set=trial.directory={folder}") { Content = new StringContent(await File.ReadAllTextAsync(Path.Combine(folder, "steps.yaml"))) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/yaml");
            request.Headers.Add("Idempotency-Key", "once");
            var response = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
            runs.Add(response.Headers.Location!.ToString());
        }
        Assert.Equal(runs[0], runs[1]);
        // With another experiment, or asked for otherwise, it is a mistake.
        foreach (var (query, name) in new[] { ("weight=2", "others"), ("weight=3", "steps") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/experiments?{query}&set=trial.directory={folder}") { Content = new StringContent((await File.ReadAllTextAsync(Path.Combine(folder, "steps.yaml"))).Replace("name: steps\n", $"name: {name}\n", StringComparison.Ordinal)) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/yaml");
            request.Headers.Add("Idempotency-Key", "once");
            var refused = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.UnprocessableContent, refused.StatusCode);
            Assert.Contains(runs[0].Split('/')[^1], JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        }
        Assert.Equal(2, JsonNode.Parse(await client.GetStringAsync("/v1/experiments"))!["experiments"]!.AsArray().Count);
        Assert.Equal(HttpStatusCode.Conflict, (await client.PostAsync($"/v1/experiments/{ended}/pause", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync("/v1/experiments/nobody/cancel", null)).StatusCode);
        var lines = (await client.GetStringAsync($"/v1/experiments/{ended}/events")).Split('\n');
        Assert.Equal(lines[3..], (await client.GetStringAsync($"/v1/experiments/{ended}/events?after=3")).Split('\n'));
        Assert.Equal("ok", JsonNode.Parse(await client.GetStringAsync("/v1/health"))!["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Killed_outright_it_leaves_no_process_either()
    {
        var folder = Directory.CreateTempSubdirectory("asha-cluster-").FullName;
        using var up = new Member(print, folder, "up", 0, [("ASHA_JOURNAL", "")], [], "cluster", "up", "--nodes", "1");
        await up.SaysAsync("1 of 1 coordinators up, 1 node", _up);
        int[] pids = [.. Pid().Matches(up.Said).Select(match => int.Parse(match.Groups["pid"].Value, CultureInfo.InvariantCulture))];
        up.Signal("KILL");
        for (var begun = Stopwatch.GetTimestamp(); pids.Any(pid => Directory.Exists($"/proc/{pid}")); await Task.Delay(50))
            Assert.True(Stopwatch.GetElapsedTime(begun) < _up, $"still there: {string.Join(", ", pids.Where(pid => Directory.Exists($"/proc/{pid}")))}");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Beyond_this_machine_it_takes_TLS_and_a_token()
    {
        await using var cluster = new ProcessCluster(print, coordinators: 1);
        var token = Path.Combine(cluster.Folder, "token");
        await File.WriteAllTextAsync(token, new string('t', 32));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(token, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var tls = ProcessCluster.Tls(cluster.Authority.Issue("coordinator"));
        string[] serve = ["serve", "--listen", cluster.Join, "--join", cluster.Join, "--api", "0.0.0.0:0"];
        await RefusesAsync(cluster, "no-token", [.. serve, .. tls], "token-file: is missing");
        await RefusesAsync(cluster, "no-tls", [.. serve, "--insecure", "--token-file", token], "api: 0.0.0.0:0 can be reached from other machines");
        await File.WriteAllTextAsync(Path.Combine(cluster.Folder, "short"), "short");
        await RefusesAsync(cluster, "short-token", [.. serve, .. tls, "--token-file", Path.Combine(cluster.Folder, "short")], "its first line must be 16 to 1024");

        var coordinator = cluster.StartOther("coordinator", [.. serve, .. tls, "--token-file", token]);
        await coordinator.SaysAsync("1 of 1 coordinators up", _up);
        var server = $"https://127.0.0.1:{Port().Match(coordinator.Said).Groups["port"].Value}";
        Assert.Equal((0, true), Said(await AshaCommand.RunAsync([], "ls", "--to", server, "--ca", cluster.Authority.Ca, "--token-file", token), "no experiment was submitted"));
        Assert.Equal((0, true), Said(await AshaCommand.RunAsync([("ASHA_TOKEN", new string('t', 32))], "nodes", "--to", server, "--ca", cluster.Authority.Ca), "no node has joined"));
        Assert.Equal((2, true), Said(await AshaCommand.RunAsync([("ASHA_TOKEN", new string('u', 32))], "nodes", "--to", server, "--ca", cluster.Authority.Ca), "is not the token of this cluster"));
        Assert.Equal((2, true), Said(await AshaCommand.RunAsync([], "nodes", "--to", server, "--ca", cluster.Authority.Ca), "Authorization: is missing"));
        Assert.Equal((2, true), Said(await AshaCommand.RunAsync([], "nodes", "--to", server), $"{server}: its certificate is not taken: its issuer is CN=Asha test ca, whom this machine does not know; give --ca, the CA of this cluster"));
        var other = new TestAuthority(Path.Combine(cluster.Folder, "other"), "other").Ca;
        Assert.Equal((2, true), Said(await AshaCommand.RunAsync([], "nodes", "--to", server, "--ca", other), $"which {other} is not, or not the same one"));
        Assert.Equal((2, true), Said(await AshaCommand.RunAsync([], "nodes", "--to", server.Replace("127.0.0.1", "127.0.0.2", StringComparison.Ordinal), "--ca", cluster.Authority.Ca), "say --to by one of these names"));
        Assert.Equal((2, true), Said(await AshaCommand.RunAsync([], "nodes", "--to", server.Replace("https", "http", StringComparison.Ordinal)), $"speaks TLS, not plain http: use {server}"));
        await FollowsAsync(cluster, tls, ["--to", server, "--ca", cluster.Authority.Ca, "--token-file", token]);
    }

    /// <summary>What a trial prints is followed while it runs: from its node over mutual TLS, from the coordinator over TLS with a token.</summary>
    private static async Task FollowsAsync(ProcessCluster cluster, string[] tls, string[] to)
    {
        cluster.StartOther("node", ["node", "--name", "node-a", "--slots", "1", "--join", cluster.Join, .. tls]);
        var go = Path.Combine(cluster.Folder, "go");
        await File.WriteAllTextAsync(Path.Combine(cluster.Folder, "trial.sh"), $$"""
            echo first
            until [ -e {{go}} ]; do sleep 0.05; done
            echo last
            echo '@asha {"resource": 9, "metric": 1}'
            """);
        await File.WriteAllTextAsync(Path.Combine(cluster.Folder, "one.yaml"), """
            name: one
            metric: {name: loss, mode: min}
            resource: {name: step, min: 9, max: 9}
            scheduler: {type: asha, reduction-factor: 3, trials: 1}
            space: {x: {type: uniform, min: 0, max: 1}}
            trial: {command: [bash, trial.sh]}
            """);
        var submitted = await AshaCommand.RunAsync([], ["submit", Path.Combine(cluster.Folder, "one.yaml"), .. to]);
        Assert.True(submitted.Code == 0, submitted.Error);
        var run = submitted.Out.Trim();
        var seen = Path.Combine(cluster.Folder, "seen");
        using var following = Process.Start(new ProcessStartInfo("bash", ["-c", $"exec \"$@\" > {seen} 2>&1", "follow", "dotnet", Member.Asha, "logs", run, "0", "--follow", .. to]))!;
        await Waiting.UntilAsync("its first line", () => File.Exists(seen) && File.ReadAllText(seen).Contains("first\n", StringComparison.Ordinal));
        Assert.DoesNotContain("last", await File.ReadAllTextAsync(seen), StringComparison.Ordinal);
        await File.WriteAllTextAsync(go, "");
        await following.WaitForExitAsync().WaitAsync(_up);
        Assert.Equal(0, following.ExitCode);
        Assert.Matches("^=== on node-a ===\n=== attempt 1, [^\n]* ===\nfirst\nlast\n(@asha [^\n]*\n)?=== ended: completed[^\n]*\n$", await File.ReadAllTextAsync(seen));
    }

    [Fact]
    public void A_token_is_not_sent_where_everybody_can_read_it()
    {
        var refused = Assert.Throws<UserErrorException>(() => ServerAddresses.Read("https://a:1,http://b.example:1", "--to", "secret", null, null));
        Assert.Contains("http://b.example:1", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
        Assert.Equal("secret", ServerAddresses.Read("http://127.0.0.1:1, https://b.example:1", "--to", "secret", null, null).Token);
        Assert.Throws<UserErrorException>(() => ServerAddresses.Read("ftp://a", "--to", null, null, null));
    }

    private static (int Code, bool Says) Said((int Code, string Out, string Error) command, string words) => (command.Code, (command.Out + command.Error).Contains(words, StringComparison.Ordinal) ? true : throw new InvalidOperationException($"{command}"));

    private static string Row(string table, string run) => table.Split('\n').Single(line => line.Contains($" {run} ", StringComparison.Ordinal));

    private static async Task RefusesAsync(ProcessCluster cluster, string name, string[] arguments, string reason)
    {
        var member = cluster.StartOther(name, arguments);
        Assert.Equal(2, (await member.EndAsync(_up)).Code);
        Assert.Contains(reason, member.Said, StringComparison.Ordinal);
    }

    [GeneratedRegex("ASHA_SERVER=(?<url>http://[^ \n]+)")]
    private static partial Regex Server();

    [GeneratedRegex(": pid (?<pid>[0-9]+)")]
    private static partial Regex Pid();

    [GeneratedRegex("API on https://[^:]+:(?<port>[0-9]+)")]
    private static partial Regex Port();
}
