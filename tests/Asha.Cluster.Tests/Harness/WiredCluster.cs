using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Actors.Tests.Persistence;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests.Harness;

/// <summary>Three coordinators and two nodes over TLS, each in a network namespace of its own, PostgreSQL outside, and a run whose trials are witnessed. It is made by the first test that needs it, and each leaves it whole.</summary>
public sealed class WiredCluster : IAsyncLifetime, IDisposable
{
    internal const string Complete = "3 of 3 coordinators up, 2 nodes\n", Fast = "fast";

    private readonly CurrentOutput _print = new();
    private PostgresServer? _server;
    private TcpProxy? _database;
    private Wires? _wires;
    private int _runs;

    internal ProcessCluster Cluster { get; private set; } = null!;

    internal Wires Wires => _wires!;

    /// <summary>By their number; who was started again is the one that counts.</summary>
    internal Member[] Coordinators { get; private set; } = [];

    internal Member[] Nodes { get; private set; } = [];

    internal async Task StartAsync(ITestOutputHelper test)
    {
        _print.Test = test;
        if (_wires is not null)
            return;
        _server = new PostgresServer();
        _wires = new Wires(_print);
        // It is on loopback, which is another one in each namespace.
        var at = new Npgsql.NpgsqlConnectionStringBuilder(_server.ConnectionString);
        _database = new TcpProxy(_wires.Here, new(System.Net.IPAddress.Loopback, at.Port));
        (at.Host, at.Port) = (_wires.Here, _database.Port);
        Cluster = new ProcessCluster(_print, coordinators: 3, journal: at.ConnectionString, wires: _wires);
        Coordinators = [.. Enumerable.Range(0, 3).Select(Cluster.StartCoordinator)];
        Nodes = [Cluster.StartNode("node-a", 2), Cluster.StartNode("node-b", 2)];
        foreach (var coordinator in Coordinators)
            await coordinator.SaysAsync(Complete, Member.Patience);
        await Cluster.KnowsAsync("node-a");
        await Cluster.KnowsAsync("node-b");
    }

    /// <summary>A run that goes on until <see cref="EndsAsync"/>: each step takes a second until then, each job eleven, longer than it takes to give a node up; from then on a moment. Returns when trials are under way.</summary>
    internal async Task<string> RunsAsync(int trials = 12)
    {
        File.Delete(Path.Combine(Cluster.Folder, Fast));
        var name = $"steps-{++_runs}";
        var spec = Cluster.Witnessed(name, trials, ProcessCluster.Steps.Replace("sleep 0.05", $"for i in $(seq 12); do [ -e {Path.Combine(Cluster.Folder, Fast)} ] || sleep 0.1; done", StringComparison.Ordinal), min: 9, max: 81);
        var run = (await Cluster.AskUntilAsync<ExperimentSubmitted>(new SubmitExperiment(name, spec))).Run;
        await Witnessed.UntilAsync("trials start on all slots", () => Witnessed.Of(Cluster, run).Count(line => line.Word == "start") >= 4);
        return run;
    }

    /// <summary>The run is at its end, and the checker is content.</summary>
    internal async Task EndsAsync(string run)
    {
        File.WriteAllText(Path.Combine(Cluster.Folder, Fast), "");
        var ended = await Cluster.EndAsync(run, 180);
        Assert.Equal(("completed", RunPhase.Over), (ended.Outcome, ended.Phase));
        await Checker.IsContentAsync(_print, _server!.ConnectionString, run, Cluster.Folder);
    }

    /// <summary>Which coordinator has a run.</summary>
    internal async Task<int> OwnerAsync(string run, int asked = 0)
    {
        int owner = -1;
        await Witnessed.UntilAsync("somebody has the run", async () =>
        {
            var host = (await Cluster.AskUntilAsync<ExperimentList>(new ListExperiments(), asked)).Experiments.Single(experiment => experiment.Run == run).Host;
            return (owner = host is null ? -1 : Cluster.Hosts.ToList().IndexOf(host.Path.Address.Host)) >= 0;
        });
        return owner;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _print.Test = null;
        if (Cluster is not null)
            await Cluster.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    public void Dispose()
    {
        _wires?.Dispose();
        _server?.Dispose();
    }
}
