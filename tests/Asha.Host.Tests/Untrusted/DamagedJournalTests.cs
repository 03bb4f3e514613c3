using Asha.Host.Tests.Cli;
using Asha.Tuning;
using Asha.Tuning.Journals;
using Asha.Untrusted;
using CsCheck;
using Microsoft.Data.Sqlite;

namespace Asha.Host.Tests.Untrusted;

/// <summary>Whatever became of a run's journal on the disk, it is gone on with, or the user is told.</summary>
public sealed class DamagedJournalTests : IDisposable
{
    private static readonly string _golden = Path.Combine(AppContext.BaseDirectory, "journal-v1");
    private static readonly byte[] _journal = File.ReadAllBytes(Path.Combine(_golden, "journal.db"));
    private static readonly byte[] _about = File.ReadAllBytes(Path.Combine(_golden, "journal.json"));

    private readonly CliSandbox _box = new();

    public void Dispose() => _box.Dispose();

    /// <summary>Bytes that are others, anywhere or near the beginning, where SQLite says what the rest is; and a file that is cut short.</summary>
    private static readonly Gen<byte[]> _damaged = Gen.Select(Gen.Select(Gen.Int[0, 3], Gen.Double[0, 1], Gen.Byte).Array[1, 20], Gen.Frequency((9, Gen.Const(1.0)), (1, Gen.Double[0, 1])))
        .Select((changes, length) =>
        {
            var bytes = _journal[..(int)(length * _journal.Length)];
            foreach (var (kind, place, value) in changes.Where(_ => bytes.Length > 0))
                bytes[(int)(place * (Math.Min(bytes.Length, kind switch { 0 => 200, 1 => 20_000, _ => int.MaxValue }) - 1))] = value;
            return bytes;
        });

    [Fact]
    public void A_journal_with_bytes_changed_is_surveyed_or_refused()
    {
        var (read, refused) = (0, 0);
        _damaged.Sample(bytes =>
        {
            var run = Run("fuzz", bytes, _about);
            Fuzz.Bounded(bytes.Length, () =>
            {
                try
                {
                    RunJournal.Open(run, null).Survey();
                    read++;
                }
                catch (UserErrorException)
                {
                    refused++;
                }
            }, fixedBytes: 64 << 20);
        }, iter: Fuzz.Cases(200), threads: 1);
        Assert.True(read > 0 && refused > 0, $"{read} read, {refused} refused");
    }

    [Theory]
    [InlineData("UPDATE journal SET message = 'text' WHERE sequence_number = 3")]
    [InlineData("UPDATE journal SET message = 7 WHERE sequence_number = 3")]
    [InlineData("UPDATE journal SET identifier = 'many' WHERE sequence_number = 3")]
    [InlineData("UPDATE journal SET identifier = 9223372036854775807 WHERE sequence_number = 3")]
    [InlineData("UPDATE journal SET manifest = x'00ff' WHERE sequence_number = 3")]
    [InlineData("UPDATE journal SET sequence_number = 'three' WHERE sequence_number = 3")]
    [InlineData("UPDATE journal SET message = zeroblob(50000000) WHERE sequence_number = 3")]
    [InlineData("UPDATE journal SET message = CAST('{\"event\":\"experiment-ended.1\"}' || char(10) AS BLOB) WHERE sequence_number = (SELECT max(sequence_number) FROM journal)")]
    [InlineData("ALTER TABLE journal DROP COLUMN manifest")]
    [InlineData("DROP TABLE journal; CREATE TABLE journal(sequence_number, manifest, identifier, message, persistence_id)")]
    public void A_journal_of_other_types_is_refused(string change)
    {
        var run = Run("typed", _journal, _about);
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(run, "journal.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = change;
            command.ExecuteNonQuery();
        }
        Fuzz.Bounded(_journal.Length, () =>
        {
            var problem = Assert.ThrowsAny<Exception>(() => RunJournal.Open(run, null).Survey() ?? throw new UserErrorException("empty"));
            Assert.IsType<UserErrorException>(problem);
        }, fixedBytes: 256 << 20);
    }

    [Fact]
    public void What_says_where_the_journal_is_is_read_or_refused()
        => Gen.OneOf(Mutations.OfBytes([_about]), Mutations.OfJson([_about, "{\"id\":\"x\",\"server\":\"localhost:5432/asha\"}"u8.ToArray()])).Sample(about => Fuzz.Bounded(about.Length, () =>
        {
            var run = Run("about", _journal, about);
            try
            {
                RunJournal.Open(run, null).Survey();
            }
            catch (UserErrorException)
            {
                // As documented.
            }
        }, fixedBytes: 64 << 20), iter: Fuzz.Cases(100), threads: 1);

    /// <summary>The real command: whatever it says, it comes to an end, and what is no stack trace (<see cref="AshaProcess.EndAsync"/>).</summary>
    [Fact]
    public async Task Asha_resume_of_a_damaged_journal_ends_with_a_result_or_an_error()
    {
        List<byte[]> cases = [Array.Empty<byte>(), _journal[..100], _journal[..(_journal.Length / 2)], [.. _journal[..16], .. new byte[_journal.Length - 16]]];
        _damaged.Sample(cases.Add, iter: Fuzz.Cases(2), threads: 1);
        foreach (var (number, bytes) in cases.Index())
        {
            var run = Run($"golden-{number}", bytes, _about);
            var resumed = await _box.Asha("resume", run, "--json");
            Assert.True(resumed.Code is 0 or 1 or 2, resumed.ToString());
            Assert.True(resumed.Code == 0 || resumed.Error.Length > 0);
            Directory.Delete(run, recursive: true);
        }
    }

    private string Run(string name, byte[] journal, byte[] about)
    {
        var run = Path.Combine(_box.Runs, name);
        if (Directory.Exists(run))
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(run, recursive: true);
        }
        Directory.CreateDirectory(run);
        foreach (var path in Directory.GetFiles(_golden))
            File.Copy(path, Path.Combine(run, Path.GetFileName(path)));
        File.WriteAllBytes(Path.Combine(run, "journal.db"), journal);
        File.WriteAllBytes(Path.Combine(run, "journal.json"), about);
        File.WriteAllText(Path.Combine(run, "run.lock"), "");
        return run;
    }
}
