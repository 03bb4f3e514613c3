using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Asha.Crashes.Checks;

/// <summary>An entry of the journal, as the database has it.</summary>
internal sealed record Entry(long Number, byte[] Lines);

/// <summary>
/// What a run's journal has at a moment: <c>journal.db</c> and its write-ahead log are copied, and the copy is opened with SQLite. So nothing of the run is touched, no lock and no recovery of the log. The copy is made by
/// another process: one that holds a lock on a file loses it as soon as it closes that file anywhere else.
/// </summary>
internal static class JournalCopy
{
    /// <summary>The entries, in order; none where no table is there yet.</summary>
    public static IReadOnlyList<Entry> Read(string runFolder, string scratch)
    {
        Directory.CreateDirectory(scratch);
        foreach (var old in Directory.GetFiles(scratch, "copy.db*"))
            File.Delete(old);
        if (!File.Exists(Path.Combine(runFolder, "journal.db")))
            return [];
        using (var copy = Process.Start("bash", ["-c", "cp \"$1/journal.db\" \"$2/copy.db\"; if [ -e \"$1/journal.db-wal\" ]; then cp \"$1/journal.db-wal\" \"$2/copy.db-wal\"; fi", "copy", runFolder, scratch]))
            copy.WaitForExit();
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(scratch, "copy.db"), Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_master WHERE name = 'journal'";
        if ((long)command.ExecuteScalar()! == 0)
            return [];
        command.CommandText = "SELECT sequence_number, message FROM journal WHERE NOT deleted ORDER BY ordering";
        using var reader = command.ExecuteReader();
        var entries = new List<Entry>();
        while (reader.Read())
            entries.Add(new Entry(reader.GetInt64(0), (byte[])reader[1]));
        return entries;
    }
}
