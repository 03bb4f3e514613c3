using System.Text;
using Akka.Actor;
using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Cluster.Api;
using Asha.Cluster.Client;
using Asha.Cluster.Coordinators;
using Asha.Cluster.Metrics;
using Asha.Cluster.Nodes;
using Asha.Cluster.Security;
using Asha.Cluster.Settings;
using Asha.Cluster.Tests.Harness;
using Asha.Core.Experiments;
using Asha.Core.Spaces;
using Asha.Host.Api;
using Asha.Host.ExperimentFiles;
using Asha.Tuning;
using Asha.Tuning.Journals;
using Microsoft.Extensions.Logging.Abstractions;

namespace Asha.Cluster.Tests;

/// <summary>What a trial prints, as somebody at another machine reads it: over TLS with a token to the coordinator, and from there over mutual TLS to the nodes. All servers and clients are real; journal and registry say what the test has them say.</summary>
public sealed class LogFollowTests : IDisposable
{
    private const string Run = "steps-1", Token = "0123456789abcdef0123456789abcdef";

    private readonly string _folder = Directory.CreateTempSubdirectory("asha-logs-").FullName;
    private readonly TestAuthority _authority;
    private readonly ActorSystem _system = ActorSystem.Create("test");
    private readonly List<ListedNode> _listed = [];
    private readonly MetricsExport _metrics = MetricsExport.Of();
    private long _entries;

    public LogFollowTests() => _authority = new TestAuthority(Path.Combine(_folder, "tls"));

    public void Dispose()
    {
        _system.Terminate().Wait();
        _metrics.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_trial_that_moves_is_followed_and_nothing_is_said_twice()
    {
        var node = await StartNodeAsync("node-a");
        await using var other = await StartNodeAsync("node-b");
        Write(new ExperimentStarted(TimeSpan.Zero, Spec(), new RunOrigin(Run, DateTimeOffset.UnixEpoch, "test", "here")));
        await using var api = await StartApiAsync("one");
        using var client = Client(api);
        Assert.Equal(("", ""), await NextAsync(client, "")); // There is no trial yet; then it has not been started.
        Write(new SlotJoined(TimeSpan.Zero, 0, "node-a", null, node.Address.ToString()), new SlotJoined(TimeSpan.Zero, 1, "node-b", null, other.Address.ToString()), new TrialSampled(TimeSpan.Zero, 0, 0, Configuration.Empty));
        Assert.Equal(("", ""), await NextAsync(client, ""));
        await Assert.ThrowsAsync<UserErrorException>(() => client.LogAsync(Run, "0", default));

        Write(new JobStarted(TimeSpan.Zero, 0, 0, 0, 1, 0, 0, 9));
        var log = new BoundedLog(LogOf("node-a"), "attempt 1, here");
        log.Write("one\nhalf a "u8);
        var (said, position) = await NextAsync(client, "");
        Assert.Equal("=== on node-a ===\n=== attempt 1, here ===\none\n", said);
        log.Write("line\n"u8);
        (said, position) = await NextAsync(client, position);
        Assert.Equal("half a line\n", said);
        Assert.Equal(("", position), await NextAsync(client, position));

        // Its node is gone: that is said, once.
        await node.DisposeAsync();
        _listed.RemoveAll(known => known.Node == "node-a");
        (said, position) = await NextAsync(client, position);
        Assert.StartsWith("=== on node-a: what was printed from here on is not to be had: ", said, StringComparison.Ordinal);
        Assert.Equal(("", position), await NextAsync(client, position));

        // It goes on on another; whoever was read from meanwhile, another coordinator goes on from there.
        Write(new AttemptLost(TimeSpan.Zero, 0, 0, 0, 1, 0, FaultNames.NodeLost), new JobStarted(TimeSpan.Zero, 0, 0, 0, 2, 1, 0, 9));
        var second = new BoundedLog(LogOf("node-b"), "attempt 2, there");
        second.Write("two\n"u8);
        await using var another = await StartApiAsync("two");
        using var again = Client(another);
        (said, position) = await NextAsync(again, position);
        Assert.Equal("=== on node-b ===\n=== attempt 2, there ===\ntwo\n", said);

        // The first one is back, elsewhere, and has printed meanwhile.
        log.Write("late\n"u8);
        await using var back = await StartNodeAsync("node-a");
        // Another of its name, by mistake, has nothing of the trial, and hides nothing.
        await using var namesake = await StartNodeAsync("node-a", "namesake");
        (said, position) = await NextAsync(again, position);
        Assert.Equal("=== on node-a ===\nlate\n", said);

        // What is too much is left out of the middle, and that is said; then it goes on behind it.
        for (var line = 0; line < 100_000; line++)
            second.Write("0123456789012345678901234567890\n"u8);
        second.Line("=== ended: completed ===");
        second.Dispose();
        (said, position) = await NextAsync(again, position);
        Assert.Contains(" bytes left out ===\n", said, StringComparison.Ordinal);
        Assert.EndsWith("\n=== ended: completed ===\n", said, StringComparison.Ordinal);
        log.Write("without an end"u8);
        Assert.Equal(("", position), await NextAsync(again, position));
        log.Dispose();
        Write(new JobCompleted(TimeSpan.Zero, 0, 0, 0, 2, 1, 9, 0.5), new ExperimentEnded(TimeSpan.Zero, "completed", ""));
        // Nothing comes any more: what has no end comes as well.
        var last = await again.FollowLogAsync(Run, "0", position, default);
        Assert.Equal(("=== on node-a ===\nwithout an end", true), (Encoding.UTF8.GetString(last.Bytes), last.IsOver));
        Assert.Empty((await again.FollowLogAsync(Run, "0", last.Position, default)).Bytes);
    }

    [Fact]
    public async Task All_of_it_comes_over_mutual_TLS_to_whoever_has_the_token()
    {
        await using var node = await StartNodeAsync("node-a");
        using (var log = new BoundedLog(LogOf("node-a"), "attempt 1, here"))
            log.Write("words\n"u8);
        Write(new ExperimentStarted(TimeSpan.Zero, Spec(), new RunOrigin(Run, DateTimeOffset.UnixEpoch, "test", "here")),
            new SlotJoined(TimeSpan.Zero, 0, "node-a", null, node.Address.ToString()), new TrialSampled(TimeSpan.Zero, 0, 0, Configuration.Empty), new JobStarted(TimeSpan.Zero, 0, 0, 0, 1, 0, 0, 9));
        await using var api = await StartApiAsync("one");
        using var client = Client(api);
        Assert.Equal("=== on node-a ===\n=== attempt 1, here ===\nwords\n", Encoding.UTF8.GetString(await client.LogAsync(Run, "0", default)));
        using var stranger = new AshaClient(Addresses(api) with { Token = null });
        Assert.Contains("Authorization", (await Assert.ThrowsAsync<UserErrorException>(() => stranger.LogAsync(Run, "0", default))).Message, StringComparison.Ordinal);
        using var distrustful = new AshaClient(Addresses(api) with { Ca = null });
        Assert.Contains("its certificate is not taken", (await Assert.ThrowsAsync<UserErrorException>(() => distrustful.LogAsync(Run, "0", default))).Message, StringComparison.Ordinal);
        // A coordinator whose certificate is of another CA gets nothing from a node.
        await using var foreign = await StartApiAsync("three", TlsIdentity.Load(new TestAuthority(Path.Combine(_folder, "other"), "other").Issue("foreign"), "127.0.0.1", DateTimeOffset.UtcNow));
        using var asks = Client(foreign);
        Assert.Contains("is not to be had", (await Assert.ThrowsAsync<UserErrorException>(() => asks.LogAsync(Run, "0", default))).Message, StringComparison.Ordinal);
        // And what is no position is none.
        Assert.Contains("is no position", (await Assert.ThrowsAsync<UserErrorException>(() => client.FollowLogAsync(Run, "0", "node-a", default))).Message, StringComparison.Ordinal);
    }

    /// <summary>Each answers when all have been asked: whoever asked one after the other would wait for the first in vain.</summary>
    [Fact]
    public async Task Nodes_are_asked_at_the_same_time_and_what_they_say_comes_in_the_trials_order()
    {
        using var asked = new CountdownEvent(3);
        LogPiece? Together(string node) => !asked.Signal() && !asked.Wait(TimeSpan.FromSeconds(8)) ? null : new LogPiece(Encoding.UTF8.GetBytes($"{node}\n"), node.Length + 1);
        string[] names = ["node-c", "node-a", "node-b"];
        var nodes = await Task.WhenAll(names.Select(name => FilesServer.StartAsync(new HostPort("127.0.0.1", 0), Identity(name), NullLoggerFactory.Instance, _ => null, (_, _, _) => Together(name))));
        Write([new ExperimentStarted(TimeSpan.Zero, Spec(), new RunOrigin(Run, DateTimeOffset.UnixEpoch, "test", "here")), .. nodes.Select((node, slot) => new SlotJoined(TimeSpan.Zero, slot, names[slot], null, node.Address.ToString())), new TrialSampled(TimeSpan.Zero, 0, 0, Configuration.Empty),
            new JobStarted(TimeSpan.Zero, 0, 0, 0, 1, 0, 0, 9), .. Enumerable.Range(1, 2).SelectMany(slot => new ExperimentEvent[] { new AttemptLost(TimeSpan.Zero, 0, 0, 0, slot, slot - 1, FaultNames.NodeLost), new JobStarted(TimeSpan.Zero, 0, 0, 0, slot + 1, slot, 0, 9) })]);
        await using var api = await StartApiAsync("one");
        using var client = Client(api);
        const string All = "=== on node-c ===\nnode-c\n=== on node-a ===\nnode-a\n=== on node-b ===\nnode-b\n";
        Assert.Equal(All, Encoding.UTF8.GetString(await client.LogAsync(Run, "0", default)));
        asked.Reset();
        Assert.Equal(All, (await NextAsync(client, "")).Said);
        foreach (var node in nodes)
            await node.DisposeAsync();
    }

    private static async Task<(string Said, string Position)> NextAsync(AshaClient client, string position)
    {
        var come = await client.FollowLogAsync(Run, "0", position, default);
        Assert.False(come.IsOver);
        return (Encoding.UTF8.GetString(come.Bytes), come.Position);
    }

    private string LogOf(string node) => Path.Combine(_folder, node, Run, "logs", "trial-000000.log");

    private TlsIdentity Identity(string name) => TlsIdentity.Load(_authority.Issue(name), "127.0.0.1", DateTimeOffset.UtcNow);

    private async Task<FilesServer> StartNodeAsync(string name, string? folder = null)
    {
        folder = Path.Combine(_folder, folder ?? name);
        Directory.CreateDirectory(Path.Combine(folder, Run));
        var runs = new NodeRuns(folder, null, null, TextWriter.Null);
        var server = await FilesServer.StartAsync(new HostPort("127.0.0.1", 0), Identity(name), NullLoggerFactory.Instance, _ => null, runs.LogOf);
        _listed.Add(new ListedNode(name, 1, ActorRefs.Nobody, Files: server.Address.ToString()));
        return server;
    }

    private async Task<ApiServer> StartApiAsync(string name, TlsIdentity? toNodes = null)
    {
        var files = _authority.Issue(name);
        await File.WriteAllTextAsync(Path.Combine(_folder, "token"), Token);
        var settings = new CoordinatorSettings { Listen = new HostPort("127.0.0.1", 0), Join = [], Data = _folder, Tls = files, Api = new HostPort("0.0.0.0", 0), TokenFile = Path.Combine(_folder, "token") };
        var identity = TlsIdentity.Load(files, "127.0.0.1", DateTimeOffset.UtcNow);
        var door = new RegistryDoor(settings.Listen);
        door.Use(_system.ActorOf(Props.Create(() => new SaysWhoIsThere(_listed))));
        return await ApiServer.StartAsync(settings, identity, NullLoggerFactory.Instance, door, new RunFolds(() => SqliteJournal.Connection(_folder), ApiTexts.Formats.NewRecord), ApiTexts.Formats, new FilesClient(toNodes ?? identity, TimeSpan.FromSeconds(10)), new CoordinatorHealth(door, () => SqliteJournal.Connection(_folder)), _metrics);
    }

    private ServerAddresses Addresses(ApiServer api) => new([new Uri(api.Address.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal))], Token, _authority.Ca);

    private AshaClient Client(ApiServer api) => new(Addresses(api));

    private void Write(params ExperimentEvent[] events)
    {
        using var connection = SqliteJournal.Connection(_folder);
        if (_entries == 0)
            RunJournal.MakeTables(connection, isSqlite: true, "test");
        else
            connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO journal(created, deleted, persistence_id, sequence_number, message, manifest, identifier) VALUES(0, 0, @id, @number, @message, @manifest, @identifier)";
        foreach (var (name, value) in new (string, object)[] { ("@id", $"run-{Run}"), ("@number", ++_entries), ("@message", EventLines.Of(events)), ("@manifest", AshaSerializer.EntryManifest), ("@identifier", AshaSerializer.Number) })
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        command.ExecuteNonQuery();
    }

    private static ExperimentSpec Spec() => ExperimentFile.Read("""
        name: steps
        metric: {name: loss, mode: min}
        resource: {name: step, min: 9, max: 9}
        scheduler: {type: asha, reduction-factor: 3, trials: 1}
        space: {x: {type: uniform, min: 0, max: 1}}
        trial: {command: ["true"]}
        """, "test", "/", [], new Machine(2, 0)).Spec!;

    private sealed class SaysWhoIsThere(List<ListedNode> listed) : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(new ExperimentList([], 1, "here", [.. listed]));
    }
}
