using System.Diagnostics;

namespace Asha.Actors.Tests.Persistence;

/// <summary>A PostgreSQL server of one test class's own, started and ended by tests/servers/postgres.sh. Where it cannot be had, the class's tests fail; they never skip.</summary>
public sealed class PostgresServer : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("asha-postgres-").FullName;

    public PostgresServer()
    {
        try
        {
            ConnectionString = Run("start");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>For Npgsql: host, port, database, user and password. It stays the same over <see cref="Stop"/> and <see cref="Start"/>.</summary>
    public string ConnectionString { get; } = "";

    /// <summary>Ends the server at once, whoever is connected; what was committed stays.</summary>
    public void Stop() => Run("stop");

    /// <summary>Starts it again, on the same port; returns when it answers.</summary>
    public void Start() => Run("start");

    public void Dispose()
    {
        Run("stop");
        Directory.Delete(_folder, recursive: true);
    }

    private string Run(string verb)
    {
        var info = new ProcessStartInfo("bash", [Path.Combine(AppContext.BaseDirectory, "postgres.sh"), verb, _folder]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var script = Process.Start(info)!;
        var said = script.StandardError.ReadToEndAsync();
        var answer = script.StandardOutput.ReadToEnd().Trim();
        script.WaitForExit();
        return script.ExitCode == 0 ? answer : throw new InvalidOperationException($"postgres.sh {verb} ended with {script.ExitCode}: {said.Result.Trim()}");
    }
}
