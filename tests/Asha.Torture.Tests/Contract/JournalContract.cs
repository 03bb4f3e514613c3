using Akka.Actor;
using Akka.Persistence;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;

namespace Asha.Torture.Tests.Contract;

/// <summary>
/// What a journal has to do, whatever it is made of: the torture's own in memory, SQLite, PostgreSQL. Only where all three keep this may the torture speak for the others. (Not promised: that a request which cannot be
/// written fails alone. Akka.Persistence.Sql writes in one transaction whatever waits; an engine's journal has one request under way at a time.)
/// </summary>
public abstract class JournalContract : IAsyncLifetime
{
    private JournalSubject _subject = null!;

    /// <summary>A journal of this test's own, among others that there may be.</summary>
    protected string Id { get; } = $"run-{Guid.NewGuid():N}";

    protected abstract JournalSubject Make();

    public Task InitializeAsync()
    {
        _subject = Make();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _subject.DisposeAsync();

    private JournalClient Open() => new(_subject.Open());

    private static long[] Range(long first, long last) => [.. Enumerable.Range((int)first, (int)(last - first + 1)).Select(number => (long)number)];

    [Fact]
    public async Task Entries_are_read_in_order_and_as_they_were_written_also_by_the_next_engine()
    {
        var system = _subject.Open();
        var first = new JournalClient(system);
        Assert.Equal(0L, first.Read(Id).Last);
        Assert.True(first.Write(Id, 1));
        Assert.True(first.Write(Id, 2, 3, 4));
        Assert.True(first.Write(Id, Range(5, 300)));
        await _subject.Close(system);
        var (entries, last) = Open().Read(Id);
        Assert.Equal(300L, last);
        Assert.Equal(Range(1, 300), entries.Select(entry => entry.Number));
        Assert.All(entries, entry => Assert.Equal(JournalClient.Entry(entry.Number).Lines, entry.Entry.Lines));
    }

    [Theory]
    [InlineData(1, long.MaxValue, long.MaxValue, 1, 9)]
    [InlineData(4, long.MaxValue, long.MaxValue, 4, 9)]
    [InlineData(1, 3, long.MaxValue, 1, 3)]
    [InlineData(3, 7, long.MaxValue, 3, 7)]
    [InlineData(3, 7, 2, 3, 4)]
    [InlineData(5, 5, long.MaxValue, 5, 5)]
    [InlineData(10, long.MaxValue, long.MaxValue, 1, 0)]
    [InlineData(1, long.MaxValue, 0, 1, 0)]
    public void Whoever_reads_gets_the_entries_that_were_asked_for(long from, long to, long most, long first, long last)
    {
        var client = Open();
        Assert.True(client.Write(Id, Range(1, 9)));
        Assert.Equal(first > last ? [] : Range(first, last), client.Read(Id, from, to, most).Entries.Select(entry => entry.Number));
    }

    [Fact]
    public void What_is_asked_for_together_is_written_wholly_or_not_at_all()
    {
        var client = Open();
        Assert.True(client.Write(Id, 1, 2, 5));
        Assert.False(client.Write(Id, 3, 4, 5, 6)); // 5 is there already: what came before it in the request is not written either.
        Assert.Equal([1, 2, 5], client.Numbers(Id));
        Assert.True(client.Write(Id, 3, 4));
        Assert.Equal([1, 2, 3, 4, 5], client.Numbers(Id)); // In the order of their numbers.
    }

    [Fact]
    public async Task A_number_is_given_once_whoever_writes_and_the_entry_that_has_it_stays()
    {
        var system = _subject.Open();
        var (client, other) = (new JournalClient(system), Open());
        Assert.True(client.Write(Id, 1, 2));
        other.Ask(Id, "another node", 2);
        Assert.All(other.Answer(1), answer => Assert.NotNull(answer.Failure));
        Assert.Equal(JournalClient.Entry(2).Lines, client.Read(Id, from: 2).Entries.Single().Entry.Lines);
        Assert.True(other.Write(Id, 3));
        Assert.False(client.Write(Id, 3));
        await _subject.Close(system);
        Assert.Equal([1, 2, 3], Open().Numbers(Id));
    }

    [Fact]
    public async Task A_write_that_fails_is_told_for_each_entry_and_leaves_nothing_and_its_numbers_can_be_written_later()
    {
        var client = Open();
        Assert.True(client.Write(Id, 1));
        _subject.Refuse();
        client.Ask(Id, 2, 3);
        var answers = client.Answer(2);
        Assert.Equal([2, 3], answers.Select(answer => answer.Number));
        Assert.All(answers, answer => Assert.NotEmpty(answer.Failure!));
        _subject.Accept();
        // Whoever writes tries again; connections that were lost are found out one by one.
        for (var tries = 0; !client.Write(Id, 2, 3); tries++)
        {
            Assert.InRange(tries, 0, 20);
            await Task.Delay(100);
        }
        Assert.Equal([1, 2, 3], client.Numbers(Id));
    }

    [Fact]
    public async Task A_crash_leaves_whole_requests_in_order_and_all_that_were_acknowledged()
    {
        const int Size = 7;
        var seen = 0;
        await foreach (var (acknowledged, numbers) in _subject.Crash(Id, Size))
        {
            Assert.Equal(Range(1, numbers.Count), numbers);
            Assert.Equal(0, numbers.Count % Size);
            Assert.InRange(numbers.Count / Size, acknowledged, acknowledged + 1);
            seen++;
        }
        Assert.InRange(seen, 2, 1000);
    }

    [Fact]
    public void Requests_are_answered_in_their_order_and_a_read_waits_for_the_writes_before_it()
    {
        var system = _subject.Open();
        var (client, reader) = (new JournalClient(system), new JournalClient(system));
        for (var number = 1; number <= 20; number++)
            client.Ask(Id, number);
        Assert.Equal(Range(1, 20), reader.Numbers(Id));
        client.Ask(Id, Range(21, 200));
        Assert.Equal(Range(1, 20), Enumerable.Range(1, 20).SelectMany(_ => client.Answer(1)).Select(answer => answer.Number));
        Assert.All(client.Answer(180), answer => Assert.Null(answer.Failure));
        Assert.Equal(Range(1, 200), reader.Numbers(Id));
    }

    [Fact]
    public void Journals_are_kept_apart()
    {
        var client = Open();
        Assert.True(client.Write(Id, 1, 2) & client.Write(Id + "-other", 1));
        Assert.Equal([1], client.Numbers(Id + "-other"));
        Assert.Equal([1, 2], client.Numbers(Id));
        Assert.IsType<SaveSnapshotSuccess>(client.Save(Id, 2, new EventsFileMark(5, "ab")));
        Assert.Null(((LoadSnapshotResult)client.Load(Id + "-other")).Snapshot);
    }

    [Fact]
    public void What_is_deleted_is_gone_and_its_numbers_are_not_given_again()
    {
        var client = Open();
        Assert.True(client.Write(Id, 1, 2, 3));
        Assert.Equal(new DeleteMessagesSuccess(2), client.Delete(Id, 2));
        Assert.Equal([3], client.Numbers(Id));
        Assert.Equal(new DeleteMessagesSuccess(3), client.Delete(Id, 3));
        var (entries, last) = client.Read(Id);
        Assert.Equal((0, 3L), (entries.Count, last));
        Assert.True(client.Write(Id, 4));
        Assert.Equal([4], client.Numbers(Id));
    }

    [Fact]
    public void An_entry_of_a_later_version_is_an_error_and_nothing_is_touched()
    {
        var client = Open();
        Assert.True(client.Write(Id, 1, 2, 3));
        _subject.Alter(Id, 2, "events.99");
        for (var tries = 0; tries < 2; tries++)
        {
            var (entries, last) = client.Read(Id);
            Assert.DoesNotContain(entries, entry => entry.Number >= 2);
            Assert.Contains("events.99", Assert.Single(Causes((Exception)last).OfType<UnknownFormatException>()).Message);
        }
        _subject.Alter(Id, 2, AshaSerializer.EntryManifest);
        Assert.Equal([1, 2, 3], client.Numbers(Id));
    }

    [Fact]
    public void The_newest_snapshot_that_fits_is_loaded_as_it_was_saved()
    {
        var client = Open();
        Assert.Null(((LoadSnapshotResult)client.Load(Id)).Snapshot);
        foreach (var number in new[] { 10, 30, 20 })
            Assert.Equal(number, Assert.IsType<SaveSnapshotSuccess>(client.Save(Id, number, new EventsFileMark(number, "ab"))).Metadata.SequenceNr);
        Assert.Equal(new EventsFileMark(30, "ab"), Loaded());
        Assert.Equal(new EventsFileMark(20, "ab"), Loaded(to: 29));
        Assert.Equal(new EventsFileMark(10, "ab"), Loaded(new SnapshotSelectionCriteria(19)));
        Assert.Null(Loaded(new SnapshotSelectionCriteria(9)));
        Assert.Null(Loaded(SnapshotSelectionCriteria.None));
        Assert.IsType<SaveSnapshotSuccess>(client.Save(Id, 30, new EventsFileMark(31, "cd"))); // In the place of the one before.
        Assert.Equal(new EventsFileMark(31, "cd"), Loaded());
        Assert.IsType<DeleteSnapshotsSuccess>(client.DeleteSnapshots(Id, 20));
        Assert.Equal((new EventsFileMark(31, "cd"), null), (Loaded(), Loaded(to: 29)));

        EventsFileMark? Loaded(SnapshotSelectionCriteria? criteria = null, long to = long.MaxValue) => (EventsFileMark?)((LoadSnapshotResult)client.Load(Id, criteria, to)).Snapshot?.Snapshot;
    }

    [Fact]
    public void A_snapshot_of_a_later_version_is_an_error()
    {
        var client = Open();
        Assert.IsType<SaveSnapshotSuccess>(client.Save(Id, 10, new EventsFileMark(10, "ab")));
        _subject.AlterSnapshot(Id, 10, "mark.99");
        Assert.Contains("mark.99", Assert.Single(Causes(Assert.IsType<LoadSnapshotFailed>(client.Load(Id)).Cause).OfType<UnknownFormatException>()).Message);
    }

    [Fact]
    public async Task The_engines_own_journal_actor_goes_on_over_a_failure_and_a_new_engine()
    {
        var system = _subject.Open();
        using var folder = new CopyFolder();
        var parent = new JournalParent(system, Id, folder.Copy);
        Assert.Equal(0, parent.Open(new JournalOpening(Tells: true)).Last);
        for (var batch = 1; batch <= 3; batch++)
            parent.Append(batch);
        Assert.Equal([1, 2, 3], Enumerable.Range(1, 3).Select(_ => parent.Next<EventsWritten>().Batch));
        _subject.Refuse();
        parent.Append(4);
        Assert.NotEmpty(parent.Next<JournalFailed>().Reason);
        parent.Next<Terminated>();
        _subject.Accept();
        var opened = await parent.OpenAgain(new JournalOpening(Tells: false, Known: 3));
        Assert.Equal((3, 0), (opened.Last, opened.Added!.Count));
        parent.Append(4);
        Assert.Equal(4, parent.Next<EventsWritten>().Batch);
        await _subject.Close(system);
        var after = new JournalParent(_subject.Open(), Id, folder.Copy).Open(new JournalOpening(Tells: true));
        Assert.Equal((4L, 8), (after.Last, after.Events.Count));
    }

    private static IEnumerable<Exception> Causes(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
            yield return error;
    }
}
