using Asha.Actors.Tests.Persistence;
using Npgsql;

namespace Asha.Cluster.Tests.Harness;

/// <summary>A server for several clusters, each with a journal of its own.</summary>
internal static class Databases
{
    public static async Task<string> NewDatabaseAsync(this PostgresServer server)
    {
        var name = $"journal_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        await using (var make = connection.CreateCommand())
        {
            make.CommandText = $"create database {name}";
            await make.ExecuteNonQueryAsync();
        }
        return new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ConnectionString;
    }
}
