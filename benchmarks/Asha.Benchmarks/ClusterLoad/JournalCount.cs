using System.Text.Json.Nodes;
using Asha.Actors.Persistence;
using Asha.Cluster.Coordinators;
using Asha.Core.Experiments;
using Npgsql;

namespace Asha.Benchmarks.ClusterLoad;

/// <summary>What the database has of runs.</summary>
/// <param name="Jobs">Completed ones.</param>
/// <param name="Entries">Rows, each of which is a commit.</param>
/// <param name="Bytes">Of their events.</param>
/// <param name="Lasted">From the first row of the first run to the last one of the last.</param>
internal readonly record struct JournalCount(long Jobs, long Entries, long Bytes, TimeSpan Lasted)
{
    public static async Task<JournalCount> OfAsync(string server, string runs)
    {
        var (jobs, entries, bytes, first, last) = (0L, 0L, 0L, long.MaxValue, 0L);
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        await using var select = new NpgsqlCommand("SELECT created, message FROM journal WHERE persistence_id LIKE $1", connection) { Parameters = { new() { Value = $"run-{runs}%" } } };
        await using var rows = await select.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            var (created, message) = (rows.GetInt64(0), rows.GetFieldValue<byte[]>(1));
            (first, last) = (Math.Min(first, created), Math.Max(last, created));
            entries++;
            bytes += message.Length;
            jobs += EventLines.ReadIntact(message).LongCount(happened => happened is JobCompleted);
        }
        return new(jobs, entries, bytes, TimeSpan.FromTicks(last - first));
    }

    /// <summary>How many of these runs are over, as the registry has written.</summary>
    public static async Task<int> SettledAsync(string server, IReadOnlyList<string> runs)
    {
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        await using var select = new NpgsqlCommand("SELECT message FROM journal WHERE persistence_id = $1 AND manifest = $2", connection)
        {
            Parameters = { new() { Value = ClusterSupervisor.JournalId }, new() { Value = AshaFormat.ManifestOf(new RunSettled("", "", "")) } },
        };
        await using var rows = await select.ExecuteReaderAsync();
        var settled = 0;
        while (await rows.ReadAsync())
            settled += runs.Contains(JsonNode.Parse(rows.GetFieldValue<byte[]>(0))!["run"]!.GetValue<string>()) ? 1 : 0;
        return settled;
    }

    /// <summary>A setting of the server.</summary>
    public static async Task<string> SettingAsync(string server, string name)
    {
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        await using var show = new NpgsqlCommand($"SHOW {name}", connection);
        return (string)(await show.ExecuteScalarAsync())!;
    }
}
