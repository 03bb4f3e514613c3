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

    /// <param name="folder">The run's.</param>
    /// <param name="patience">So long a lock of another process is waited for.</param>
    public static DataOptions Options(string folder, TimeSpan patience)
    {
        var connection = new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, FileName), DefaultTimeout = (int)patience.TotalSeconds }.ToString();
        return new DataOptions()
            .UseConnectionString(ProviderName.SQLiteMS, connection)
            .UseAfterConnectionOpened(Prepare, (opened, _) =>
            {
                Prepare(opened);
                return Task.CompletedTask;
            });
    }

    /// <summary>The file remembers that it is in WAL mode; how safely it is written, each connection has to say.</summary>
    private static void Prepare(DbConnection opened)
    {
        using var command = opened.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";
        command.ExecuteNonQuery();
    }
}
