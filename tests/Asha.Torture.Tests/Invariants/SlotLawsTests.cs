using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Core.Spaces;
using Asha.Torture.Invariants;

namespace Asha.Torture.Tests.Invariants;

/// <summary>What runs where, and since when it may.</summary>
public sealed class SlotLawsTests
{
    private static readonly NodeSlot Here = new(0, 1, 0), There = new(1, 1, 0);

    private static StartJob Job(int trial, int attempt = 1, double target = 1, bool goesOn = false) => new(0, trial, attempt, "", 1, Configuration.Empty, 0, target, GoesOn: goesOn);

    [Fact]
    public void A_slot_runs_one_job_after_the_other()
    {
        var law = new OneJobASlot();
        var history = new History(law).Join().Sample(0).Run(0, 1).Sample(1).Start(1).Lose(1).Add(new SlotLost(TimeSpan.FromSeconds(60), 0)).Add(new SlotLeft(TimeSpan.FromSeconds(60), 0))
            .Add(new SlotJoined(TimeSpan.FromSeconds(60), 0, "node")).Start(1, attempt: 2);
        law.Began(history.Now, Here, Job(0));
        law.Began(history.Now, Here, Job(0, 2, goesOn: true));
        law.Began(history.Now, There, Job(1, 2));
        law.Gone(history.Now, Here, 0, 2);
        law.Began(history.Now, Here, Job(1, 1)); // Of a node that had been given up: it runs what counts no more.
        Assert.True(law.Evaluated > 10);
    }

    [Fact]
    public void Two_jobs_on_a_slot_or_one_on_two_break_the_law()
    {
        History At() => new History(new OneJobASlot()).Join(2).Sample(0).Sample(1).Start(0);
        History.Breaks("the slot is busy", 0, () => At().Start(1));
        History.Breaks("runs on slot 0", 1, () => At().Start(0, attempt: 2, slot: 1));
        History.Breaks("the slot is not there", () => At().Start(1, slot: 2));
        History.Breaks("slot 0 is parked, and is busy", 0, () => At().Add(new SlotParked(TimeSpan.FromSeconds(9), 0)));
        History.Breaks("slot 0 leaves, and is busy", 0, () => At().Add(new SlotLeft(TimeSpan.FromSeconds(9), 0)));
        History.Breaks("slot 0 is lost, and busy", 0, () => At().Add(new SlotLost(TimeSpan.FromSeconds(9), 0)));
        History.Breaks("is there already", 0, () => At().Join());
        History.Breaks("the slot is lost", () => At().Add(new SlotLost(TimeSpan.FromSeconds(9), 1)).Start(1, slot: 1));
        History.Breaks("does not wait for a start", () => At().Accept(0, 1, .5).Complete(0, .5).Start(0, attempt: 2));
        History.Breaks("and ran on 0", () => At().Accept(0, 1, .5).Complete(0, .5).Promote(0).Start(0, rung: 1, attempt: 2, slot: 1, goesOn: true));
    }

    [Fact]
    public void Two_attempts_on_a_nodes_slot_or_one_on_two_break_the_law()
    {
        OneJobASlot Law()
        {
            var law = new OneJobASlot();
            law.Began(TimeSpan.Zero, Here, Job(0));
            return law;
        }

        History.Breaks("where attempt 1 of trial 0 runs", () => Law().Began(TimeSpan.Zero, Here, Job(1)));
        History.Breaks("and had begun on", () => Law().Began(TimeSpan.Zero, There, Job(0)));
        History.Breaks("where nothing runs", () => Law().Began(TimeSpan.Zero, There, Job(0, 2, goesOn: true)));
        History.Breaks("where it did not run", () => Law().Gone(TimeSpan.Zero, There, 0, 1));
    }

    [Fact]
    public void A_start_is_durable_before_it_is_let_out()
    {
        var law = new NoStartBeforeItsDecision();
        var history = new History(law).Join().Sample(0);
        History.Breaks("has no such start", () => law.Ordered(history.Now, Job(0)));
        History.Breaks("has no such start", () => law.Began(history.Now, Here, Job(0)));
        history.Start(0);
        law.Ordered(history.Now, Job(0));
        law.Began(history.Now, Here, Job(0));
        History.Breaks("and the journal says JobStarted", () => law.Ordered(history.Now, Job(0, target: 2)));
        History.Breaks("has no such start", () => law.Ordered(history.Now, Job(0, attempt: 2)));
    }

    [Fact]
    public void No_slot_is_idle_with_work_for_it()
    {
        var law = new NoSlotIdleWithWork(TimeSpan.Zero);
        var history = new History(law, trials: 2).Join();
        History.Breaks("1 slots are idle, and another trial may be sampled", () => law.Quiet(history.Now, history.State, isHeld: false));
        history.Sample(0);
        law.Quiet(history.Now, history.State, isHeld: true);
        History.Breaks("and 1 jobs wait", 0, () => law.Quiet(history.Now, history.State, isHeld: false));
        history.Run(0, 1).Sample(1).Run(1, 2);
        History.Breaks("and a trial may go up", () => law.Quiet(history.Now, history.State, isHeld: false));
        history.Promote(0).Run(0, 1, rung: 1, attempt: 2);
        law.Quiet(history.Now, history.State, isHeld: false); // Nothing is left to do.
        Assert.Equal(4, law.Evaluated);
    }

    [Fact]
    public void It_may_be_for_as_long_as_the_bound()
    {
        var law = new NoSlotIdleWithWork(TimeSpan.FromSeconds(5));
        var history = new History(law, trials: 2).Join();
        void Quiet(int second, bool isHeld = false) => law.Quiet(TimeSpan.FromSeconds(second), history.State, isHeld);
        Quiet(1);
        Quiet(5);
        Quiet(6, isHeld: true);
        Quiet(7);
        Quiet(11);
        History.Breaks("since 00:00:07", () => Quiet(12));
    }
}
