using Akka.Actor;
using Akka.TestKit;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Actors.Replay;
using Asha.Core.Experiments;
using Asha.Core.Scheduling;
using Asha.Core.Tests;

namespace Asha.Actors.Tests;

/// <summary>An experiment goes on on another coordinator while its nodes run on; and what nodes that were given up still run may go on as well.</summary>
public sealed class ExperimentTakeoverTests : ActorTest
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly TestProbe _supervisor, _journal, _watcher, _node;
    private readonly List<ExperimentEvent> _before = [];
    private readonly Queue<JournalOpened> _opened = new();

    public ExperimentTakeoverTests() => (_supervisor, _journal, _watcher, _node)
        = (CreateTestProbe("supervisor"), CreateTestProbe("journal"), CreateTestProbe("watcher"), CreateTestProbe("node"));

    private static long Grant(int counter) => (2L << 32) + counter;

    private GrantSlot Slot(int slot, int counter, RunningJob? running = null) => new(slot, "node", _node.Ref, slot % 2, 1, Grant(counter), running);

    /// <summary>The events of an experiment that has a trial on each of slots 0 and 1, one of which has reported.</summary>
    private void Ran(SchedulerType type = SchedulerType.Asha, bool isOver = false)
    {
        var experiment = new Experiment(TableWorld.Spec(type, 2, 1, 4, 4), Origins.Run("run"));
        for (var trial = 0; trial < 2; trial++)
        {
            experiment.Join(TimeSpan.FromSeconds(1), trial, "node", DateTimeOffset.UnixEpoch);
            experiment.Sample(TimeSpan.FromSeconds(1));
            experiment.Start(TimeSpan.FromSeconds(1), trial);
        }
        experiment.Receive(TimeSpan.FromSeconds(2), new JobReport(0, 1, 0, isOver ? [new TrialReport(1, 0.5)] : [new TrialReport(0.5, 0.5)], isOver ? new TrialEnding(EndingCause.LevelReached) : null));
        if (isOver)
            experiment.Park(TimeSpan.FromSeconds(2));
        _before.AddRange(experiment.TakeDecided());
    }

    private IActorRef TakesOver(bool confirms = true, Func<int, int, Props?>? rung = null)
    {
        Props Journal(JournalOpening _) => OpenedJournal.Props(_journal, confirms, _opened.TryDequeue(out var next) ? next : new JournalOpened(1, [.. _before]));
        return Sys.ActorOf(ExperimentActor.Props(new ExperimentSetup(_before.OfType<ExperimentStarted>().Single().Experiment, Origins.Run("run"), 1, _supervisor, Journal, _watcher)
        {
            Resumes = true,
            TakesOver = true,
            ResendInterval = Interval,
            Rung = rung,
            Time = new StandingClock(DateTimeOffset.UnixEpoch.AddMinutes(1)),
        }), "run");
    }

    private List<ExperimentEvent> Committed(Func<ExperimentEvent, bool> last)
    {
        var events = new List<ExperimentEvent>();
        while (!events.Exists(happened => last(happened)))
            events.AddRange(_watcher.FishForMessage<EventsCommitted>(_ => true).Events);
        return events;
    }

    [Fact]
    public void It_writes_that_first_and_says_nothing_before_that_is_written()
    {
        Ran();
        var experiment = TakesOver(confirms: false);
        var append = _journal.ExpectMsg<AppendEvents>();
        Assert.Equal((2, 61.0), (append.Batch, Assert.IsType<ExperimentTakenOver>(Assert.Single(append.Events)).Time.TotalSeconds));
        Flush(experiment);
        Assert.False(_supervisor.HasMessages);
        Child(experiment, "journal-1").Tell(new Confirm(2));
        Assert.True(_supervisor.ExpectMsg<OpenExperiment>() is { Writer: 2, Held: [0, 1] });
    }

    [Fact]
    public void What_ran_runs_on_and_its_nodes_are_told_when_its_slots_are_granted_once_more()
    {
        Ran();
        var experiment = TakesOver();
        _supervisor.ExpectMsg<OpenExperiment>();
        experiment.Tell(new GrantSlots([Slot(0, 1), Slot(1, 2)], (2L << 32) + 1), _supervisor);
        StartJob[] told = [_node.ExpectMsg<StartJob>(), _node.ExpectMsg<StartJob>()];
        Assert.Equal([(0, 1, 1L, Grant(1), 1), (1, 1, 2L, Grant(2), 0)], told.Select(start => (start.Trial, start.Attempt, start.Number, start.Grant, start.Heard)));
        Assert.All(told, start => Assert.Equal(2, start.Writer));
        experiment.Tell(new NodeReport(new JobReport(0, 1, 1, [new TrialReport(1, 0.25)], new TrialEnding(EndingCause.Exited))), _node);
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
        _supervisor.ExpectMsg<OpenExperiment>();
        experiment.Tell(new GrantSlots([Slot(0, 1, new RunningJob("run", 0, 1, 0)), Slot(1, 2, new RunningJob("run", 1, 1, 1))], (2L << 32) + 1), _supervisor);
        _node.ExpectMsg<StartJob>();
        _node.ExpectMsg<StartJob>();
        experiment.Tell(new JobTaken(1, 1), _node);
        Pass(experiment, 2);
        var again = _node.ExpectMsg<StartJob>();
        Assert.Equal((0, 1, 2), (again.Trial, again.Attempt, again.Writer));
        experiment.Tell(new JobTaken(0, 1), _node);
        Pass(experiment, 3);
        Assert.False(_node.HasMessages);
    }

    private void Pass(IActorRef experiment, int intervals)
    {
        for (var interval = 0; interval < intervals; interval++)
        {
            Flush(experiment);
            Clock.MoveBy(Interval);
            Flush(experiment);
        }
    }

    /// <summary>The node cannot be prepared. No retry is used up, the node's slots go back, and until its time has come none is taken.</summary>
    [Fact]
    public void A_node_that_cannot_run_the_trials_is_left_alone_and_tried_again_later()
    {
        Ran();
        var experiment = TakesOver();
        _supervisor.ExpectMsg<OpenExperiment>();
        experiment.Tell(new GrantSlots([Slot(0, 1), Slot(1, 2)], (2L << 32) + 1), _supervisor);
        var starts = new[] { _node.ExpectMsg<StartJob>(), _node.ExpectMsg<StartJob>() };
        var events = new List<ExperimentEvent>();
        foreach (var start in starts)
        {
            experiment.Tell(new NodeReport(new JobReport(start.Trial, 1, start.Heard, [], new TrialEnding(EndingCause.NodeUnfit, "exit code 3\nno compiler"))), _node);
            events.AddRange(Committed(happened => happened is SlotLeft));
            var said = _supervisor.FishForMessage<HoldSlots>(_ => true);
            Assert.Equal(start.Trial == 0 ? [1] : [], said.Held);
            Assert.Equal([new ShunnedNode("node", "exit code 3")], said.Shuns);
        }
        // It was granted before the supervisor had heard of that.
        experiment.Tell(new GrantSlots([Slot(0, 3)], (2L << 32) + 2), _supervisor);
        Pass(experiment, 11);
        for (var report = 0; report < 11; report++)
            Assert.True(_supervisor.FishForMessage<HoldSlots>(_ => true) is { Held: [], Shuns: [{ Node: "node" }] });
        Pass(experiment, 1);
        Assert.Null(_supervisor.FishForMessage<HoldSlots>(_ => true).Shuns);
        experiment.Tell(new GrantSlots([Slot(0, 4)], (2L << 32) + 3), _supervisor);
        var again = _node.FishForMessage<StartJob>(_ => true);
        Assert.Equal((0, 2, "node-unfit"), (again.Trial, again.Attempt, again.RetryReason));
        experiment.Tell(new NodeReport(new JobReport(0, 2, 0, [new TrialReport(1, 0.25)], new TrialEnding(EndingCause.Exited))), _node);
        events.AddRange(Committed(happened => happened is JobCompleted));
        Assert.Equal(["node"], events.OfType<NodeUnfit>().Select(unfit => unfit.Node));
        Assert.Equal([0, 1], events.OfType<AttemptLost>().Select(lost => lost.Trial));
        Assert.Empty(events.OfType<AttemptFailed>());
        Assert.Null(Redecision.Of([.. _before, .. events]).Difference);
    }

    [Fact]
    public void Slots_that_are_not_granted_back_are_lost_and_no_retry_is_used_up()
    {
        Ran();
        var experiment = TakesOver();
        experiment.Tell(new SlotsLost([0], (2L << 32) + 1), _supervisor);
        var lost = Assert.Single(Committed(happened => happened is SlotLeft).OfType<AttemptLost>());
        Assert.Equal((0, FaultNames.NodeLost), (lost.Trial, lost.Cause));
    }

    [Fact]
    public void If_the_one_before_was_still_writing_it_reads_again_and_takes_over_from_there()
    {
        Ran();
        _opened.Enqueue(new JournalOpened(1, [.. _before]));
        var theirs = new ReportAccepted(TimeSpan.FromSeconds(3), 0, 1, 0.75, 0.5, Message: 1);
        _opened.Enqueue(new JournalOpened(2, [], [EventLines.Of([theirs])])); // Not what was written here.
        _opened.Enqueue(new JournalOpened(2, [.. _before, theirs]));
        var experiment = TakesOver(confirms: false);
        Assert.Equal(2, _journal.ExpectMsg<AppendEvents>().Batch);
        Child(experiment, "journal-1").Tell(PoisonPill.Instance);
        _watcher.FishForMessage<JournalStalled>(_ => true);
        Flush(experiment);
        Clock.MoveBy(TimeSpan.FromSeconds(1));
        var append = _journal.ExpectMsg<AppendEvents>();
        Assert.Equal(3, append.Batch);
        Assert.IsType<ExperimentTakenOver>(Assert.Single(append.Events));
        Child(experiment, "journal-3").Tell(new Confirm(3));
        _supervisor.ExpectMsg<OpenExperiment>();
        experiment.Tell(new GrantSlots([Slot(0, 1), Slot(1, 2)], (2L << 32) + 1), _supervisor);
        Assert.Equal(2, _node.ExpectMsg<StartJob>().Heard); // Theirs counted.
    }

    /// <summary>The torture's seed 400980.</summary>
    [Fact]
    public void If_the_one_before_had_written_nothing_yet_and_does_now_it_takes_over_from_there()
    {
        Ran();
        _opened.Enqueue(new JournalOpened(0, []));
        _opened.Enqueue(new JournalOpened(1, [], [EventLines.Of([.. _before])])); // Not what was written here.
        _opened.Enqueue(new JournalOpened(1, [.. _before]));
        var experiment = TakesOver(confirms: false);
        var append = _journal.ExpectMsg<AppendEvents>();
        Assert.IsType<ExperimentStarted>(Assert.Single(append.Events));
        Flush(experiment);
        Assert.False(_supervisor.HasMessages); // Whose run it is shows when that is written.
        Child(experiment, "journal-1").Tell(PoisonPill.Instance);
        _watcher.FishForMessage<JournalStalled>(_ => true);
        Flush(experiment);
        Clock.MoveBy(TimeSpan.FromSeconds(1));
        append = _journal.ExpectMsg<AppendEvents>();
        Assert.IsType<ExperimentTakenOver>(Assert.Single(append.Events));
        Child(experiment, "journal-3").Tell(new Confirm(append.Batch));
        Assert.True(_supervisor.ExpectMsg<OpenExperiment>() is { Writer: 2, Held: [0, 1] });
    }

    [Fact]
    public void A_trial_that_waits_at_its_level_is_ended_as_nobody_knows_what_was_to_be_said()
    {
        Ran(SchedulerType.Stopping, isOver: true);
        var experiment = TakesOver();
        _supervisor.ExpectMsg<OpenExperiment>();
        experiment.Tell(new GrantSlots([Slot(0, 1), Slot(1, 2)], (2L << 32) + 1), _supervisor);
        var told = new object[] { _node.ExpectMsg<IWireMessage>(), _node.ExpectMsg<IWireMessage>() };
        Assert.Equal((0, 1), Assert.Single(told.OfType<EndJob>()) is var end ? (end.Trial, end.Attempt) : default);
        Assert.Equal(1, Assert.Single(told.OfType<StartJob>()).Trial);
    }

    [Fact]
    public void What_runs_on_a_node_that_was_given_up_goes_on_if_it_was_given_to_nobody_and_is_decided_again_so()
    {
        Ran();
        var experiment = TakesOver();
        experiment.Tell(new SlotsLost([0, 1], (2L << 32) + 1), _supervisor);
        // Trial 0 is started again on slot 2, trial 1 waits.
        experiment.Tell(new GrantSlots([Slot(2, 3)], (2L << 32) + 2), _supervisor);
        Assert.Equal((0, 2), _node.ExpectMsg<StartJob>() is var start ? (start.Trial, start.Attempt) : default);
        experiment.Tell(new JobTaken(0, 2), _node);
        experiment.Tell(new GrantSlots([Slot(4, 4, new RunningJob("run", 0, 1, 0)), Slot(5, 5, new RunningJob("run", 1, 1, 1))], (2L << 32) + 3), _supervisor);
        var events = Committed(happened => happened is AttemptRegained);
        Assert.Equal((1, 1, 5), events.OfType<AttemptRegained>().Single() is var back ? (back.Trial, back.Attempt, back.Slot) : default);
        Assert.Equal([2, 4, 5], events.OfType<SlotJoined>().Select(joined => joined.Slot));
        Assert.Equal((0, 1), _node.FishForMessage<EndJob>(_ => true) is var end ? (end.Trial, end.Attempt) : default);
        experiment.Tell(new NodeReport(new JobReport(1, 1, 0, [new TrialReport(1, 0.25)], new TrialEnding(EndingCause.Exited))), _node);
        events.AddRange(Committed(happened => happened is JobCompleted));
        Assert.Equal(1, events.OfType<JobCompleted>().Single().Trial);
        List<ExperimentEvent> recorded = [.. _before, .. events];
        Assert.Equal((recorded.Count, null), Redecision.Of(recorded) is var again ? (again.Compared, again.Difference) : default);
    }

    [Fact]
    public void The_same_attempt_on_a_slot_that_has_joined_anew_is_one()
    {
        Ran();
        var experiment = TakesOver();
        // That its old slot is lost has not come.
        experiment.Tell(new GrantSlots([Slot(4, 3, new RunningJob("run", 0, 1, 0))], (2L << 32) + 1), _supervisor);
        var events = Committed(happened => happened is AttemptRegained);
        Assert.Equal(0, events.OfType<AttemptLost>().Single().Slot);
        Assert.Equal((0, 4), events.OfType<AttemptRegained>().Single() is var back ? (back.Trial, back.Slot) : default);
    }

    [Fact]
    public void It_says_from_time_to_time_how_it_stands_and_opens_again_when_another_supervisor_asks()
    {
        Ran();
        var experiment = TakesOver();
        _supervisor.ExpectMsg<OpenExperiment>();
        experiment.Tell(new GrantSlots([Slot(0, 1), Slot(1, 2)], (2L << 32) + 1), _supervisor);
        Flush(experiment);
        Clock.MoveBy(Interval);
        Assert.True(_supervisor.ExpectMsg<HoldSlots>() is { Held: [0, 1], Parked: [], Wants: true, Heard: (2L << 32) + 1, Writer: 2 });
        experiment.Tell(new ReopenExperiment(1), _supervisor); // One that is over.
        experiment.Tell(new ReopenExperiment(3), _supervisor);
        Assert.Equal([0, 1], _supervisor.ExpectMsg<OpenExperiment>().Held);
        Flush(experiment);
        Assert.False(_supervisor.HasMessages);
    }

    /// <summary>Said as heard, and its slot not as held, it would be taken for one that was given up.</summary>
    [Fact]
    public void A_grant_that_waits_until_a_rung_has_answered_is_not_said_to_be_heard()
    {
        Ran(isOver: true);
        var experiment = TakesOver(rung: (bracket, rung) => Props.Create(() => new RungThatTakesLong(bracket, rung)));
        _supervisor.ExpectMsg<OpenExperiment>();
        for (var slot = 0; slot < 3; slot++)
            experiment.Tell(new GrantSlots([Slot(slot == 0 ? 0 : slot + 1, slot + 1)], Grant(slot + 1)), _supervisor);
        Flush(experiment);
        Clock.MoveBy(Interval);
        Flush(experiment);
        Child(experiment, "rung-0").Tell("answer");
        Assert.True(_supervisor.ExpectMsg<HoldSlots>() is { Held: [0, 1], Heard: (2L << 32) + 1 });
    }

    /// <summary>It offers a trial, and takes its time to answer.</summary>
    private sealed class RungThatTakesLong : ReceiveActor
    {
        public RungThatTakesLong(int bracket, int rung)
        {
            Receive<RestoreRung>(_ => Sender.Tell(new RungStanding(bracket, rung, null, rung == 0 ? new RungHead(0, 0.5, 1, 1, 1, 0.5) : null, [])));
            IActorRef? asks = null;
            Receive<PromoteHead>(_ => asks = Sender);
            Receive<string>(_ => asks!.Tell(new RungStanding(bracket, rung, null, null, [])));
        }
    }
}
