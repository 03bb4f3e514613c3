using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Torture.Journals;

namespace Asha.Torture.Tests.Journals;

/// <summary>The journal's own actor over the store in memory: in virtual time, on one thread, with every fault said from outside.</summary>
public sealed class VirtualJournalTests
{
    [Fact]
    public void What_is_written_is_told_and_read_again_by_the_next_engine_and_nothing_comes_from_another_thread()
    {
        var store = new MemoryStore();
        using (var first = new VirtualJournal(store).Open())
        {
            first.Append(1, 1, 2);
            first.Append(2, 3);
            first.Run();
            Assert.Equal([0L, 1L, 2L], first.Said.Select(Number));
            Assert.Equal(0, first.Clock.Foreign);
            Assert.Equal(File.ReadAllBytes(first.Copy), store.Entries(VirtualJournal.Id).SelectMany(entry => entry.Bytes));
        }
        using var second = new VirtualJournal(store).Open();
        second.Run();
        var opened = Assert.IsType<JournalOpened>(Assert.Single(second.Said));
        Assert.Equal((2L, 3), (opened.Last, opened.Events.Count));
        Assert.Equal([1, 2, 3], opened.Events.Select(happened => (int)happened.Time.TotalSeconds));
        Assert.Equal(0, second.Clock.Foreign);
    }

    [Fact]
    public void A_write_takes_its_time_and_what_comes_meanwhile_is_written_together_after_it()
    {
        using var journal = new VirtualJournal().Open();
        var committed = new List<(TimeSpan, string)>();
        journal.Store.Committed = batch => committed.Add((journal.Clock.Now, string.Join(' ', batch.Select(entry => entry.Number))));
        journal.Store.Fate = deed => new StoreFate(TimeSpan.FromSeconds(2));
        journal.Append(1, 1);
        journal.Append(2, 2);
        journal.Append(3, 3);
        Assert.Equal(TimeSpan.FromSeconds(4), journal.Run());
        Assert.Equal([(TimeSpan.FromSeconds(2), "1"), (TimeSpan.FromSeconds(4), "2 3")], committed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_write_that_fails_says_why_and_ends_the_journal_and_the_next_one_tells_whether_it_was_written(bool isDone)
    {
        using var journal = new VirtualJournal().Open();
        journal.Store.Fate = deed => deed == StoreDeed.Write ? new StoreFate(TimeSpan.FromSeconds(1), "the disk is full", isDone) : default;
        journal.Append(1, 1);
        journal.Run();
        Assert.Equal([new JournalFailed("the disk is full"), "gone"], journal.Said.Skip(1));
        journal.Store.Fate = null;
        journal.Open(new JournalOpening(Tells: false, Known: 0));
        journal.Run();
        var opened = Assert.IsType<JournalOpened>(Assert.Single(journal.Said));
        Assert.Equal((isDone ? 1 : 0, isDone ? 1 : 0), (opened.Last, opened.Added!.Count));
        journal.Append(2, 2);
        journal.Run();
        Assert.Equal(new EventsWritten(2), journal.Said[^1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void At_a_crash_what_is_being_written_is_durable_wholly_or_not_at_all_and_what_waits_never_is(bool isDurable)
    {
        using var journal = new VirtualJournal().Open();
        journal.Append(1, 1);
        journal.Run();
        journal.Store.Fate = deed => new StoreFate(TimeSpan.FromSeconds(9));
        journal.Append(2, 2);
        journal.Clock.Drain();
        journal.Append(3, 3);
        journal.Append(4, 4, 5);
        journal.Clock.Drain();
        Assert.Equal(1, journal.Store.UnderWay);
        journal.Crash(isDurable);
        Assert.Equal(isDurable ? [1L, 2] : [1L], journal.Store.Entries(VirtualJournal.Id).Select(entry => entry.Number));
        journal.Store.Fate = null;
        journal.Open();
        journal.Run();
        Assert.Equal(isDurable ? 2 : 1, ((JournalOpened)journal.Said[0]).Last);
    }

    [Fact]
    public void What_a_dead_journal_still_had_to_say_is_not_heard_after_the_crash()
    {
        using var journal = new VirtualJournal().Open();
        journal.Append(1, 1);
        journal.Crash(isDurable: true);
        Assert.Empty(journal.Store.Entries(VirtualJournal.Id));
    }

    [Fact]
    public void A_journal_that_cannot_be_read_says_why()
    {
        using var journal = new VirtualJournal();
        journal.Store.Fate = deed => deed == StoreDeed.Read ? new StoreFate(TimeSpan.FromSeconds(40), "no answer") : default;
        journal.Open();
        journal.Run();
        Assert.Equal([new JournalFailed("no answer"), "gone"], journal.Said);
    }

    [Theory]
    [InlineData("kept")]
    [InlineData("lost")]
    [InlineData("not saved")]
    public void With_a_snapshot_or_without_one_the_journal_says_the_same(string what)
    {
        using var journal = new VirtualJournal().Open();
        if (what == "not saved")
            journal.Store.Fate = deed => deed == StoreDeed.SaveSnapshot ? new StoreFate(TimeSpan.Zero, "no room") : default;
        for (var batch = 1; batch <= 2100; batch++)
            journal.Append(batch, batch);
        journal.Run();
        Assert.Equal(what == "not saved" ? [] : [2000L], journal.Store.Snapshots(VirtualJournal.Id).Select(snapshot => snapshot.Number));
        if (what == "lost")
            journal.Store.LoseSnapshots(VirtualJournal.Id);
        journal.Crash(isDurable: true);
        var reads = 0;
        journal.Store.Fate = deed => new StoreFate(TimeSpan.FromTicks(reads += deed == StoreDeed.Read ? 1 : 0));
        journal.Open();
        journal.Run();
        var opened = Assert.IsType<JournalOpened>(Assert.Single(journal.Said));
        Assert.Equal((2100L, 2100, 1), (opened.Last, opened.Events.Count, reads));
        Assert.Equal(Enumerable.Range(1, 2100), opened.Events.Select(happened => (int)happened.Time.TotalSeconds));
    }

    private static long Number(object said) => said switch
    {
        JournalOpened opened => opened.Last,
        EventsWritten written => written.Batch,
        _ => throw new InvalidOperationException(said.ToString()),
    };
}
