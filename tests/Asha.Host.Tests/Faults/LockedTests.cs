using Asha.Host.Tests.Cli;
using Microsoft.Data.Sqlite;

namespace Asha.Host.Tests.Faults;

/// <summary>The journal is locked, or read, by another program while a run tunes.</summary>
public sealed class LockedTests
{
    private const string Says = "journal.db) cannot be written: SQLite Error 5: 'database is locked'. Nothing is started or counted until it can; running trials go on.";

    [Fact]
    public async Task While_another_holds_the_journal_the_run_pauses_and_says_so_and_nothing_is_lost_or_counted_twice()
    {
        using var box = SlowTrials.Sandbox();
        using var asha = box.StartTune("scheduler.trials=30", "slots=3");
        await asha.Until(() => SlowTrials.Lines(box, "ends") >= 6, "six trials have ended");
        int ended, begun, counted;
        await using (var other = RunAudit.Sqlite(box.Run, SqliteOpenMode.ReadWrite))
        {
            // From another connection, in another process, as a backup or a curious user would.
            other.Open();
            Execute(other, "BEGIN EXCLUSIVE");
            (ended, begun, counted) = (SlowTrials.Lines(box, "ends"), SlowTrials.Lines(box, "begins"), SlowTrials.Events(box, "job-completed"));
            await asha.Until(() => asha.Error.Contains(Says), "the run says that the journal is locked");
            await asha.Until(() => SlowTrials.Lines(box, "ends") == SlowTrials.Lines(box, "begins"), "the running trials have ended");
            // A node that hears nothing says everything again after 5 s.
            await Task.Delay(TimeSpan.FromSeconds(5.5));
            // At most one answer of before was on its way for each slot.
            Assert.InRange(SlowTrials.Lines(box, "begins") - begun, 0, 3);
            Assert.InRange(SlowTrials.Events(box, "job-completed") - counted, 0, 3);
            var (still, known) = (SlowTrials.Lines(box, "begins"), SlowTrials.Events(box));
            await Task.Delay(500);
            Assert.Equal((still, known), (SlowTrials.Lines(box, "begins"), SlowTrials.Events(box)));
            Execute(other, "ROLLBACK");
        }
        var result = (await asha.EndAsync()).Exits(0);
        Assert.Contains("journal.db) is written again; nothing was lost", result.Error);
        var events = await RunAudit.Check(box);
        Assert.Equal(30, events.Count(happened => CliSandbox.KindOf(happened) == "trial-sampled.1"));
        Assert.Empty(box.Events("attempt-"));
        // What the nodes said again meanwhile is known.
        Assert.InRange(result.Json().GetProperty("ignoredReports").GetProperty("duplicate").GetInt32(), 1, 30);
        Assert.Contains("changed nothing: ", (await box.Asha("show", box.Run)).Exits(0).Out);
    }

    [Fact]
    public async Task Whoever_reads_the_journal_does_not_disturb_the_run()
    {
        using var box = SlowTrials.Sandbox(SlowTrials.Script(.05));
        using var asha = box.StartTune("scheduler.trials=40", "slots=3");
        await asha.Until(() => SlowTrials.Lines(box, "ends") >= 3, "three trials have ended");
        await using (var reader = RunAudit.Sqlite(box.Run))
        {
            // A reader that stays in the middle of its transaction, and others that come and go.
            reader.Open();
            Execute(reader, "BEGIN");
            Execute(reader, "SELECT count(*) FROM journal");
            for (var turn = 0; turn < 20; turn++)
                Assert.NotEmpty(RunAudit.Rows(RunAudit.Sqlite(box.Run), RunAudit.IdOf(box.Run)));
            (await box.Asha("show", box.Run)).Exits(0);
            (await asha.EndAsync()).Exits(0);
            Execute(reader, "COMMIT");
        }
        Assert.DoesNotContain("the journal (", asha.Error);
        await RunAudit.Check(box);
    }

    private static void Execute(SqliteConnection connection, string statement)
    {
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }
}
