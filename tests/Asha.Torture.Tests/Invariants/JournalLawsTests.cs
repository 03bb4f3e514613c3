using Asha.Core.Experiments;
using Asha.Torture.Invariants;

namespace Asha.Torture.Tests.Invariants;

/// <summary>The journal is one history, and all there is.</summary>
public sealed class JournalLawsTests
{
    private static TimeSpan At(int second) => TimeSpan.FromSeconds(second);

    [Fact]
    public void A_history_goes_on_from_where_it_was()
    {
        var law = new EventsInOrder();
        var history = new History(law).Join().Sample(0).Run(0, 1).Add(new ExperimentEnded(At(9), "interrupted", "")).Add(new ExperimentResumed(At(9), new RunOrigin("run", DateTimeOffset.UnixEpoch, "0", "test"))).Sample(1);
        law.Crashed(history.Now, [.. history.Events], history.State);
        law.Ended(history.Now, [.. history.Events], history.State);
        Assert.True(law.Evaluated > 10);
    }

    [Fact]
    public void A_gap_a_step_back_or_an_entry_that_is_gone_or_changed_breaks_the_law()
    {
        History At2() => new History(new EventsInOrder()).Join().Sample(0);
        History.Breaks("1 trials, running", () => At2().Sample(2));
        History.Breaks("1 trials, running", () => At2().Sample(1, bracket: 1));
        History.Breaks("entry 3", () => At2().Add(new SlotJoined(TimeSpan.Zero, 1, "node")));
        History.Breaks("entry 3", () => At2().Add(At2().Events[0]));
        History.Breaks("ended", () => At2().Add(new ExperimentEnded(At(5), "stopped", "")).Sample(1));
        History.Breaks("entry 3", () => At2().Add(new BracketOpened(At(5), 2)));
        History.Breaks("entry 3", () => At2().Add(new ExperimentResumed(At(7), new RunOrigin("run", DateTimeOffset.UnixEpoch, "0", "test"))));
        var law = new EventsInOrder();
        var history = new History(law).Join().Sample(0);
        History.Breaks("3 events were durable, and 2 are in the journal", () => law.Crashed(history.Now, [.. history.Events.SkipLast(1)], history.State));
        History.Breaks("entry 1 was SlotJoined", () => law.Ended(history.Now, [history.Events[0], new SlotJoined(TimeSpan.Zero, 0, "another"), history.Events[2]], history.State));
    }

    [Fact]
    public void The_journal_refolded_is_the_state()
    {
        var law = new JournalIsTheState();
        var history = new History(law).Join().Sample(0).Run(0, 1);
        law.Quiet(history.Now, history.State, isHeld: false);
        law.Crashed(history.Now, history.Events, history.State);
        // One that had decided more than was durable is gone with it.
        law.Crashed(history.Now, history.Events, Fold([.. history.Events, new TrialSampled(At(9), 1, 0, Asha.Core.Spaces.Configuration.Empty)]));
        law.Crashed(history.Now, history.Events, Fold([.. history.Events, new ExperimentStopping(history.Now, "paused", "")]));
        law.Ended(history.Now, history.Events, history.State);
        Assert.Equal(7, law.Evaluated);
    }

    [Fact]
    public void A_state_that_differs_from_its_journal_in_a_count_or_a_field_breaks_the_law()
    {
        var law = new JournalIsTheState();
        var history = new History(law).Join().Sample(0).Run(0, 1);
        var less = Fold(history.Events.SkipLast(1));
        History.Breaks("the experiment counts", () => law.Quiet(history.Now, less, isHeld: false));
        law.Quiet(history.Now, less, isHeld: true);
        History.Breaks("differ at", () => law.Ended(history.Now, history.Events, less));
        History.Breaks("what was told as durable", () => law.Crashed(history.Now, [.. history.Events.SkipLast(1)], history.State));
        // All counts are as they should be; the metric is another one.
        var other = Fold(history.Events.Select(happened => happened is JobCompleted done ? done with { Metric = 2 } : happened));
        law.Quiet(history.Now, other, isHeld: false);
        History.Breaks("differ at ._trials[0].Results[0].Item2: 1 there, 2 here", () => law.Crashed(history.Now, history.Events, other));
    }

    [Fact]
    public void Slot_time_adds_up()
    {
        var law = new SlotTimeAddsUp();
        // Slot 0 is there for 20 s and busy for 2 and 5, slot 1 for 12 and never busy.
        var history = new History(law).Join(2).Sample(0).Run(0, 1).Sample(1).Start(1).Add(new SlotLeft(At(12), 1)).Lose(1).Add(new SlotLost(At(13), 0)).Add(new SlotLeft(At(20), 0));
        law.Changed(history.Now, history.Events, history.State);
        // Each span, each slot, that none is missing, the tally.
        Assert.True(law.Evaluated > 6);
    }

    [Fact]
    public void A_timeline_that_was_made_from_another_journal_breaks_the_law()
    {
        var law = new SlotTimeAddsUp();
        var history = new History(law).Join().Sample(0).Run(0, 1).Sample(1).Start(1).Lose(1);
        var events = history.Events.Select(happened => happened is JobStarted { Attempt: 1, Trial: 1 } started ? started with { Time = started.Time - TimeSpan.FromSeconds(.5) } : happened).ToList();
        History.Breaks("slot 0 was there and busy for (00:00:07, 00:00:03); its timeline says (00:00:07, 00:00:03.5000000)", () => law.Ended(history.Now, events, history.State));
        History.Breaks("have no timeline", () => law.Ended(history.Now, [.. history.Events.Where(happened => happened is ExperimentStarted or TrialSampled)], history.State));
    }

    private static ExperimentState Fold(IEnumerable<ExperimentEvent> events)
    {
        var state = new ExperimentState();
        foreach (var happened in events)
            state.Apply(happened);
        return state;
    }
}
