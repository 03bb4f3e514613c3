using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Asha.Crashes.Checks;

/// <summary>An entry of the journal, as the database has it.</summary>
internal sealed record Entry(long Number, byte[] Lines);

/// <summary>
/// What a run's journal has at a moment: <c>journal.db</c> and its write-ahead log are copied, and the copy is opened with SQLite. So nothing of the run is touched, no lock and no recovery of the log. The copy is made by
/// another process: one that holds a lock on a file loses it as soon as it closes that file anywhere else.
/// </summary>
internal static class JournalSight
{
    private const int WalHeader = 32, FrameHeader = 24;

    /// <summary>The entries, in order; none where no table is there yet.</summary>
    /// <param name="runFolder">The run's.</param>
    /// <param name="scratch">For the copy.</param>
    /// <param name="isUnderWay">
    /// The run stands still in the midst of it. A transaction is committed, for whoever has the database open, when the index of the write-ahead log (<c>journal.db-shm</c>) names its last frame: a writer that is killed after it wrote its frames and before
    /// that has acknowledged nothing, and if somebody else has the database open, the next writer writes over them. So frames beyond that count as not written.
    /// </param>
    public static IReadOnlyList<Entry> Read(string runFolder, string scratch, bool isUnderWay = false)
    {
        Directory.CreateDirectory(scratch);
        foreach (var old in Directory.GetFiles(scratch, "copy.db*"))
            File.Delete(old);
        if (!File.Exists(Path.Combine(runFolder, "journal.db")))
            return [];
        using (var copy = Process.Start("bash", ["-c", "cp \"$1/journal.db\" \"$2/copy.db\"; for end in wal shm; do if [ -e \"$1/journal.db-$end\" ]; then cp \"$1/journal.db-$end\" \"$2/copy.db-$end\"; fi; done", "copy", runFolder, scratch]))
            copy.WaitForExit();
        var (log, index) = (Path.Combine(scratch, "copy.db-wal"), Path.Combine(scratch, "copy.db-shm"));
        if (isUnderWay && File.Exists(log) && File.Exists(index))
            Cut(log, File.ReadAllBytes(index));
        File.Delete(index);
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

    /// <summary>Cuts the copied log after the last frame that its index names. Where its two headers differ, one was being written: then whoever comes next reads the log itself.</summary>
    private static void Cut(string log, ReadOnlySpan<byte> index)
    {
        // sqlite.org/walformat.html: the header, 48 bytes, stands there twice; the page's size is at 14, the last frame at 16, in the machine's own byte order.
        if (index.Length < 96 || !index[..48].SequenceEqual(index[48..96]) || index[12] == 0)
            return;
        var page = (int)BitConverter.ToUInt16(index[14..16]);
        var length = WalHeader + (BitConverter.ToUInt32(index[16..20]) * (FrameHeader + (long)(page == 1 ? 65536 : page)));
        using var file = new FileStream(log, FileMode.Open);
        if (file.Length > length)
            file.SetLength(length);
    }
}
