using Asha.Actors.Tests.Persistence;
using Npgsql;
using Xunit.Abstractions;

namespace Asha.Cluster.Tests.Harness;

/// <summary>A lone coordinator and a node, for tests that leave them as they found them: to make a cluster for each takes longer than most of them.</summary>
public sealed class LoneCluster : IAsyncLifetime
{
    private readonly CurrentOutput _print = new();

    internal ProcessCluster Cluster { get; private set; } = null!;

    internal Member Coordinator { get; private set; } = null!;

    internal Member Node { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Cluster = new ProcessCluster(_print, coordinators: 1);
        Coordinator = Cluster.StartCoordinator(0);
        Node = Cluster.StartNode("node-a", 2, [], "--metrics", "127.0.0.1:0");
        await Coordinator.SaysAsync(Complete, Member.Patience);
        await Cluster.KnowsAsync("node-a");
    }

    /// <summary>The coordinator has ended, and comes again.</summary>
    internal async Task StartAgainAsync()
    {
        Coordinator = Cluster.StartCoordinator(0);
        await Coordinator.SaysAsync(Complete, Member.Patience);
        await Cluster.KnowsAsync("node-a");
    }

    /// <summary>Where the node answers Prometheus, as it says itself.</summary>
    internal string NodeMetrics => Node.Said.Split("metrics on ")[1].Split('\n')[0];

    internal const string Complete = "1 of 1 coordinators up, 1 node\n";

    internal void PrintTo(ITestOutputHelper test) => _print.Test = test;

    public async Task DisposeAsync()
    {
        _print.Test = null;
        await Cluster.DisposeAsync();
    }
}

/// <summary>Three coordinators over TLS, their journal in PostgreSQL, and two nodes.</summary>
public sealed class ThreeCoordinators : IAsyncLifetime, IDisposable
{
    private readonly CurrentOutput _print = new();
    private PostgresServer _server = null!;

    internal ProcessCluster Cluster { get; private set; } = null!;

    /// <summary>By their number; who was started again is the one that counts.</summary>
    internal Member[] Coordinators { get; private set; } = [];

    /// <summary>Where the journal is.</summary>
    internal PostgresServer Server => _server;

    /// <summary>The connection string of the journal's database.</summary>
    internal string Journal => _server.ConnectionString;

    /// <summary>Which registries there were, as their journal has it, and what the coordinators logged: why there is another one than a test expects.</summary>
    internal string RegistryStory()
    {
        using var source = NpgsqlDataSource.Create(Journal);
        using var command = source.CreateCommand("SELECT sequence_number, writer_uuid, convert_from(message, 'UTF8') FROM journal WHERE persistence_id = 'registry' ORDER BY 1");
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add($"{reader.GetInt64(0)} {reader.GetString(1)} {reader.GetString(2)}");
        return string.Join('\n', [.. rows.TakeLast(8), .. Coordinators.SelectMany((member, index) => member.Log.Split('\n').TakeLast(12).Select(line => $"coordinator {index}: {line}"))]);
    }

    internal const string Complete = "3 of 3 coordinators up, 2 nodes\n";

    public async Task InitializeAsync()
    {
        _server = new PostgresServer();
        Cluster = new ProcessCluster(_print, coordinators: 3, journal: _server.ConnectionString);
        Coordinators = [.. Enumerable.Range(0, 3).Select(Cluster.StartCoordinator)];
        Cluster.StartNode("node-a", 2);
        Cluster.StartNode("node-b", 2);
        foreach (var coordinator in Coordinators)
            await coordinator.SaysAsync(Complete, Member.Patience);
    }

    internal void PrintTo(ITestOutputHelper test) => _print.Test = test;

    public async Task DisposeAsync()
    {
        _print.Test = null;
        await Cluster.DisposeAsync();
    }

    public void Dispose() => _server.Dispose();
}

[CollectionDefinition(Lone)]
public sealed class SharedClusters : ICollectionFixture<LoneCluster>
{
    public const string Lone = "a lone coordinator and a node", Three = "three coordinators and two nodes";
}

[CollectionDefinition(SharedClusters.Three)]
public sealed class SharedThree : ICollectionFixture<ThreeCoordinators>;
