using System.Data.Common;
using System.Net.Sockets;
using Asha.Actors.Execution;

namespace Asha.Tuning.Journals;

/// <summary>
/// Makes a run's <c>events.jsonl</c> anew, in one sweep through its entries. Whoever takes a run over from another machine has no such file, and the journal's newest snapshot is worth nothing without it;
/// to read an entry at a time through the plugin took 18 s for 360,000 of them (docs/decisions/032-takeover-of-long-runs.md).
/// </summary>
internal static class JournalCopy
{
    /// <summary>Writes it; what was there before is replaced only by a whole one.</summary>
    /// <param name="connect">Makes a connection, not opened yet.</param>
    /// <param name="id">Whose entries.</param>
    /// <param name="path">The file. Its folder is there.</param>
    /// <returns>What went wrong; <c>null</c>: nothing.</returns>
    public static string? Write(Func<DbConnection> connect, string id, string path)
    {
        var temporary = $"{path}.new";
        try
        {
            using var connection = connect();
            connection.Open();
            using var command = connection.CreateCommand();
            using (var rows = JournalRows.Query(command, id))
            using (var file = OwnPath.Create(temporary))
            {
                while (rows.Read())
                    file.Write((byte[])rows.GetValue(3));
            }
            File.Move(temporary, path, overwrite: true);
            return null;
        }
        catch (Exception error) when (error is DbException or SocketException or IOException or UnauthorizedAccessException or ArgumentOutOfRangeException or InvalidCastException)
        {
            Forget(temporary); // Where a disk is full, a part of it would be in the way of all else.
            return error.Message;
        }
    }

    private static void Forget(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What went wrong before is what is told; the next sweep writes over it.
        }
    }
}
