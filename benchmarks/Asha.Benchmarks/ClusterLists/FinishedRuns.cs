using System.Buffers;
using Akka.Actor;
using Asha.Actors.Persistence;
using Asha.Actors.Simulation;
using Asha.Benchmarks.WholePath;
using Asha.Cluster.Coordinators;
using Asha.Core.Experiments;
using Asha.Tuning.Journals;
using Asha.Tuning.Runs;
using Npgsql;
using NpgsqlTypes;

namespace Asha.Benchmarks.ClusterLists;

/// <summary>A cluster's journals as they are after a year: the registry's, and that of each of many runs that are over, written straight into the tables, in the formats of those who write them.</summary>
internal static class FinishedRuns
{
    /// <summary>Events of an entry: a commit of a live run is a command or a few.</summary>
    private const int EventsInEntry = 4;

    /// <summary>Writes them.</summary>
    /// <param name="server">The connection string of an empty database.</param>
    /// <param name="runs">How many.</param>
    /// <returns>Events and bytes of one run's journal.</returns>
    public static async Task<(int Events, long Bytes)> WriteAsync(string server, int runs)
    {
        await using var connection = new NpgsqlConnection(server);
        JournalTables.Make(connection, isSqlite: false);
        var spec = BenchRun.Spec(slots: 4, trials: 64);
        var events = Simulate(spec);
        using var system = ActorSystem.Create("formats", "akka { loglevel = OFF, stdout-loglevel = OFF }");
        var format = new AshaFormat((ExtendedActorSystem)system);
        var begun = DateTimeOffset.UtcNow.AddSeconds(-runs * 60.0);
        var bytes = 0L;
        await using (var rows = await connection.BeginBinaryImportAsync("COPY journal(created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) FROM STDIN (FORMAT BINARY)"))
        {
            var entry = 0L;
            for (var number = 0; number < runs; number++)
            {
                var run = $"bench-{number:D6}";
                var origin = EngineOrigin.Of(run, begun.AddSeconds(number * 60.0));
                await WriteAsync(ClusterSupervisor.JournalId, ++entry, new RunAdmitted(run, run, spec, origin, 1));
                await WriteAsync(ClusterSupervisor.JournalId, ++entry, new RunSettled(run, "completed", ""));
                var part = 0L;
                bytes = 0;
                foreach (var some in events.Select(happened => happened is ExperimentStarted started ? started with { Origin = origin } : happened).Chunk(EventsInEntry))
                {
                    var lines = new ArrayBufferWriter<byte>();
                    foreach (var happened in some)
                        EventLines.Write(lines, happened);
                    bytes += lines.WrittenCount;
                    await RowAsync(ExperimentHost.JournalOf(run), ++part, AshaSerializer.EntryManifest, lines.WrittenSpan.ToArray());
                }
            }
            await rows.CompleteAsync();

            Task WriteAsync(string id, long at, object happened) => RowAsync(id, at, AshaFormat.ManifestOf(happened), format.Write(happened));

            async Task RowAsync(string id, long at, string manifest, byte[] message)
            {
                await rows.StartRowAsync();
                await rows.WriteAsync(0L, NpgsqlDbType.Bigint);
                await rows.WriteAsync(false, NpgsqlDbType.Boolean);
                await rows.WriteAsync(id, NpgsqlDbType.Text);
                await rows.WriteAsync(at, NpgsqlDbType.Bigint);
                await rows.WriteAsync(message, NpgsqlDbType.Bytea);
                await rows.WriteAsync(manifest, NpgsqlDbType.Text);
                await rows.WriteAsync(AshaSerializer.Number, NpgsqlDbType.Integer);
                await rows.WriteAsync("bench", NpgsqlDbType.Text);
            }
        }
        await using var analyze = new NpgsqlCommand("ANALYZE journal", connection);
        await analyze.ExecuteNonQueryAsync();
        await system.Terminate();
        return (events.Count, bytes);
    }

    private static List<ExperimentEvent> Simulate(ExperimentSpec spec)
    {
        var events = new List<ExperimentEvent>();
        new SimulatedRun(spec, job => SimulatedRun.Completes(job, TimeSpan.FromSeconds(job.Target - job.Start), job.Trial * 7919 % 10_007, resumes: true)) { Told = events.Add }.Run();
        return events;
    }
}
