using Npgsql;

namespace Asha.Actors.Tests.Persistence;

/// <summary>The server of the tests: what the journal's tests on PostgreSQL rest on.</summary>
public sealed class PostgresServerTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [Fact]
    public void It_answers_refuses_a_wrong_password_and_keeps_what_it_has_while_it_is_down()
    {
        Assert.Equal(1, Scalar(server.ConnectionString, "create table kept (x int); insert into kept values (1); select x from kept"));
        var stranger = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "wrong" }.ToString();
        Assert.Equal(PostgresErrorCodes.InvalidPassword, Assert.Throws<PostgresException>(() => Scalar(stranger, "select 1")).SqlState);

        server.Stop();
        Assert.ThrowsAny<NpgsqlException>(() => Scalar(server.ConnectionString, "select 1"));
        server.Start();
        Assert.Equal(1, Scalar(server.ConnectionString, "select x from kept"));
    }

    private static object? Scalar(string server, string sql)
    {
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ToString());
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }
}
