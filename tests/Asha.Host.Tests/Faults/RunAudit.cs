using System.Data.Common;
using System.Text;
using System.Text.Json;
using Asha.Host.Tests.Cli;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Asha.Host.Tests.Faults;

/// <summary>
/// Checks a run from outside, without any code of Asha's: the journal's rows against <c>events.jsonl</c>, and both against what the trials say that they did. Nothing lost, nothing twice.
/// </summary>
internal static class RunAudit
{
    /// <summary>The journal's rows, in order.</summary>
    public static IReadOnlyList<(long Number, string Manifest, byte[] Lines)> Rows(DbConnection connection, string id)
    {
        using (connection)
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT sequence_number, manifest, message FROM journal WHERE persistence_id = '{id}' ORDER BY ordering";
            using var reader = command.ExecuteReader();
            var rows = new List<(long, string, byte[])>();
            while (reader.Read())
                rows.Add((reader.GetInt64(0), reader.GetString(1), (byte[])reader.GetValue(2)));
            return rows;
        }
    }

    /// <summary>A connection of its own to the journal in a run's folder, which it does not make.</summary>
    public static SqliteConnection Sqlite(string run, SqliteOpenMode mode = SqliteOpenMode.ReadOnly)
        => new(new SqliteConnectionStringBuilder { DataSource = Path.Combine(run, "journal.db"), Mode = mode, Pooling = false, DefaultTimeout = 30 }.ToString());

    /// <summary>A connection of its own to a server's journals; one that was open while the server was away would be of no use.</summary>
    public static NpgsqlConnection Postgres(string server) => new(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ToString());

    /// <summary>Whose entries are the run's.</summary>
    public static string IdOf(string run) => JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "journal.json"))).RootElement.GetProperty("id").GetString()!;

    /// <summary>Checks a run that has ended.</summary>
    /// <param name="box">Where it ran.</param>
    /// <param name="server">The connection string of its journal's server; <c>null</c>: SQLite.</param>
    public static async Task<IReadOnlyList<JsonElement>> Check(CliSandbox box, string? server = null)
    {
        var run = box.Run;
        var rows = Rows(server is null ? Sqlite(run) : Postgres(server), IdOf(run));
        Assert.Equal(Enumerable.Range(1, rows.Count).Select(number => (long)number), rows.Select(row => row.Number));
        Assert.All(rows, row => Assert.Equal("events.1", row.Manifest));
        Assert.Equal(Encoding.UTF8.GetString([.. rows.SelectMany(row => row.Lines)]), File.ReadAllText(Path.Combine(run, "events.jsonl")));
        var events = box.Events();
        AgainstTheTrials(events, File.ReadAllLines(box.In("ledger")));
        Assert.Contains($"all {events.Count} events agree", (await box.Asha("replay", run)).Exits(0).Out);
        return events;
    }

    private static void AgainstTheTrials(IReadOnlyList<JsonElement> events, IReadOnlyList<string> ledger)
    {
        var started = Of(events, "job-started.").Select(job => $"begins {job.GetProperty("trial")} {job.GetProperty("attempt")} {job.GetProperty("start")} {job.GetProperty("target")}").ToList();
        // Each trial that ran was started by the journal's word, and each but once. One that the journal started and nobody ran, the engine died with.
        var begun = ledger.Where(line => line.StartsWith("begins ")).ToList();
        Assert.Equal(begun.Distinct().Order(), begun.Order());
        Assert.Empty(begun.Except(started));
        // Each result is one that a trial brought, and comes once.
        var results = Of(events, "job-completed.").ToList();
        Assert.Equal(results.Count, results.Select(Job).Distinct().Count());
        var ends = ledger.Where(line => line.StartsWith("ends ")).Select(line => string.Join(' ', line.Split(' ')[1..3])).ToHashSet();
        Assert.All(results, result => Assert.Contains($"{result.GetProperty("trial")} {result.GetProperty("attempt")}", ends));
        // Each report comes once.
        var reports = Of(events, "report-accepted.").Select(report => $"{report.GetProperty("trial")} {report.GetProperty("attempt")} {report.GetProperty("resource")}").ToList();
        Assert.Equal(reports.Count, reports.Distinct().Count());
        // And nobody trained for what had a result.
        var (done, again) = (new HashSet<string>(), new List<string>());
        foreach (var happened in events)
        {
            if (CliSandbox.KindOf(happened) == "job-completed.1")
                done.Add(Job(happened));
            else if (CliSandbox.KindOf(happened) == "job-started.1" && done.Contains(Job(happened)))
                again.Add(happened.ToString());
        }
        Assert.Empty(again);
    }

    private static string Job(JsonElement happened) => $"{happened.GetProperty("trial")}@{happened.GetProperty("rung")}";

    private static IEnumerable<JsonElement> Of(IEnumerable<JsonElement> events, string kind) => events.Where(happened => CliSandbox.KindOf(happened).StartsWith(kind, StringComparison.Ordinal));
}
