using Asha.Tuning.Journals;
using Npgsql;

namespace Asha.Cluster.Tests;

/// <summary>What is asked of PostgreSQL for each connection, beside what the user says.</summary>
public sealed class JournalServerTests
{
    private const string Ours = "-c idle_in_transaction_session_timeout=3s";

    [Theory]
    [InlineData("", null, Ours)]
    [InlineData("", "-c search_path=asha", Ours + " -c search_path=asha")]
    [InlineData(";Options=-c idle_in_transaction_session_timeout=0", "-c search_path=asha", Ours + " -c idle_in_transaction_session_timeout=0")]
    public void What_the_user_says_comes_later_and_so_counts(string given, string? otherwise, string options)
    {
        const string Rest = "Host=db;Database=asha;Username=a;Password='p;w=\"d'";
        var bounded = new NpgsqlConnectionStringBuilder(JournalServer.Bounded(new NpgsqlConnectionStringBuilder(Rest + given), otherwise));
        Assert.Equal(options, bounded.Options);
        bounded.Options = null;
        Assert.Equal(new NpgsqlConnectionStringBuilder(Rest).ConnectionString, bounded.ConnectionString);
    }
}
