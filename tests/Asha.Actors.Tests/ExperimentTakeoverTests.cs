using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Actors.Replay;
using Asha.Core.Experiments;

namespace Asha.Actors.Tests;

/// <summary>An experiment goes on on another coordinator while its nodes run on; and what nodes that were given up still run may go on as well.</summary>
public sealed class ExperimentTakeoverTests : TakeoverTest
{
    [Fact]
    public void It_writes_that_first_and_says_nothing_before_that_is_written()
    {
        Ran();
        var experiment = TakesOver(confirms: false);
        var append = Journal.ExpectMsg<AppendEvents>();
        Assert.Equal((2, 61.0), (append.Batch, Assert.IsType<ExperimentTakenOver>(Assert.Single(append.Events)).Time.TotalSeconds));
        Flush(experiment);
        Assert.False(Supervisor.HasMessages);
        Child(experiment, "journal-1").Tell(new Confirm(2));
        Assert.True(Supervisor.ExpectMsg<OpenExperiment>() is { Writer: 2, Held: [0, 1] });
    }

    [Fact]
    public void What_ran_runs_on_and_its_nodes_are_told_when_its_slots_are_granted_once_more()
    {
        Ran();
        var experiment = TakesOver();
        Supervisor.ExpectMsg<OpenExperiment>();
        experiment.Tell(new GrantSlots([Slot(0, 1), Slot(1, 2)], (2L << 32) + 1), Supervisor);
        StartJob[] told = [Node.ExpectMsg<StartJob>(), Node.ExpectMsg<StartJob>()];
        Assert.Equal([(0, 1, 1L, Grant(1), 1), (1, 1, 2L, Grant(2), 0)], told.Select(start => (start.Trial, start.Attempt, start.Number, start.Grant, start.Heard)));
        Assert.All(told, start => Assert.Equal(2, start.Writer));
        experiment.Tell(new NodeReport(new JobReport(0, 1, 1, [new TrialReport(1, 0.25)], new TrialEnding(EndingCause.Exited))), Node);
        var events = Committed(happened => happened is JobStarted);
        Assert.DoesNotContain(events, happened => happened is AttemptLost or SlotJoined or SlotLeft);
        Assert.Equal(0.25, Assert.Single(events.OfType<JobCompleted>()).Metric);
    }

    /// <summary>What was said when the slot was granted gets lost (the torture's seed 7000160): its node would go on telling the coordinator that is gone.</summary>
    [Fact]
    public void A_node_that_has_the_attempt_is_told_who_goes_on_with_it_until_it_answers()
    {
        Ran();
        var experiment = TakesOver();
        Supervisor.ExpectMsg<OpenExperiment>();
        experiment.Tell(new GrantSlots([Slot(0, 1, new RunningJob("run", 0, 1, 0)), Slot(1, 2, new RunningJob("run", 1, 1, 1))], (2L << 32) + 1), Supervisor);
        Node.ExpectMsg<StartJob>();
        Node.ExpectMsg<StartJob>();
        experiment.Tell(new JobTaken(1, 1), Node);
        Pass(experiment, 2);
        var again = Node.ExpectMsg<StartJob>();
        Assert.Equal((0, 1, 2), (again.Trial, again.Attempt, again.Writer));
        experiment.Tell(new JobTaken(0, 1), Node);
        Pass(experiment, 3);
        Assert.False(Node.HasMessages);
    }

    [Fact]
    public void Slots_that_are_not_granted_back_are_lost_and_no_retry_is_used_up()
    {
        Ran();
        var experiment = TakesOver();
        experiment.Tell(new SlotsLost([0], (2L << 32) + 1), Supervisor);
        var lost = Assert.Single(Committed(happened => happened is SlotLeft).OfType<AttemptLost>());
        Assert.Equal((0, FaultNames.NodeLost), (lost.Trial, lost.Cause));
    }

    [Fact]
    public void If_the_one_before_was_still_writing_it_reads_again_and_takes_over_from_there()
    {
        Ran();
        Opened.Enqueue(new JournalOpened(1, [.. Before]));
        var theirs = new ReportAccepted(TimeSpan.FromSeconds(3), 0, 1, 0.75, 0.5, Message: 1);
        Opened.Enqueue(new JournalOpened(2, [], [EventLines.Of([theirs])])); // Not what was written here.
        Opened.Enqueue(new JournalOpened(2, [.. Before, theirs]));
        var experiment = TakesOver(confirms: false);
        Assert.Equal(2, Journal.ExpectMsg<AppendEvents>().Batch);
        Child(experiment, "journal-1").Tell(PoisonPill.Instance);
        Watcher.FishForMessage<JournalStalled>(_ => true);
        Flush(experiment);
        Clock.MoveBy(TimeSpan.FromSeconds(1));
        var append = Journal.ExpectMsg<AppendEvents>();
        Assert.Equal(3, append.Batch);
        Assert.IsType<ExperimentTakenOver>(Assert.Single(append.Events));
        Child(experiment, "journal-3").Tell(new Confirm(3));
        Supervisor.ExpectMsg<OpenExperiment>();
        experiment.Tell(new GrantSlots([Slot(0, 1), Slot(1, 2)], (2L << 32) + 1), Supervisor);
        Assert.Equal(2, Node.ExpectMsg<StartJob>().Heard); // Theirs counted.
    }

    /// <summary>The torture's seed 400980.</summary>
    [Fact]
    public void If_the_one_before_had_written_nothing_yet_and_does_now_it_takes_over_from_there()
    {
        Ran();
        Opened.Enqueue(new JournalOpened(0, []));
        Opened.Enqueue(new JournalOpened(1, [], [EventLines.Of([.. Before])])); // Not what was written here.
        Opened.Enqueue(new JournalOpened(1, [.. Before]));
        var experiment = TakesOver(confirms: false);
        var append = Journal.ExpectMsg<AppendEvents>();
        Assert.IsType<ExperimentStarted>(Assert.Single(append.Events));
        Flush(experiment);
        Assert.False(Supervisor.HasMessages); // Whose run it is shows when that is written.
        Child(experiment, "journal-1").Tell(PoisonPill.Instance);
        Watcher.FishForMessage<JournalStalled>(_ => true);
        Flush(experiment);
        Clock.MoveBy(TimeSpan.FromSeconds(1));
        append = Journal.ExpectMsg<AppendEvents>();
        Assert.IsType<ExperimentTakenOver>(Assert.Single(append.Events));
        Child(experiment, "journal-3").Tell(new Confirm(append.Batch));
        Assert.True(Supervisor.ExpectMsg<OpenExperiment>() is { Writer: 2, Held: [0, 1] });
    }

    [Fact]
    public void A_trial_that_waits_at_its_level_is_ended_as_nobody_knows_what_was_to_be_said()
    {
        Ran(SchedulerType.Stopping, isOver: true);
        var experiment = TakesOver();
        Supervisor.ExpectMsg<OpenExperiment>();
        experiment.Tell(new GrantSlots([Slot(0, 1), Slot(1, 2)], (2L << 32) + 1), Supervisor);
        var told = new object[] { Node.ExpectMsg<IWireMessage>(), Node.ExpectMsg<IWireMessage>() };
        Assert.Equal((0, 1), Assert.Single(told.OfType<EndJob>()) is var end ? (end.Trial, end.Attempt) : default);
        Assert.Equal(1, Assert.Single(told.OfType<StartJob>()).Trial);
    }

    [Fact]
    public void What_runs_on_a_node_that_was_given_up_goes_on_if_it_was_given_to_nobody_and_is_decided_again_so()
    {
        Ran();
        var experiment = TakesOver();
        experiment.Tell(new SlotsLost([0, 1], (2L << 32) + 1), Supervisor);
        // Trial 0 is started again on slot 2, trial 1 waits.
        experiment.Tell(new GrantSlots([Slot(2, 3)], (2L << 32) + 2), Supervisor);
        Assert.Equal((0, 2), Node.ExpectMsg<StartJob>() is var start ? (start.Trial, start.Attempt) : default);
        experiment.Tell(new JobTaken(0, 2), Node);
        experiment.Tell(new GrantSlots([Slot(4, 4, new RunningJob("run", 0, 1, 0)), Slot(5, 5, new RunningJob("run", 1, 1, 1))], (2L << 32) + 3), Supervisor);
        var events = Committed(happened => happened is AttemptRegained);
        Assert.Equal((1, 1, 5), events.OfType<AttemptRegained>().Single() is var back ? (back.Trial, back.Attempt, back.Slot) : default);
        Assert.Equal([2, 4, 5], events.OfType<SlotJoined>().Select(joined => joined.Slot));
        Assert.Equal((0, 1), Node.FishForMessage<EndJob>(_ => true) is var end ? (end.Trial, end.Attempt) : default);
        experiment.Tell(new NodeReport(new JobReport(1, 1, 0, [new TrialReport(1, 0.25)], new TrialEnding(EndingCause.Exited))), Node);
        events.AddRange(Committed(happened => happened is JobCompleted));
        Assert.Equal(1, events.OfType<JobCompleted>().Single().Trial);
        List<ExperimentEvent> recorded = [.. Before, .. events];
        Assert.Equal((recorded.Count, null), Redecision.Of(recorded) is var again ? (again.Compared, again.Difference) : default);
    }

    [Fact]
    public void The_same_attempt_on_a_slot_that_has_joined_anew_is_one()
    {
        Ran();
        var experiment = TakesOver();
        // That its old slot is lost has not come.
        experiment.Tell(new GrantSlots([Slot(4, 3, new RunningJob("run", 0, 1, 0))], (2L << 32) + 1), Supervisor);
        var events = Committed(happened => happened is AttemptRegained);
        Assert.Equal(0, events.OfType<AttemptLost>().Single().Slot);
        Assert.Equal((0, 4), events.OfType<AttemptRegained>().Single() is var back ? (back.Trial, back.Slot) : default);
    }
}
