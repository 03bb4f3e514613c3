using Microsoft.Data.Sqlite;

namespace Asha.Host.Tests.Cli;

/// <summary>Another engine that writes to a run's journal, which must never be: what the one at work writes next has numbers that are taken.</summary>
internal static class JournalIntruder
{
    public static void Write(string run)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(run, "journal.db"), Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            WITH RECURSIVE next(number) AS (SELECT max(sequence_number) + 1 FROM journal UNION ALL SELECT number + 1 FROM next LIMIT 100)
            INSERT OR IGNORE INTO journal(created, deleted, persistence_id, sequence_number, message, tags, manifest, identifier)
            SELECT 0, 0, (SELECT persistence_id FROM journal LIMIT 1), number, (SELECT message FROM journal ORDER BY ordering DESC LIMIT 1), '', 'events.1', 1810 FROM next
            """;
        command.ExecuteNonQuery();
    }
}
