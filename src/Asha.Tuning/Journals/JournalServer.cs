using Asha.Actors;
using Npgsql;

namespace Asha.Tuning.Journals;

/// <summary>Whether runs keep their journals on a server, and how the engine speaks to any of them.</summary>
internal static class JournalServer
{
    /// <summary>The variable that has the connection string: it has a password in it, which belongs into no file, and on no command line that others can see.</summary>
    public const string Variable = AshaActors.JournalVariable;

    /// <summary>Akka.Persistence.Sql's settings, those of <c>config/akka.hocon</c> apart.</summary>
    public const string Settings = """
        akka.persistence {
          journal {
            plugin = "akka.persistence.journal.sql"
            auto-start-journals = ["akka.persistence.journal.sql"]
            sql {
              class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
              # Said by the data options, in code.
              provider-name = "by data options"
              tag-write-mode = Csv
              delete-compatibility-mode = false
              # JournalTables makes them: the plugin's own have no unique key, so that two engines could write one journal.
              auto-initialize = off
              # One transaction at a time, in order.
              parallelism = 1
              prefer-parameters-on-multirow-insert = true
              replay-batch-size = 200
              use-clone-connection = false
              replay-filter.mode = fail
              # Whoever writes the journal waits and tries again by itself; a breaker would only hide the reason.
              circuit-breaker { max-failures = 1000000, call-timeout = 60s, reset-timeout = 1s }
            }
          }
          snapshot-store {
            plugin = "akka.persistence.snapshot-store.sql"
            sql {
              class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
              provider-name = "by data options"
              auto-initialize = off
              use-clone-connection = false
              circuit-breaker { max-failures = 1000000, call-timeout = 60s, reset-timeout = 1s }
            }
          }
        }
        """;

    /// <summary>The server that the environment names; <c>null</c>: none.</summary>
    /// <exception cref="UserErrorException">It is no connection string.</exception>
    public static string? FromEnvironment()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } given)
            return null;
        try
        {
            var server = new NpgsqlConnectionStringBuilder(given);
            return server is { Host.Length: > 0, Database.Length: > 0 } ? Bounded(server, Environment.GetEnvironmentVariable("PGOPTIONS")) : throw new UserErrorException($"{Variable}: lacks Host or Database", Hint);
        }
        catch (ArgumentException wrong)
        {
            // The driver says what is none of its keys in .NET's words.
            throw new UserErrorException(wrong.ParamName is { Length: > 0 } key ? $"{Variable}: {key}: is not known there, or cannot have that value" : $"{Variable}: {wrong.Message}", Hint);
        }
    }

    /// <summary>
    /// The server ends a transaction that waits for its client for so long. A coordinator that is cut off or frozen amid one would keep the place of the run's next entry locked until its connection is found dead, after hours, and whoever takes the run over waits for that place.
    /// It has to be shorter than a takeover, and longer than a pause of a process that is well. What the user says, in the string or where else the driver looks, comes later, and counts.
    /// </summary>
    /// <param name="server">What the user says.</param>
    /// <param name="otherwise">The options where that has none.</param>
    internal static string Bounded(NpgsqlConnectionStringBuilder server, string? otherwise)
    {
        server.Options = $"-c idle_in_transaction_session_timeout=3s {server.Options ?? otherwise}".TrimEnd();
        return server.ConnectionString;
    }

    private const string Hint = "A connection string to PostgreSQL: Host=…;Port=5432;Database=…;Username=…;Password=…";
}
