using Asha.Actors.Tests.Persistence;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests.Harness;

/// <summary>Three coordinators and two nodes over TLS, each in a network namespace of its own; PostgreSQL outside. It is made by the first test that needs it, and each leaves it whole.</summary>
public sealed class WiredCluster : IAsyncLifetime, IDisposable
{
    internal const string Complete = "3 of 3 coordinators up, 2 nodes\n";

    private readonly CurrentOutput _print = new();
    private PostgresServer? _server;
    private TcpProxy? _database;
    private Wires? _wires;

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

    /// <summary>The run comes to its end, and the checker is content.</summary>
    internal Task EndsAsync(WitnessedRun run) => run.EndsAsync(_print, _server!.ConnectionString);

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
