using System.Data.Common;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using Akka.Actor;
using Akka.Persistence.Sql.Config;
using Asha.Actors.Execution;
using Asha.Actors.Persistence;
using LinqToDB;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Asha.Tuning.Journals;

/// <summary>
/// Where a run's journal is: <c>journal.db</c>, SQLite, in its folder; or, with a connection string, a PostgreSQL database that any number of runs share. <c>journal.json</c> in the folder says which, without user or password.
/// </summary>
internal sealed class RunJournal
{
    private const string About = "journal.json";

    private readonly string _folder;
    private readonly JournalAbout _about;
    private readonly string? _server;

    private RunJournal(string folder, JournalAbout about, string? server) => (_folder, _about, _server) = (folder, about, server);

    /// <summary>What the journal is in, for people.</summary>
    public string Place => _about.Server is { } server ? $"PostgreSQL, {server}" : Path.Combine(_folder, SqliteJournal.FileName);

    /// <summary>The journal of a new run.</summary>
    /// <param name="folder">The run's.</param>
    /// <param name="server">The connection string of a PostgreSQL database; <c>null</c>: SQLite in the folder.</param>
    public static RunJournal Create(string folder, string? server)
    {
        var about = new JournalAbout($"{Path.GetFileName(folder)}-{Guid.NewGuid():N}", server is null ? null : Name(server));
        // Whole or not at all: whoever goes on with the run has to find it.
        var temporary = Path.Combine(folder, $"{About}.new");
        using (var file = OwnPath.Create(temporary))
            JsonSerializer.Serialize(file, about, JournalJson.Default.JournalAbout);
        File.Move(temporary, Path.Combine(folder, About));
        // For its user alone, whatever becomes of the folder: SQLite's other files get the mode of this one.
        if (server is null)
            OwnPath.Create(Path.Combine(folder, SqliteJournal.FileName)).Dispose();
        return new RunJournal(folder, about, server).WithTables();
    }

    /// <summary>Whether the folder says where a journal is.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, About));

    /// <summary>Whether the file that the journal is in is not there. To open it would make an empty one, and throw away what the database's log still has of it.</summary>
    public static bool IsGone(string folder) => IsIn(folder) && !File.Exists(Path.Combine(folder, SqliteJournal.FileName))
        && JsonSerializer.Deserialize(OwnPath.ReadText(Path.Combine(folder, About)), JournalJson.Default.JournalAbout) is { Server: null };

    /// <summary>The journal of a run that was begun.</summary>
    /// <exception cref="UserErrorException">It has none, or it is on a server whose connection string is not given, or is another one's.</exception>
    public static RunJournal Open(string folder, string? server)
    {
        var path = Path.Combine(folder, About);
        if (!File.Exists(path))
            throw new UserErrorException($"{folder}: the run has no journal to go on from: a version of Asha made it that kept none");
        JournalAbout about;
        try
        {
            about = JsonSerializer.Deserialize(OwnPath.ReadText(path), JournalJson.Default.JournalAbout) ?? throw new JsonException("it is empty");
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path}: does not say where the journal is: {wrong.Message}");
        }
        if (about.Server is null)
            return new RunJournal(folder, about, null).WithTables();
        if (server is null)
            throw new UserErrorException($"{folder}: the run's journal is in PostgreSQL, {about.Server}", $"Say how to reach it: {JournalServer.Variable}='Host=…;Database=…;Username=…;Password=…'");
        if (Name(server) != about.Server)
            throw new UserErrorException($"{folder}: the run's journal is in PostgreSQL, {about.Server}, and not in {Name(server)}");
        return new RunJournal(folder, about, server).WithTables();
    }

    /// <summary>Makes sure that a server can be used, before anything is made that would stay where it cannot.</summary>
    /// <param name="server">Its connection string; <c>null</c>: there is none.</param>
    /// <exception cref="UserErrorException">It cannot.</exception>
    public static void Reach(string? server)
    {
        if (server is not null)
            new RunJournal("", new JournalAbout("", Name(server)), server).WithTables();
    }

    /// <summary>Looks through all entries, and changes nothing.</summary>
    /// <returns>What an engine has to know before it goes on; <c>null</c>: the journal is empty.</returns>
    /// <exception cref="UserErrorException">One is not as it was written, or of a later version: the message names it.</exception>
    public JournalSurvey? Survey()
    {
        try
        {
            using var connection = Connection();
            connection.Open();
            return JournalSurvey.Of(connection, _about.Id, Place);
        }
        catch (DbException error)
        {
            throw new UserErrorException($"the journal ({Place}) cannot be read: {FailureText.Of(error)}");
        }
    }

    /// <summary>The database lets go of its files: nothing of the run's folder is open any more.</summary>
    public void Close()
    {
        if (_server is not null)
            return;
        using var connection = SqliteJournal.Connection(_folder);
        SqliteConnection.ClearPool(connection);
    }

    /// <summary>Makes the journal's actor.</summary>
    public Props Actor(JournalOpening opening, string events) => JournalActor.Props(_about.Id, events, opening, copy: path => JournalCopy.Write(Connection, _about.Id, path));

    /// <summary>What an actor system that writes it is made with, beside <see cref="JournalServer.Settings"/>.</summary>
    public DataOptionsSetup Setup() => new(_server is null
        ? SqliteJournal.Options(_folder)
        : new DataOptions().UseConnectionString(ProviderName.PostgreSQL15, _server));

    private RunJournal WithTables()
    {
        using var connection = Connection();
        MakeTables(connection, isSqlite: _server is null, Place);
        return this;
    }

    /// <summary>Makes the tables of a database that are not there.</summary>
    /// <exception cref="UserErrorException">It cannot be used.</exception>
    public static void MakeTables(DbConnection connection, bool isSqlite, string place)
    {
        try
        {
            JournalTables.Make(connection, isSqlite);
        }
        catch (Exception error) when (error is DbException or SocketException)
        {
            throw new UserErrorException($"the journal ({place}) cannot be opened: {FailureText.Of(error)}", error);
        }
    }

    private DbConnection Connection() => _server is null ? SqliteJournal.Connection(_folder) : new NpgsqlConnection(_server);

    /// <summary>Which one it is, without what nobody else is to know.</summary>
    public static string Name(string server)
    {
        var parts = new NpgsqlConnectionStringBuilder(server);
        return $"{parts.Host}:{parts.Port}/{parts.Database}";
    }
}

/// <summary>What <c>journal.json</c> says.</summary>
/// <param name="Id">Whose entries they are, among all in a database.</param>
/// <param name="Server">Host, port and database of a PostgreSQL server; <c>null</c>: SQLite in the run's folder.</param>
internal sealed record JournalAbout(string Id, string? Server = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(JournalAbout))]
internal sealed partial class JournalJson : JsonSerializerContext;
