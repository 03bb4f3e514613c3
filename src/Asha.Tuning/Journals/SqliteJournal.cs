using System.Data.Common;
using LinqToDB;
using Microsoft.Data.Sqlite;

namespace Asha.Tuning.Journals;

/// <summary>
/// A journal as a SQLite file. WAL: a reader never keeps the writer waiting, and a commit is one write at the end of a file. <c>synchronous = FULL</c>: the disk has each commit before it counts, so that a power cut takes
/// nothing that was acknowledged; NORMAL would have it only at the next checkpoint (docs/decisions/017).
/// </summary>
internal static class SqliteJournal
{
    public const string FileName = "journal.db";

    /// <summary>So long a lock of another process is waited for, in seconds, before the write is tried again later.</summary>
    private const int Patience = 2;

    public static SqliteConnection Connection(string folder)
        => new(new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, FileName), DefaultTimeout = Patience }.ToString());

    public static DataOptions Options(string folder)
    {
        using var connection = Connection(folder);
        return new DataOptions()
            .UseConnectionString(ProviderName.SQLiteMS, connection.ConnectionString)
            .UseAfterConnectionOpened(Prepare, (opened, _) =>
            {
                Prepare(opened);
                return Task.CompletedTask;
            });
    }

    /// <summary>
    /// How safely the file is written, each connection has to say; that it is in WAL mode, it remembers itself. And SQLite is to wait for a lock itself: snapshots are written by a connection of their own, and where the library waits,
    /// it sleeps 150 ms at a time.
    /// </summary>
    private static void Prepare(DbConnection opened)
    {
        using var command = opened.CreateCommand();
        command.CommandText = $"PRAGMA synchronous = FULL; PRAGMA busy_timeout = {1000 * Patience}";
        command.ExecuteNonQuery();
    }
}
