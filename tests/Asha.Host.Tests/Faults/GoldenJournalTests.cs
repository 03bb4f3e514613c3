using System.Security.Cryptography;
using System.Text;
using Asha.Host.Tests.Cli;

namespace Asha.Host.Tests.Faults;

/// <summary>
/// <c>tests/data/journal-v1</c> is the folder of a small run, as version 1 of the journal left it: begun, killed, gone on with, paused. Every later version goes on with it; it is never to be made anew. What cannot be read stops with an error, and touches nothing.
/// </summary>
public sealed class GoldenJournalTests : IDisposable
{
    private static readonly string _golden = Path.Combine(AppContext.BaseDirectory, "journal-v1");

    private readonly CliSandbox _box = new();
    private readonly string _run;

    public GoldenJournalTests()
    {
        _run = Directory.CreateDirectory(Path.Combine(_box.Runs, "golden")).FullName;
        foreach (var path in Directory.GetFiles(_golden))
            File.Copy(path, Path.Combine(_run, Path.GetFileName(path)));
        File.WriteAllText(Path.Combine(_run, "run.lock"), "");
    }

    public void Dispose() => _box.Dispose();

    [Fact]
    public async Task A_journal_of_version_1_reads_as_it_was_written_and_is_gone_on_with()
    {
        var recorded = File.ReadAllText(Path.Combine(_golden, "events.jsonl"));
        Assert.Equal(recorded, Encoding.UTF8.GetString([.. Rows().SelectMany(row => row.Lines)]));
        var shown = (await _box.Asha("show", _run, "--json")).Exits(0).Json();
        Assert.Equal(("golden", "paused", 4, 8), (shown.GetProperty("run").GetString()![..6], shown.GetProperty("outcome").GetString(), shown.GetProperty("trials").GetInt32(), shown.GetProperty("attempts").GetInt32()));
        Assert.Equal(0.1, shown.GetProperty("best").GetProperty("metric").GetDouble());

        // The copy is not what it goes on from.
        File.Delete(Path.Combine(_run, "events.jsonl"));
        var resumed = (await _box.Asha("resume", _run, "--json")).Exits(0).Json();
        Assert.Equal(("completed", 12), (resumed.GetProperty("outcome").GetString(), resumed.GetProperty("trials").GetInt32()));
        var events = File.ReadAllText(Path.Combine(_run, "events.jsonl"));
        Assert.StartsWith(recorded, events, StringComparison.Ordinal);
        Assert.Equal(events, Encoding.UTF8.GetString([.. Rows().SelectMany(row => row.Lines)]));
        Assert.Contains(" events agree", (await _box.Asha("replay", _run)).Exits(0).Out);
    }

    [Theory]
    [InlineData("UPDATE journal SET manifest = 'events.9' WHERE sequence_number = 3", "entry 3: 'events.9' is not known to this version of Asha")]
    [InlineData("UPDATE journal SET identifier = 17 WHERE sequence_number = 3", "entry 3: 'events.1' is not known to this version of Asha")]
    [InlineData("UPDATE journal SET message = CAST('{\"event\":\"trial-moved.1\",\"time\":2}' || char(10) AS BLOB) WHERE sequence_number = 4", "entry 4: 'trial-moved.1' is not known to this version of Asha")]
    [InlineData("UPDATE journal SET message = CAST(replace(CAST(message AS TEXT), '0.1', '0.2') AS BLOB) WHERE CAST(message AS TEXT) LIKE '%report-accepted%'", ": a line is not as it was written: {\"event\":\"report-accepted.1\"")]
    [InlineData("UPDATE journal SET message = CAST(substr(CAST(message AS TEXT), 1, length(message) - 1) AS BLOB) WHERE sequence_number = 5", "entry 5: a line has no end")]
    [InlineData("DELETE FROM journal WHERE sequence_number = 4", "entry 4: it is not there, and later ones are")]
    public async Task A_journal_that_cannot_be_read_is_an_error_that_names_the_entry_and_nothing_is_touched(string change, string says)
    {
        await using (var journal = RunAudit.Sqlite(_run, Microsoft.Data.Sqlite.SqliteOpenMode.ReadWrite))
        {
            journal.Open();
            await using var command = journal.CreateCommand();
            command.CommandText = change;
            Assert.True(command.ExecuteNonQuery() > 0);
        }
        var before = Files();
        foreach (var verb in new[] { "resume", "cancel" })
        {
            var error = (await _box.Asha(verb, _run)).Exits(2).Error;
            Assert.Contains(says, error);
            Assert.Contains("journal.db) cannot be gone on with: entry ", error);
            Assert.Equal(before, Files());
        }
    }

    private IReadOnlyList<(long Number, string Manifest, byte[] Lines)> Rows() => RunAudit.Rows(RunAudit.Sqlite(_run), RunAudit.IdOf(_run));

    /// <summary>All files of the run, byte by byte, but for who holds it.</summary>
    private List<string> Files() =>
    [
        .. Directory.EnumerateFiles(_run, "*", SearchOption.AllDirectories).Where(path => Path.GetFileName(path) is not ("run.lock" or "run.holder"))
            .Select(path => $"{Path.GetFileName(path)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))}").Order(StringComparer.Ordinal),
    ];
}
