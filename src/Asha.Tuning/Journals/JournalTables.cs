using System.Data.Common;

namespace Asha.Tuning.Journals;

/// <summary>
/// The tables that Akka.Persistence.Sql reads and writes, made by us, as it would make them but for one thing: that an entry's number comes once in a journal is the database's to ensure. Of two engines that write one
/// journal, the second one's write fails.
/// </summary>
internal static class JournalTables
{
    private const string Sqlite = """
        CREATE TABLE IF NOT EXISTS journal(
          ordering INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, created INTEGER NOT NULL, deleted BIT NOT NULL, persistence_id TEXT NOT NULL, sequence_number INTEGER NOT NULL,
          message BLOB NOT NULL, tags TEXT NULL, manifest TEXT NULL, identifier INTEGER NULL, writer_uuid TEXT NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS journal_entry ON journal(persistence_id, sequence_number);
        CREATE TABLE IF NOT EXISTS snapshot(
          persistence_id TEXT NOT NULL, sequence_number INTEGER NOT NULL, created INTEGER NOT NULL, snapshot BLOB NULL, manifest TEXT NULL, serializer_id INTEGER NULL,
          PRIMARY KEY(persistence_id, sequence_number));
        """;

    /// <summary>The lock is for several runs that find a new database at the same moment.</summary>
    private const string Postgres = """
        BEGIN;
        SELECT pg_advisory_xact_lock(1810059341);
        CREATE TABLE IF NOT EXISTS journal(
          ordering bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, created bigint NOT NULL, deleted boolean NOT NULL, persistence_id text NOT NULL, sequence_number bigint NOT NULL,
          message bytea NOT NULL, tags text NULL, manifest text NULL, identifier integer NULL, writer_uuid text NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS journal_entry ON journal(persistence_id, sequence_number);
        CREATE TABLE IF NOT EXISTS snapshot(
          persistence_id text NOT NULL, sequence_number bigint NOT NULL, created bigint NOT NULL, snapshot bytea NULL, manifest text NULL, serializer_id integer NULL,
          PRIMARY KEY(persistence_id, sequence_number));
        COMMIT;
        """;

    /// <summary>Makes what is not there yet.</summary>
    /// <exception cref="DbException">The database cannot be reached, or not be written to.</exception>
    public static void Make(DbConnection connection, bool isSqlite)
    {
        connection.Open();
        // On its own: it answers with a row, and what fails after the first row of a command is not told.
        if (isSqlite)
            Execute(connection, "PRAGMA journal_mode = WAL");
        Execute(connection, isSqlite ? Sqlite : Postgres);
    }

    private static void Execute(DbConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
