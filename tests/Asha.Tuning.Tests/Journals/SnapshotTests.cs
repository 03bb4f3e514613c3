using System.Text;
using Asha.Tuning.Journals;
using Asha.Tuning.Runs;
using Asha.Tuning.Trials;
using Microsoft.Data.Sqlite;

namespace Asha.Tuning.Tests.Journals;

/// <summary>Every thousandth entry, a mark says how much of <c>events.jsonl</c> is on the disk for certain: whoever goes on reads that, and of the journal the rest. Where it is not what the mark says, the journal has everything.</summary>
public sealed class SnapshotTests : TestRuns
{
    private const int Trials = 2600;

    private new TuningOptions Options => base.Options with { Slots = 1, Scheduler = Scheduler.Asha(trials: Trials) };

    [Fact]
    public async Task With_a_mark_that_fits_the_entries_before_it_are_not_read()
    {
        var run = await Interrupted();
        var mark = Scalar(run, "SELECT max(sequence_number) FROM snapshot");
        Assert.Equal(2000L, mark);
        Assert.InRange(Convert.ToInt64(Scalar(run, "SELECT count(*) FROM snapshot")), 1, 2); // An older one is of no use; the run may have ended before it was deleted.
        var events = File.ReadAllText(Path.Combine(run, "events.jsonl"));
        // If they were read, they would be missed.
        Execute(run, "DELETE FROM journal WHERE sequence_number <= 2000");
        var end = await Resume(run);
        Assert.Equal((Trials, "completed"), (end.Record.State.Trials.Count, end.Record.State.Ended!.Outcome));
        Assert.StartsWith(events, File.ReadAllText(Path.Combine(run, "events.jsonl")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("missing")]
    [InlineData("cut before the mark")]
    [InlineData("cut after the mark, in a line")]
    [InlineData("zeros at its end")]
    [InlineData("a line more")]
    public async Task However_the_copy_was_left_the_journal_has_everything_and_the_copy_says_the_same_afterwards(string how)
    {
        var run = await Interrupted();
        var path = Path.Combine(run, "events.jsonl");
        var bytes = File.ReadAllBytes(path);
        var whole = bytes.ToArray();
        switch (how)
        {
            case "changed": bytes[bytes.Length / 3] ^= 1; break;
            case "cut before the mark": bytes = bytes[..(bytes.Length / 2)]; break;
            case "cut after the mark, in a line": bytes = bytes[..^20]; break;
            case "zeros at its end": bytes.AsSpan(^5000..).Clear(); break; // As some file systems leave it after a power cut.
            case "a line more": bytes = [.. bytes, .. "{\"event\":\"slot-parked.1\",\"time\":99,\"slot\":0}\n"u8]; break;
        }
        File.WriteAllBytes(path, bytes);
        if (how == "missing")
            File.Delete(path);
        var notes = new List<string>();
        var end = await Resume(run, notes.Add);
        Assert.Empty(notes); // That is no fault of the journal's.
        Assert.Equal((Trials, "completed"), (end.Record.State.Trials.Count, end.Record.State.Ended!.Outcome));
        var now = File.ReadAllText(path);
        Assert.StartsWith(Encoding.UTF8.GetString(whole), now, StringComparison.Ordinal);
        Assert.Equal(Text(run, "SELECT CAST(message AS TEXT) FROM journal ORDER BY sequence_number"), now);
    }

    [Fact]
    public async Task A_sweep_writes_the_copy_as_it_was_or_leaves_all_as_it_is()
    {
        var run = await Interrupted();
        var (path, id) = (Path.Combine(run, "events.jsonl"), Text(run, "SELECT DISTINCT persistence_id FROM journal"));
        var events = File.ReadAllText(path);
        File.WriteAllText(path + ".new", "what a sweep that was cut off has left");
        File.Delete(path);
        Assert.Null(JournalCopy.Write(() => SqliteJournal.Connection(run), id, path));
        Assert.Equal(events, File.ReadAllText(path));
        Execute(run, "UPDATE journal SET message = 7 WHERE sequence_number = 1500"); // SQLite keeps a value of any type in any column.
        Assert.NotNull(JournalCopy.Write(() => SqliteJournal.Connection(run), id, path));
        Assert.Equal(events, File.ReadAllText(path));
        Assert.False(File.Exists(path + ".new"));
    }

    /// <summary>It would be as well, only slowly, if nobody swept: so the sweep is kept from it, and has to say so.</summary>
    [Fact]
    public async Task Where_the_copy_is_gone_a_sweep_is_tried_and_if_it_fails_the_entries_are_read()
    {
        var run = await Interrupted();
        File.Delete(Path.Combine(run, "events.jsonl"));
        Directory.CreateDirectory(Path.Combine(run, "events.jsonl.new"));
        var end = await Resume(run);
        Assert.Equal((Trials, "completed"), (end.Record.State.Trials.Count, end.Record.State.Ended!.Outcome));
        Assert.Contains("cannot be made anew, and the journal is read entry by entry", File.ReadAllText(Path.Combine(run, "asha.log")), StringComparison.Ordinal);
    }

    /// <summary>A run with a few thousand entries that was stopped, its folder.</summary>
    private async Task<string> Interrupted()
    {
        using var interrupt = new CancellationTokenSource();
        var calls = 0;
        var result = await Run(Options, (trial, _) =>
        {
            trial.Report(trial.Target, trial.Get(X));
            if (Interlocked.Increment(ref calls) == 2300)
                interrupt.Cancel();
            return Task.CompletedTask;
        }, interrupt.Token);
        Assert.Equal(TuningOutcome.Interrupted, result.Outcome);
        Assert.InRange(Scalar(result.Folder, "SELECT count(*) FROM journal"), 2001, 2999);
        return result.Folder;
    }

    private async Task<RunEnd> Resume(string run, Action<string>? noted = null)
    {
        var folder = RunFolder.Open(run, Root);
        using var held = folder.Hold();
        using var log = new RunLog(folder.In("asha.log"), null);
        using var runner = new InProcessRunner(Instant, run, TimeProvider.System, new InProcessOptions());
        var end = await new LocalRun(SpecBuilder.Build(Options), folder, RunJournal.Open(run, null), runner, log) { Resumes = true, Noted = noted }.RunAsync(CancellationToken.None).WaitAsync(Patience);
        Assert.Null(end.Failure);
        return end;
    }

    private static long Scalar(string run, string query) => long.Parse(Text(run, query), System.Globalization.CultureInfo.InvariantCulture);

    private static string Text(string run, string query) => Query(run, query, command =>
    {
        using var rows = command.ExecuteReader();
        var text = new StringBuilder();
        while (rows.Read())
            text.Append(rows.GetString(0));
        return text.ToString();
    });

    private static void Execute(string run, string statement) => Query(run, statement, command => command.ExecuteNonQuery());

    private static T Query<T>(string run, string statement, Func<SqliteCommand, T> use)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(run, "journal.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        return use(command);
    }
}
