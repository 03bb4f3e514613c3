using System.Buffers;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Cluster.Api;
using Asha.Cluster.Coordinators;
using Asha.Cluster.Tests.Harness;
using Asha.Core.Experiments;
using Asha.Core.Spaces;
using Asha.Host.Api;
using Asha.Tuning.Journals;
using Asha.Tuning.Runs;
using Microsoft.Data.Sqlite;

namespace Asha.Cluster.Tests;

/// <summary>What coordinators keep of runs: a line of those that have ended, read once; records of those at work, within a bound; and never one that an entry was applied to in part.</summary>
public sealed class RunLineTests : IDisposable
{
    private static readonly DateTimeOffset _at = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private static readonly ExperimentSpec _spec = RegistryKit.Spec;

    private static readonly Configuration _parameters = new([new("x", ParameterValue.Of(0.5))]);

    private readonly string _folder = Directory.CreateTempSubdirectory("asha-lines-").FullName;

    public RunLineTests()
    {
        using var database = Open();
        RunJournal.MakeTables(database, isSqlite: true, "test");
    }

    public void Dispose()
    {
        using (var database = Open())
            SqliteConnection.ClearPool(database);
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(RunPhase.Over)]
    [InlineData(RunPhase.Paused)]
    public async Task A_run_that_has_ended_is_read_once_until_it_is_opened_again(RunPhase phase)
    {
        using var lines = Lines();
        Write("one", 1, [Started("one"), Sampled(0), new ExperimentEnded(TimeSpan.FromSeconds(7), "completed", "")]);
        var ended = Listed("one", phase, opening: 1);
        Assert.Equal(new RunFigures(7, 1, 0), await lines.OfAsync(ended));
        Write("one", 2, [Sampled(1)]);
        Assert.Equal(1, (await lines.OfAsync(ended))!.Trials);
        Assert.Equal(2, (await lines.OfAsync(ended with { Opening = 2 }))!.Trials);
        Assert.Equal(2, (await lines.OfAsync(ended with { Phase = RunPhase.Open }))!.Trials);
        // An older registry does not tell one end from the next.
        Assert.Equal(2, (await lines.OfAsync(ended with { Opening = 0 }))!.Trials);
        Write("one", 3, [Sampled(2)]);
        Assert.Equal(3, (await lines.OfAsync(ended with { Opening = 0 }))!.Trials);
    }

    /// <summary>What the registry says is not looked up: its journal may be long, and is not even there.</summary>
    [Fact]
    public async Task Of_a_run_whose_figures_the_registry_has_no_journal_is_read()
    {
        using var lines = Lines();
        var figures = new RunFigures(62.5, 64, 85, 0.125);
        Assert.Equal(figures, await lines.OfAsync(Listed("one", RunPhase.Over, 1) with { Figures = figures }));
    }

    /// <summary>The registry hears of the end once the journal has it; and if it were otherwise, nothing half would be kept.</summary>
    [Fact]
    public async Task What_its_journal_does_not_end_is_not_kept()
    {
        using var lines = Lines();
        Assert.Null(await lines.OfAsync(Listed("one", RunPhase.Over, 1)));
        Write("one", 1, [Started("one"), Sampled(0)]);
        Assert.Equal(1, (await lines.OfAsync(Listed("one", RunPhase.Over, 1)))!.Trials);
        Write("one", 2, [Sampled(1)]);
        Assert.Equal(2, (await lines.OfAsync(Listed("one", RunPhase.Over, 1)))!.Trials);
    }

    [Fact]
    public void An_entry_that_cannot_be_applied_to_its_end_leaves_nothing_of_it()
    {
        var folds = Folds();
        Write("one", 1, [Started("one"), Sampled(0)]);
        Assert.Equal("1", folds.Read("one", Trials));
        // Of the second entry the first event can be applied, the next one is of a trial that nobody knows.
        Write("one", 2, [Sampled(1), new TrialPromoted(TimeSpan.Zero, 77, 0, 0, 1, 1, 1, 1, 1)]);
        Assert.Contains("one: entry 2 of its journal cannot be read", Assert.Throws<ApiProblemException>(() => folds.Read("one", Trials)).Message, StringComparison.Ordinal);
        Assert.Throws<ApiProblemException>(() => folds.Read("one", Trials));
        Execute("DELETE FROM journal WHERE sequence_number = 2");
        Write("one", 2, [Sampled(1)]);
        Assert.Equal("2", folds.Read("one", Trials));
    }

    [Fact]
    public void Records_are_kept_within_a_bound_and_the_one_that_is_asked_for_whatever_it_takes()
    {
        foreach (var run in new[] { "one", "two", "three" })
            Write(run, 1, [Started(run), Sampled(0)]);
        var size = Convert.ToInt64(Execute("SELECT max(length(message)) FROM journal"), System.Globalization.CultureInfo.InvariantCulture);
        foreach (var (bytes, kept) in new[] { (3 * size, "1 1 1"), (2 * size, "  1 1"), (0, "    1") })
        {
            Execute("DELETE FROM journal");
            foreach (var run in new[] { "one", "two", "three" })
                Write(run, 1, [Started(run), Sampled(0)]);
            var folds = Folds(bytes);
            foreach (var run in new[] { "one", "two", "three" })
                Assert.Equal("1", folds.Read(run, Trials));
            Execute("DELETE FROM journal"); // Whoever is kept is told of all the same.
            Assert.Equal(kept.Replace(" ", "", StringComparison.Ordinal), string.Concat(new[] { "three", "two", "one" }.Select(run => folds.Read(run, Trials))));
        }
    }

    private static string Trials(RunRecord record) => $"{record.State.Trials.Count}";

    private static ExperimentStarted Started(string run) => new(TimeSpan.Zero, _spec, EngineOrigin.Of(run, _at));

    private static TrialSampled Sampled(int trial) => new(TimeSpan.FromSeconds(1), trial, 0, _parameters);

    private static ListedExperiment Listed(string run, RunPhase phase, int opening) => new(run, "one", phase, _at, 1, Opening: opening);

    /// <summary>There is no registry, and nobody is at work on a run.</summary>
    private RunLines Lines()
    {
        var folds = Folds();
        var readers = new JournalReaders();
        return new RunLines(folds, new RunLooks(new RegistryDoor(new("127.0.0.1", 1)), folds, readers, ApiTexts.Formats, TimeProvider.System), readers);
    }

    private RunFolds Folds(long mostBytes = 1 << 20) => new(Open, () => new RunRecord(), mostBytes);

    private SqliteConnection Open() => SqliteJournal.Connection(_folder);

    /// <summary>An entry, as the engine's journal has it.</summary>
    private void Write(string run, long number, IEnumerable<ExperimentEvent> events)
    {
        var lines = new ArrayBufferWriter<byte>();
        foreach (var happened in events)
            EventLines.Write(lines, happened);
        Execute($"INSERT INTO journal(created, deleted, persistence_id, sequence_number, message, manifest, identifier) VALUES (0, 0, '{ExperimentHost.JournalOf(run)}', {number}, x'{Convert.ToHexString(lines.WrittenSpan)}', '{AshaSerializer.EntryManifest}', {AshaSerializer.Number})");
    }

    private object? Execute(string text)
    {
        using var database = Open();
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = text;
        return command.ExecuteScalar();
    }
}
