using Microsoft.Data.Sqlite;

namespace Asha.Crashes.Faults;

/// <summary>Somebody else who holds the run's database for himself.</summary>
internal sealed class DatabaseLock : IDisposable
{
    private readonly SqliteConnection _connection;

    private DatabaseLock(SqliteConnection connection) => _connection = connection;

    /// <summary>Takes it; <c>null</c>: it is not there yet, or somebody else has it.</summary>
    public static DatabaseLock? Take(string runFolder)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(runFolder, "journal.db"), Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 1 }.ToString());
        try
        {
            connection.Open();
            Run(connection, "BEGIN EXCLUSIVE");
            return new DatabaseLock(connection);
        }
        catch (SqliteException)
        {
            connection.Dispose();
            return null;
        }
    }

    public void Dispose()
    {
        try
        {
            Run(_connection, "ROLLBACK");
        }
        catch (SqliteException)
        {
            // It is let go of with the connection.
        }
        _connection.Dispose();
    }

    private static void Run(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
