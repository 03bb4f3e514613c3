using System.Diagnostics;

namespace Asha.Benchmarks.Members;

/// <summary>A PostgreSQL of the benchmark's own, on loopback, gone with it. From the sources' root.</summary>
internal sealed class BenchDatabase : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("asha-bench-postgres-").FullName;

    public BenchDatabase() => Server = Script("start");

    /// <summary>Its connection string.</summary>
    public string Server { get; }

    /// <summary>The id of its first process; the others are its children.</summary>
    public int Process => int.Parse(File.ReadLines(Path.Combine(_folder, "data", "postmaster.pid")).First());

    public void Dispose()
    {
        Script("stop");
        Directory.Delete(_folder, recursive: true);
    }

    private string Script(string verb)
    {
        using var script = System.Diagnostics.Process.Start(new ProcessStartInfo("bash", ["tests/servers/postgres.sh", verb, _folder]) { RedirectStandardOutput = true })!;
        var said = script.StandardOutput.ReadToEnd().Trim();
        script.WaitForExit();
        return script.ExitCode == 0 ? said : throw new InvalidOperationException($"postgres.sh {verb} ended with {script.ExitCode}.");
    }
}
