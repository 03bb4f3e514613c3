using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Core.Spaces;
using Asha.Torture.Invariants;

namespace Asha.Torture.Tests.Invariants;

/// <summary>How often a trial is tried, and from what it starts.</summary>
public sealed class TrialLawsTests
{
    private static TimeSpan At(int second) => TimeSpan.FromSeconds(second);

    private static History Tried(FaultLimits? limits = null, BackOffSpec? backOff = null) => Tried(new AttemptsAndRetries(), limits, backOff);

    private static History Tried(AttemptsAndRetries law, FaultLimits? limits = null, BackOffSpec? backOff = null)
        => new History(law, change: spec => spec with { Trial = spec.Trial with { MaxAttempts = 3, MaxAttemptsByFault = limits, RetryBackOff = backOff } }).Join(3).Sample(0).Start(0);

    [Fact]
    public void A_job_is_tried_as_often_as_it_may_fail_and_what_is_lost_costs_nothing()
    {
        var law = new AttemptsAndRetries();
        Tried(law).Fail(0).Start(0, attempt: 2).Lose(0).Add(new SlotLost(At(9), 0)).Start(0, attempt: 3, slot: 1).Lose(0, "checkpoint-missing", "gone").Start(0, attempt: 4, slot: 1).Fail(0, cause: "silence")
            .Start(0, attempt: 5, slot: 1).Accept(0, 1, .5).Complete(0, .5).Promote(0).Start(0, rung: 1, attempt: 6, slot: 1).Fail(0).Start(0, rung: 1, attempt: 7, slot: 1).Fail(0).Start(0, rung: 1, attempt: 8, slot: 1).Fail(0, last: true);
        Assert.True(law.Evaluated > 20);
        Tried(new FaultLimits(TimeOut: 1)).Fail(0, last: true, cause: "time-limit");
        Tried().Fail(0, last: true).Add(new SlotLeft(At(9), 0, "the trial did not end"));
        Tried().Lose(0, "stopped").Start(0, attempt: 2, slot: 1);
    }

    [Fact]
    public void One_try_more_or_fewer_or_a_number_twice_breaks_the_law()
    {
        History.Breaks("it failed 3 times of 3, 3 times by crash of any, and is tried again", () => Tried().Fail(0).Start(0, attempt: 2).Fail(0).Start(0, attempt: 3).Fail(0));
        History.Breaks("is not tried again though it did not cost its slot", () => Tried().Fail(0).Start(0, attempt: 2).Fail(0, last: true).Sample(1));
        History.Breaks("1 times by memory of 1, and is tried again", () => Tried(new FaultLimits(OutOfMemory: 1)).Fail(0, cause: "out-of-memory"));
        // A retry was counted for a lost node.
        History.Breaks("it failed 1 times of 3", () => Tried().Lose(0).Add(new SlotLost(At(5), 0)).Start(0, attempt: 2, slot: 1).Lose(0).Add(new SlotLost(At(7), 1)).Start(0, attempt: 3, slot: 2).Fail(0, last: true).Sample(1));
        History.Breaks("node-lost is no failure", () => Tried().Fail(0, cause: "node-lost"));
        History.Breaks("crash is a failure", () => Tried().Lose(0, "crash"));
        History.Breaks("attempt 1 starts after 1", () => Tried().Fail(0).Start(0));
        History.Breaks("attempt 3 starts after 1", () => Tried().Fail(0).Start(0, attempt: 3));
        History.Breaks("attempt 2 starts after 1, which runs", () => Tried().Start(0, attempt: 2));
        History.Breaks("has failed for good", () => Tried(new FaultLimits(Crash: 1)).Fail(0, last: true).Start(0, attempt: 2));
        History.Breaks("and there is no other", () => Tried().Lose(0, "engine-lost"));
        History.Breaks("its node was lost with slot 0, and then", () => Tried().Lose(0).Start(0, attempt: 2, slot: 1));
        History.Breaks("and attempt 1 is over", () => Tried().Fail(0).Fail(0));
    }

    private static History LostBut(Action<NoneLostWhereAllIsWell> also)
    {
        var law = new NoneLostWhereAllIsWell();
        var history = new History(law).Join(2).Sample(0).Start(0);
        law.Began(history.Now, new NodeSlot(0, 1, 0), new StartJob(0, 0, 1, "", 0, Configuration.Empty, 0, 1));
        also(law);
        return history.Lose(0).Add(new SlotLost(history.Now, 0));
    }

    [Fact]
    public void No_job_is_taken_from_a_node_that_runs_it_and_that_nothing_happened_to()
    {
        LostBut(law => law.Harmed(At(5), "node")).Start(0, attempt: 2, slot: 1);
        LostBut(law => law.Gone(At(5), new NodeSlot(0, 1, 0), 0, 1)).Start(0, attempt: 2, slot: 1);
        LostBut(_ => { }).Add(new AttemptRegained(At(6), 0, 0, 0, 1, 1)).Fail(0).Start(0, attempt: 2, slot: 1);
        History.Breaks("runs on node, to which nothing has happened", () => LostBut(_ => { }).Start(0, attempt: 2, slot: 1));
        History.Breaks("runs on node, to which nothing has happened", () => LostBut(law => law.Harmed(At(5), "another")).Start(0, attempt: 2, slot: 1));
    }

    [Fact]
    public void A_failed_job_waits_out_its_back_off()
    {
        var backOff = new BackOffSpec(At(10), 2, At(15), .1);
        Tried(null, backOff).Fail(0, backOff: At(11)).Add(new RetryDue(At(20), 0, 1)).Start(0, attempt: 2).Fail(0, backOff: At(14));
        History.Breaks("has to be from 00:00:08.9999999 to 00:00:11.0000002", () => Tried(null, backOff).Fail(0, backOff: At(12)));
        History.Breaks("has to be from 00:00:13.4999999", () => Tried(null, backOff).Fail(0, backOff: At(11)).Add(new RetryDue(At(20), 0, 1)).Start(0, attempt: 2).Fail(0, backOff: At(11)));
        History.Breaks("and waits for 00:00:00", () => Tried(null, backOff).Fail(0));
        History.Breaks("waits for 00:00:01; it has to be from 00:00:00 to 00:00:00", () => Tried().Fail(0, backOff: At(1)));
        History.Breaks("was not told to be over", () => Tried(null, backOff).Fail(0, backOff: At(10)).Start(0, attempt: 2));
        History.Breaks("waits until 00:00:13", () => Tried(null, backOff).Fail(0, backOff: At(10)).Add(new RetryDue(At(12), 0, 1)));
        History.Breaks("it waits for nothing", () => Tried().Fail(0).Add(new RetryDue(At(12), 0, 1)));
    }

    /// <summary>Its trial 0 has a result at 1 from attempt 1, with a checkpoint, and is to go on to 2.</summary>
    private static History Resumes(CheckpointsAreTheTrialsOwn? law = null)
        => new History(law ?? new()).Join().Sample(0).Start(0).Accept(0, .5, 1, "a").Accept(0, 1, 1, "b", message: 1).Complete(0, 1).Promote(0);

    private static CheckpointRef Of(string path, double resource, int attempt = 1) => new(attempt, path, resource);

    [Fact]
    public void A_job_resumes_from_the_newest_checkpoint_that_is_left()
    {
        var law = new CheckpointsAreTheTrialsOwn();
        var history = Resumes(law);
        law.Released(history.Now, new ReleaseCheckpoints(0, Of("b", 1), [Of("a", .5)]));
        history.Start(0, 1, 2, start: 1, from: Of("b", 1)).Lose(0, "checkpoint-corrupt", "bits").Start(0, 1, 3, start: .5, from: Of("a", .5)).Lose(0, "checkpoint-missing", "gone").Start(0, 1, 4);
        Assert.True(law.Evaluated > 6);
        Resumes().Add(new CheckpointDropped(At(30), 0, 0, 1)).Start(0, 1, 2);
        Resumes().Start(0, 1, 2, start: 1, goesOn: true);
    }

    [Fact]
    public void One_that_it_never_left_or_that_is_gone_breaks_the_law()
    {
        History.Breaks("which it never reported", () => Resumes().Start(0, 1, 2, start: 1, from: Of("c", 1)));
        History.Breaks("which it never reported", () => Resumes().Start(0, 1, 2, start: 1, from: Of("b", 1, attempt: 2)));
        History.Breaks("its checkpoint is at 1", () => Resumes().Start(0, 1, 2, start: .5, from: Of("b", 1)));
        History.Breaks("is newer", () => Resumes().Start(0, 1, 2, start: .5, from: Of("a", .5)));
        History.Breaks("starts from nothing, and there is (1, b, 1, )", () => Resumes().Start(0, 1, 2));
        History.Breaks("starts at 1 from nothing", () => Resumes().Add(new CheckpointDropped(At(30), 0, 0, 1)).Start(0, 1, 2, start: 1));
        History.Breaks("was dropped for the budget", () => Resumes().Add(new CheckpointDropped(At(30), 0, 0, 1)).Start(0, 1, 2, start: 1, from: Of("b", 1)));
        History.Breaks("was found to be checkpoint-corrupt", () => Resumes().Start(0, 1, 2, start: 1, from: Of("b", 1)).Lose(0, "checkpoint-corrupt", "bits").Start(0, 1, 3, start: 1, from: Of("b", 1)));
        History.Breaks("it goes on at 1, and its job starts at 0.5", () => Resumes().Start(0, 1, 2, start: .5, goesOn: true));
        var law = new CheckpointsAreTheTrialsOwn();
        var history = Resumes(law);
        law.Released(history.Now, new ReleaseCheckpoints(0));
        History.Breaks("was released", () => history.Start(0, 1, 2, start: 1, from: Of("b", 1)));
    }
}
