using System.Data.Common;
using Akka.Actor;
using Akka.Configuration;
using Asha.Actors;
using Asha.Tuning.Journals;

namespace Asha.Torture.Tests.Contract;

/// <summary>The journal of a live run: made, opened and set up as the engine does it.</summary>
internal abstract class SqlSubject(string? server) : JournalSubject
{
    private static readonly Config _settings = ConfigurationFactory.ParseString(JournalServer.Settings).WithFallback(AshaActors.Configuration());

    private RunJournal? _journal;

    protected string Folder { get; } = Directory.CreateTempSubdirectory("asha-contract-").FullName;

    public override void Alter(string id, long number, string manifest) => Change("journal", "manifest", id, number, manifest);

    public override void AlterSnapshot(string id, long number, string manifest) => Change("snapshot", "manifest", id, number, manifest);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _journal?.Close();
        Directory.Delete(Folder, recursive: true);
    }

    protected abstract DbConnection Connect();

    protected override ActorSystem Create()
    {
        _journal ??= RunJournal.Create(Folder, server);
        return ActorSystem.Create("asha", BootstrapSetup.Create().WithConfig(_settings).And(_journal.Setup()));
    }

    /// <summary>What is there, asked of the database itself.</summary>
    protected static List<long> Numbers(DbConnection connection, string id)
    {
        using var command = Command(connection, "SELECT sequence_number FROM journal WHERE persistence_id = @id ORDER BY ordering", ("@id", id));
        using var rows = command.ExecuteReader();
        var numbers = new List<long>();
        while (rows.Read())
            numbers.Add(rows.GetInt64(0));
        return numbers;
    }

    private void Change(string table, string column, string id, long number, string value)
    {
        using var connection = Connect();
        connection.Open();
        using var command = Command(connection, $"UPDATE {table} SET {column} = @value WHERE persistence_id = @id AND sequence_number = @number", ("@value", value), ("@id", id), ("@number", number));
        Assert.Equal(1, command.ExecuteNonQuery());
    }

    private static DbCommand Command(DbConnection connection, string text, params (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        return command;
    }
}
