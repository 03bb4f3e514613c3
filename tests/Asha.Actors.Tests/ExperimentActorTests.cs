using Akka.Actor;
using Akka.TestKit;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;
using Asha.Core.Tests;

namespace Asha.Actors.Tests;

/// <summary>An experiment among probes: what it says, to whom, and not before its journal has confirmed.</summary>
public sealed class ExperimentActorTests : ActorTest
{
    private readonly TestProbe _supervisor;
    private readonly TestProbe _journal;
    private readonly TestProbe _watcher;
    private readonly TestProbe _node;
    private IActorRef _experiment = ActorRefs.Nobody;
    private readonly List<IWireMessage> _told = [];
    private long _batch;

    public ExperimentActorTests()
        => (_supervisor, _journal, _watcher, _node) = (CreateTestProbe("supervisor"), CreateTestProbe("journal"), CreateTestProbe("watcher"), CreateTestProbe("node"));

    private IActorRef TheJournal => Child(_experiment, "journal-1");

    /// <summary>Starts it, and grants it slots 0 … <paramref name="slots"/> − 1 of one node.</summary>
    private void Start(ExperimentSpec spec, int slots, bool confirms = true)
    {
        _experiment = Sys.ActorOf(ExperimentActor.Props(new ExperimentSetup(spec, Origins.Run("run"), 3, _supervisor, _ => ProbeJournal.Props(_journal, confirms), _watcher, Clock.Elapsed)), "experiment");
        Assert.Equal(new OpenExperiment("run", 3), _supervisor.ExpectMsg<OpenExperiment>());
        for (var slot = 0; slot < slots; slot++)
            Grant(slot);
    }

    private void Grant(int slot, TestProbe? node = null)
        => _experiment.Tell(new GrantSlots([new GrantSlot(slot, "node", (node ?? _node).Ref, slot)]), _supervisor);

    private static ExperimentSpec Spec(SchedulerType type = SchedulerType.Asha, int factor = 2, int max = 4, int? trials = 4, int attempts = 3, StopSpec? stop = null)
    {
        var spec = TableWorld.Spec(type, factor, 1, max, trials);
        return spec with { Trial = spec.Trial with { MaxAttempts = attempts }, Stop = stop ?? new StopSpec() };
    }

    /// <summary>The next job that the node is given; what else it was told before is kept.</summary>
    private StartJob Job()
    {
        while (true)
        {
            _told.Add(_node.ExpectMsg<IWireMessage>());
            if (_told[^1] is StartJob job)
                return job;
        }
    }

    private void Say(StartJob job, int message, TrialEnding? ending, params TrialReport[] reports)
        => _experiment.Tell(new NodeReport(new JobReport(job.Trial, job.Attempt, message, reports, ending)), _node);

    private void Complete(StartJob job, double metric, int message = 0)
        => Say(job, message, new TrialEnding(EndingCause.Exited), new TrialReport(job.Target, metric, $"at-{job.Target}"));

    /// <summary>All events so far, as the watcher was told; up to one that satisfies.</summary>
    private List<ExperimentEvent> Committed(Func<ExperimentEvent, bool> last)
    {
        var events = new List<ExperimentEvent>();
        while (!events.Exists(happened => last(happened)))
            events.AddRange(_watcher.FishForMessage<EventsCommitted>(_ => true).Events);
        return events;
    }

    private List<ExperimentEvent> ToTheEnd() => Committed(happened => happened is ExperimentEnded);

    private AppendEvents Append()
    {
        var append = _journal.ExpectMsg<AppendEvents>();
        Assert.Equal(++_batch, append.Batch);
        return append;
    }

    /// <summary>The experiment, its rungs and its journal have handled everything, and what they said has arrived.</summary>
    private void Settle()
    {
        IActorRef[] all = [_experiment, Child(_experiment, "rung-0"), Child(_experiment, "rung-1"), TheJournal];
        for (var round = 0; round < 4; round++)
        {
            foreach (var actor in all)
                Flush(actor);
        }
    }

    [Fact]
    public void Nothing_is_said_before_the_journal_has_it()
    {
        // Law 5, for jobs and for acknowledgements.
        Start(Spec(), 1, confirms: false);
        var journal = TheJournal;
        Assert.IsType<ExperimentStarted>(Assert.Single(Append().Events));
        Assert.Equal(["SlotJoined", "TrialSampled", "JobStarted"], Append().Events.Select(happened => happened.GetType().Name));
        Settle();
        Assert.False(_node.HasMessages || _watcher.HasMessages);
        journal.Tell(new Confirm(1));
        Assert.IsType<ExperimentStarted>(Assert.Single(_watcher.ExpectMsg<EventsCommitted>().Events));
        Settle();
        Assert.False(_node.HasMessages);
        journal.Tell(new Confirm(2));
        var job = _node.ExpectMsg<StartJob>();
        Assert.Equal((0, 0, 1, "", 0.0, 1.0), (job.Slot, job.Trial, job.Attempt, job.RetryReason, job.Start, job.Target));
        _watcher.ExpectMsg<EventsCommitted>();

        Complete(job, 0.5);
        Assert.Equal(["ReportAccepted", "JobCompleted", "TrialSampled", "JobStarted"], Append().Events.Select(happened => happened.GetType().Name));
        Settle();
        Assert.False(_node.HasMessages || _watcher.HasMessages);
        journal.Tell(new Confirm(3));
        Assert.Equal(new ReportStored(0, 1, 0), _node.ExpectMsg<ReportStored>());
        Assert.Equal(1, _node.ExpectMsg<StartJob>().Trial);
    }

    [Fact]
    public void One_confirmation_lets_out_all_batches_up_to_it_in_order()
    {
        Start(Spec(trials: null), 3, confirms: false);
        for (var batch = 0; batch < 4; batch++)
            Append();
        TheJournal.Tell(new Confirm(4));
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(_ => _node.ExpectMsg<StartJob>().Trial));
        Assert.Equal(["ExperimentStarted", "SlotJoined", "SlotJoined", "SlotJoined"],
            Enumerable.Range(0, 4).Select(_ => _watcher.ExpectMsg<EventsCommitted>().Events[0].GetType().Name));
    }

    [Fact]
    public void A_journal_that_fails_ends_the_experiment_and_lets_nothing_out()
    {
        Start(Spec(), 1, confirms: false);
        Watch(_experiment);
        TheJournal.Tell(new BreakDown("No space left on device"));
        Assert.Equal("No space left on device", _watcher.ExpectMsg<EngineFailed>().Message);
        ExpectTerminated(_experiment);
        Assert.False(_node.HasMessages);
    }

    [Fact]
    public void However_often_a_node_asks_while_nothing_can_be_written_one_answer_waits()
    {
        Start(Spec(), 1, confirms: false);
        Append();
        TheJournal.Tell(new Confirm(Append().Batch));
        var job = Job();
        for (var again = 0; again < 1000; again++)
            Complete(job, 0.5);
        var batch = Append().Batch;
        Settle();
        Assert.False(_journal.HasMessages || _node.HasMessages); // Nothing of it is written again.
        TheJournal.Tell(new Confirm(batch));
        Assert.Equal(new ReportStored(0, 1, 0), _node.ExpectMsg<ReportStored>());
        Assert.IsType<StartJob>(_node.ExpectMsg<IWireMessage>());
        Settle();
        Assert.False(_node.HasMessages);
        // Whoever asks later is answered again.
        Complete(job, 0.5);
        Assert.Equal(new ReportStored(0, 1, 0), _node.ExpectMsg<ReportStored>());
    }

    [Theory]
    [InlineData("its own", null)]
    [InlineData("another's", "another engine has written to this run's journal")]
    [InlineData("too many", "another engine has written to this run's journal")]
    [InlineData("gone", "the run's journal has lost entries: it had 1, and has 0")]
    public void A_journal_that_comes_back_is_gone_on_with_only_if_it_has_what_this_engine_wrote(string entries, string? failure)
    {
        // The first entry is known to be written, the second one may be: the journal died before it could say so.
        JournalOpening? second = null;
        Props Journal(JournalOpening opening) => second is null && opening.Known == long.MaxValue
            ? ProbeJournal.Props(_journal, confirms: false)
            : Returned.Props(_journal, Opened(second = opening));
        AppendEvents written = null!;
        _experiment = Sys.ActorOf(ExperimentActor.Props(new ExperimentSetup(Spec(), Origins.Run("run"), 3, _supervisor, Journal, _watcher, Clock.Elapsed)), "experiment");
        Grant(0);
        var first = Append().Batch;
        written = Append();
        TheJournal.Tell(new Confirm(first));
        Watch(_experiment);
        _watcher.ExpectMsg<EventsCommitted>();
        TheJournal.Tell(PoisonPill.Instance);
        _watcher.ExpectMsg<JournalStalled>();
        Clock.MoveBy(TimeSpan.FromSeconds(1));
        if (failure is null)
        {
            _watcher.FishForMessage<EventsCommitted>(_ => true);
            Assert.Equal(0, _node.ExpectMsg<StartJob>().Trial);
        }
        else
        {
            Assert.StartsWith(failure, _watcher.FishForMessage<EngineFailed>(_ => true).Message);
            ExpectTerminated(_experiment);
            Assert.False(_node.HasMessages);
        }
        Assert.Equal(1, second!.Known);

        JournalOpened Opened(JournalOpening _) => entries switch
        {
            "its own" => new JournalOpened(2, [], [EventLines.Of(written.Events)]),
            "another's" => new JournalOpened(2, [], [EventLines.Of([new SlotParked(TimeSpan.Zero, 0)])]),
            "too many" => new JournalOpened(3, [], [EventLines.Of(written.Events), EventLines.Of(written.Events)]),
            _ => new JournalOpened(0, []),
        };
    }

    /// <summary>A journal that comes back with what it has.</summary>
    private sealed class Returned : ReceiveActor
    {
        private readonly JournalOpened _opened;

        public Returned(IActorRef probe, JournalOpened opened)
        {
            _opened = opened;
            Receive<AppendEvents>(probe.Tell);
        }

        protected override void PreStart() => Context.Parent.Tell(_opened);

        public static Props Props(IActorRef probe, JournalOpened opened) => Akka.Actor.Props.Create(() => new Returned(probe, opened));
    }

    [Fact]
    public void A_rung_that_fails_ends_the_experiment()
    {
        Start(Spec(), 1);
        Watch(_experiment);
        Job();
        // It has nobody to promote.
        Sys.ActorSelection(_experiment.Path / "rung-0").Tell(new PromoteHead(4));
        Assert.Contains("no trial to promote", _watcher.FishForMessage<EngineFailed>(_ => true).Message);
        ExpectTerminated(_experiment);
    }

    [Fact]
    public void A_report_that_comes_again_is_acknowledged_again_and_counted_once()
    {
        Start(Spec(max: 16), 1);
        var job = Job();
        for (var again = 0; again < 3; again++)
        {
            Say(job, 0, null, new TrialReport(0.5, 0.9));
            Assert.Equal(new ReportStored(0, 1, 0), _node.ExpectMsg<ReportStored>());
        }
        for (var again = 0; again < 2; again++)
        {
            Complete(job, 0.5, 1);
            Assert.Equal(new ReportStored(0, 1, 1), _node.FishForMessage<ReportStored>(_ => true));
        }
        _experiment.Tell(new StopExperiment("stopped", ""));
        var events = ToTheEnd();
        Assert.Equal([0.5, 1], events.OfType<ReportAccepted>().Select(report => report.Resource));
        Assert.Single(events.OfType<JobCompleted>());
    }

    [Fact]
    public void A_report_before_its_predecessor_is_not_acknowledged()
    {
        Start(Spec(max: 16), 1);
        var job = Job();
        Say(job, 1, null, new TrialReport(0.75, 0.9));
        Settle();
        Assert.False(_node.HasMessages);
        Say(job, 0, null, new TrialReport(0.5, 0.9));
        Assert.Equal(0, _node.ExpectMsg<ReportStored>().Message);
        Say(job, 1, null, new TrialReport(0.75, 0.9)); // The node sends it again.
        Assert.Equal(1, _node.ExpectMsg<ReportStored>().Message);
    }

    [Fact]
    public void A_lost_nodes_job_is_tried_again_elsewhere_without_using_up_a_retry_and_the_zombie_is_fenced()
    {
        var other = CreateTestProbe("other");
        Start(Spec(attempts: 1), 1);
        var job = Job();
        Grant(7, other);
        Assert.Equal(1, other.ExpectMsg<StartJob>().Trial);
        _experiment.Tell(new SlotsLost([0]), _supervisor);
        // Trial 1 is done: its slot takes the retry before anything else.
        _experiment.Tell(new NodeReport(new JobReport(1, 1, 0, [new TrialReport(1, 0.5)], new TrialEnding(EndingCause.Exited))), other);
        var again = other.FishForMessage<StartJob>(_ => true);
        Assert.Equal((0, 2, "node-lost", 0.0, 7), (again.Trial, again.Attempt, again.RetryReason, again.Start, again.Slot));
        // The dead node wakes and reports attempt 1: acknowledged, so that it stops asking, and not counted.
        Complete(job, 0.1);
        Assert.Equal(new ReportStored(0, 1, 0), _node.FishForMessage<ReportStored>(stored => stored.Trial == 0));
        _experiment.Tell(new NodeReport(new JobReport(0, 2, 0, [new TrialReport(1, 0.7)], new TrialEnding(EndingCause.Exited))), other);
        var events = Committed(happened => happened is JobCompleted { Trial: 0 });
        Assert.Equal(0.7, Assert.Single(events.OfType<JobCompleted>(), done => done.Trial == 0).Metric);
        Assert.Equal(["AttemptLost", "SlotLost", "SlotLeft"], events.Where(happened => happened is AttemptLost or SlotLost or SlotLeft).Select(happened => happened.GetType().Name));
        Assert.Empty(events.OfType<AttemptFailed>());
    }

    [Fact]
    public void A_missing_checkpoint_starts_the_job_again_from_nothing_and_is_no_failure()
    {
        Start(Spec(SchedulerType.Sha, trials: 2, attempts: 1), 1);
        Complete(Job(), 0.2);
        Complete(Job(), 0.1);
        var promoted = Job();
        Assert.Equal((1, 1.0, 2.0, new CheckpointRef(1, "at-1", 1)), (promoted.Trial, promoted.Start, promoted.Target, promoted.Checkpoint));
        Say(promoted, 0, new TrialEnding(EndingCause.CheckpointMissing));
        var again = Job();
        Assert.Equal((1, 3, 0.0, null, "checkpoint-missing"), (again.Trial, again.Attempt, again.Start, again.Checkpoint, again.RetryReason));
    }

    [Fact]
    public void A_job_that_keeps_failing_is_tried_max_attempts_times_and_counts_as_NaN()
    {
        Start(Spec(SchedulerType.Sha, trials: 2, attempts: 2), 1);
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var job = Job();
            Assert.Equal((0, attempt, attempt == 1 ? "" : "crash"), (job.Trial, job.Attempt, job.RetryReason));
            Say(job, 0, new TrialEnding(EndingCause.Crash, "signal 11"));
        }
        Complete(Job(), 5);
        // ⌊2/2⌋ = 1 goes up: trial 1, since NaN ranks last.
        Assert.Equal((1, 2.0), (Job().Trial, 2.0));
        var events = Committed(happened => happened is TrialPromoted);
        Assert.Equal([false, true], events.OfType<AttemptFailed>().Select(failed => failed.Last));
        Assert.Equal((1, 1, 2, 1), Assert.IsType<TrialPromoted>(events.Find(happened => happened is TrialPromoted)) is var up ? (up.Trial, up.Rank, up.Results, up.Candidates) : default);
    }

    [Fact]
    public void What_trials_report_while_a_run_stops_that_can_be_gone_on_with_counts()
    {
        Start(Spec(), 3);
        var (done, saves, slow) = (Job(), Job(), Job());
        _experiment.Tell(new StopExperiment("interrupted", "Ctrl-C"));
        Assert.Equal([done, saves, slow], [.. Enumerable.Range(0, 3).Select(_ => _node.ExpectMsg<EndJob>()).Select(end => new[] { done, saves, slow }.Single(job => job.Trial == end.Trial))]);
        Complete(done, 0.1);
        Say(saves, 0, null, new TrialReport(0.5, 0.3, "at-0.5"));
        Say(saves, 1, new TrialEnding(EndingCause.Stopped));
        Assert.Equal([new ReportStored(done.Trial, 1, 0), new ReportStored(saves.Trial, 1, 0), new ReportStored(saves.Trial, 1, 1)], Enumerable.Range(0, 3).Select(_ => _node.ExpectMsg<ReportStored>()).ToArray());
        Grant(3); // It gets nothing, nor do the slots that are idle.
        Settle();
        Assert.False(_node.HasMessages);
        Say(slow, 0, new TrialEnding(EndingCause.Stopped));
        var events = ToTheEnd();
        Assert.Equal(["JobCompleted", "ReportAccepted", "AttemptLost", "AttemptLost", "ExperimentEnded"],
            events.SkipWhile(happened => happened is not ExperimentStopping).Where(happened => happened is JobCompleted or ReportAccepted { Resource: 0.5 } or AttemptLost or JobCut or JobStarted or TrialPromoted or ExperimentEnded).Select(happened => happened.GetType().Name));
        Assert.Equal(("interrupted", "Ctrl-C"), events[^1] is ExperimentEnded end ? (end.Outcome, end.Reason) : default);
        Assert.All(events.OfType<AttemptLost>(), lost => Assert.Equal("stopped", lost.Cause));
    }

    [Fact]
    public void A_trial_that_runs_through_and_reaches_its_level_while_the_run_stops_goes_on_when_the_run_does()
    {
        Start(Spec(SchedulerType.Stopping, trials: 2), 2);
        var (one, other) = (Job(), Job());
        _experiment.Tell(new StopExperiment("paused", ""));
        Say(one, 0, new TrialEnding(EndingCause.LevelReached), new TrialReport(1, .1));
        Say(other, 0, new TrialEnding(EndingCause.Stopped));
        var events = ToTheEnd();
        Assert.Equal(one.Trial, events.OfType<TrialPromoted>().Single().Trial);
        var again = new ExperimentState();
        foreach (var happened in events.Append(new ExperimentResumed(events[^1].Time, new RunOrigin("", default, "", ""))))
            again.Apply(happened);
        Assert.Equal((TrialPhase.Pending, 1), (again.Trials[one.Trial].Phase, again.Trials[one.Trial].Rung));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_trial_that_does_not_end_is_not_awaited_for_ever_nor_when_asked_again(bool isAskedAgain)
    {
        Start(Spec(), 2);
        var (one, other) = (Job(), Job());
        _experiment.Tell(new StopExperiment("paused", ""));
        Complete(one, 0.1);
        Settle();
        if (isAskedAgain)
            _experiment.Tell(new StopExperiment("paused", ""));
        else
            Clock.MoveBy(AshaActors.ProcessesEndIn);
        var events = ToTheEnd();
        Assert.Equal(["JobCut", "ExperimentEnded"], events.TakeLast(2).Select(happened => happened.GetType().Name));
        Assert.Equal(other.Trial, events.OfType<JobCut>().Single().Trial);
        Assert.Equal("paused", ((ExperimentEnded)events[^1]).Outcome);
    }

    [Fact]
    public void A_stop_rule_that_is_met_while_the_run_stops_ends_it_for_good()
    {
        Start(Spec(stop: new StopSpec(Metric: 0.25)), 2);
        var (one, _) = (Job(), Job());
        _experiment.Tell(new StopExperiment("paused", ""));
        Complete(one, 0.25);
        Assert.Equal("stopped", ((ExperimentEnded)ToTheEnd()[^1]).Outcome);
    }

    [Fact]
    public void The_last_result_of_all_completes_a_run_that_was_being_stopped()
    {
        Start(Spec(max: 1, trials: 1), 1);
        var last = Job();
        _experiment.Tell(new StopExperiment("interrupted", ""));
        Complete(last, 0.25);
        Assert.Equal("completed", ((ExperimentEnded)ToTheEnd()[^1]).Outcome);
    }

    [Fact]
    public void Cancelling_cuts_the_jobs_and_late_results_change_nothing()
    {
        Start(Spec(), 2);
        var (one, other) = (Job(), Job());
        _experiment.Tell(new StopExperiment("cancelled", "Ctrl-C"));
        Assert.Equal([new EndJob(one.Trial, 1), new EndJob(other.Trial, 1)], [_node.ExpectMsg<EndJob>(), _node.ExpectMsg<EndJob>()]);
        Assert.Equal("run", _supervisor.FishForMessage<CloseExperiment>(_ => true).Experiment);
        var ended = ToTheEnd();
        Assert.Equal(["JobCut", "JobCut", "ExperimentEnded"], ended.TakeLast(3).Select(happened => happened.GetType().Name));
        Assert.Equal(("cancelled", "Ctrl-C"), ended[^1] is ExperimentEnded end ? (end.Outcome, end.Reason) : default);
        Complete(one, 0.1);
        Assert.Equal(new ReportStored(one.Trial, 1, 0), _node.ExpectMsg<ReportStored>());
        _experiment.Tell(new StopExperiment("stopped", "again"));
        Grant(5);
        Settle();
        Assert.False(_watcher.HasMessages || _node.HasMessages);
    }

    [Fact]
    public void Trials_are_counted_to_the_stop()
    {
        Start(Spec(trials: null, stop: new StopSpec(Trials: 3)), 1);
        for (var trial = 0; trial < 3; trial++)
            Complete(Job(), trial); // The second one makes trial 0 promotable: it runs between.
        Complete(Job(), 0);
        var ended = ToTheEnd();
        Assert.Equal(("stopped", "3 trials"), ended[^1] is ExperimentEnded end ? (end.Outcome, end.Reason) : default);
        Assert.Equal(3, RunRecord.Of(ended).State.Rungs[0].Completed);
    }

    [Fact]
    public void A_metric_that_is_reached_stops()
    {
        Start(Spec(trials: null, stop: new StopSpec(Metric: 0.25)), 2);
        var (one, other) = (Job(), Job());
        Complete(one, 0.26);
        Complete(Job(), 0.25);
        Assert.Equal("loss reached 0.25", ((ExperimentEnded)ToTheEnd()[^1]).Reason);
        Assert.Equal(other.Trial, _node.FishForMessage<EndJob>(_ => true).Trial);
    }

    [Fact]
    public void Resource_is_counted_to_the_stop_while_jobs_run()
    {
        Start(Spec(max: 16, stop: new StopSpec(Resource: 1.25)), 2);
        var (one, other) = (Job(), Job());
        Say(one, 0, null, new TrialReport(0.75, 1));
        Say(other, 0, null, new TrialReport(0.5, 1));
        Assert.Equal("1.25 units of epoch trained", ((ExperimentEnded)ToTheEnd()[^1]).Reason);
    }

    [Fact]
    public void Time_stops_an_experiment_in_which_nothing_else_happens()
    {
        Start(Spec(stop: new StopSpec(After: TimeSpan.FromHours(1))), 1);
        Job();
        Clock.MoveBy(TimeSpan.FromMinutes(59));
        Settle();
        Clock.MoveBy(TimeSpan.FromMinutes(1));
        var ended = (ExperimentEnded)ToTheEnd()[^1];
        Assert.Equal(("stopped", "after 3600 s", TimeSpan.FromHours(1)), (ended.Outcome, ended.Reason, ended.Time));
    }

    [Fact]
    public void Sha_promotes_all_at_its_barrier_even_when_no_slot_is_idle()
    {
        Start(Spec(SchedulerType.Sha, trials: 4), 1);
        for (var trial = 0; trial < 3; trial++)
            Complete(Job(), 1 - trial / 10.0);
        var last = Job();
        _experiment.Tell(new RecallSlot(0), _supervisor);
        Complete(last, 0.75);
        // The one slot went back in the same moment, and both promotions are decided all the same, in rank order: 0.75 and 0.8.
        Assert.Equal(0, _supervisor.FishForMessage<ReturnSlot>(_ => true).Slot);
        var events = Committed(happened => happened is TrialPromoted);
        Assert.Equal([(3, 1), (2, 2)], events.OfType<TrialPromoted>().Select(promotion => (promotion.Trial, promotion.Rank)));
        Assert.Equal(events.Last().Time, events.OfType<TrialPromoted>().First().Time);
        Grant(1);
        Assert.Equal((3, 2.0), Job() is var next ? (next.Trial, next.Target) : default);
    }

    [Fact]
    public void Sha_promotes_all_at_its_barrier_even_when_the_last_slot_is_gone()
    {
        Start(Spec(SchedulerType.Sha, trials: 4), 1);
        for (var trial = 0; trial < 3; trial++)
            Complete(Job(), 1 - trial / 10.0);
        Say(Job(), 0, new TrialEnding(EndingCause.Exited, Retires: "it still runs"), new TrialReport(1, .75, "at-1"));
        Assert.Equal([3, 2], Committed(happened => happened is TrialPromoted { Trial: 2 }).OfType<TrialPromoted>().Select(promotion => promotion.Trial));
    }

    [Fact]
    public void A_recalled_slot_goes_back_when_it_falls_idle_and_not_before()
    {
        Start(Spec(trials: null), 2);
        var (one, other) = (Job(), Job());
        _experiment.Tell(new RecallSlot(1), _supervisor);
        Complete(one, 0.5);
        Job(); // Slot 0 goes on.
        Settle();
        Assert.False(_supervisor.HasMessages);
        Complete(other, 0.5);
        Assert.Equal(new ReturnSlot("run", 1), _supervisor.ExpectMsg<ReturnSlot>());
        Assert.Contains(Committed(happened => happened is SlotLeft), happened => happened is SlotLeft { Slot: 1 });
    }

    [Fact]
    public void A_slot_with_nothing_to_do_is_parked_and_a_result_wakes_it()
    {
        Start(Spec(trials: 2, max: 2), 2);
        var (one, other) = (Job(), Job());
        Complete(one, 0.5); // ⌊1/2⌋ = 0: nothing for slot 0.
        Assert.Equal(new ParkSlot("run", 0), _supervisor.ExpectMsg<ParkSlot>());
        Complete(other, 0.75);
        var promoted = Job();
        Assert.Equal((0, 0, 2.0), (promoted.Trial, promoted.Slot, promoted.Target)); // The lowest idle slot, not the one that just fell idle.
        Assert.Equal(new ParkSlot("run", 1), _supervisor.FishForMessage<ParkSlot>(_ => true));
    }

    [Fact]
    public void A_parked_slot_that_is_used_again_is_told_so_that_nobody_takes_it_for_idle()
    {
        Start(Spec(SchedulerType.Sha, trials: 2, max: 2), 2);
        var (one, other) = (Job(), Job());
        Complete(one, 0.5);
        Assert.Equal(new ParkSlot("run", 0), _supervisor.ExpectMsg<ParkSlot>());
        Complete(other, 0.75);
        Assert.Equal(0, Job().Slot);
        Assert.Equal(new UseSlot("run", 0), _supervisor.ExpectMsg<UseSlot>());
        Assert.Equal(new ParkSlot("run", 1), _supervisor.ExpectMsg<ParkSlot>());
    }

    [Fact]
    public void An_experiment_that_lost_its_last_slot_to_others_asks_for_one_when_it_has_work()
    {
        Start(Spec(SchedulerType.Sha, trials: 2, max: 2), 2);
        var (one, other) = (Job(), Job());
        Complete(one, 0.5); // Slot 0 has nothing to do: the barrier.
        Complete(other, 0.75); // Trial 0 goes up, on slot 0; slot 1 has nothing to do.
        var promoted = Job();
        _experiment.Tell(new RecallSlot(0), _supervisor);
        _experiment.Tell(new RecallSlot(1), _supervisor);
        Assert.Equal(1, _supervisor.FishForMessage<ReturnSlot>(_ => true).Slot);
        Flush(_experiment);
        Assert.False(_supervisor.HasMessages); // One job, one slot: nothing more to do.
        Say(promoted, 0, new TrialEnding(EndingCause.Crash));
        Assert.Equal(0, _supervisor.ExpectMsg<ReturnSlot>().Slot);
        _supervisor.ExpectMsg<WantSlots>(); // For the retry; and once only.
        Settle();
        Assert.False(_supervisor.HasMessages);
        Grant(9);
        Assert.Equal((0, 3, 9), Job() is var again ? (again.Trial, again.Attempt, again.Slot) : default);
    }

    [Fact]
    public void Checkpoints_that_nobody_needs_are_released_and_the_best_trials_is_kept()
    {
        Start(Spec(SchedulerType.Sha, trials: 4, max: 2), 1);
        var first = Job();
        Say(first, 0, new TrialEnding(EndingCause.Exited), new TrialReport(.5, .9, "at-half"), new TrialReport(1, .4, "at-1"));
        double[] metrics = [0.1, double.NaN, 0.2];
        foreach (var metric in metrics)
            Complete(Job(), metric);
        foreach (var metric in new[] { 0.3, 0.05 }) // Trials 1 and 3 go up; 3 wins.
            Complete(Job(), metric);
        _supervisor.FishForMessage<CloseExperiment>(_ => true);
        Settle(); // The last of it is said after the supervisor was told.
        while (_node.HasMessages)
            _told.Add(_node.ExpectMsg<IWireMessage>());
        var released = _told.OfType<ReleaseCheckpoints>().ToArray();
        // With each finite result, all from before, if there was any; then everything of trials that are out of the race, and never anything of trial 3 altogether.
        Assert.Equal([0, 1, 3], released.Where(release => release.Keep is not null).Select(release => release.Trial));
        Assert.Equal([0, 1, 2], released.Where(release => release.Keep is null).Select(release => release.Trial).Distinct().Order());
        // Not what a later attempt may be writing when this arrives.
        Assert.All(released.Where(release => release.Keep is null), release => Assert.True(release.Attempts >= 1));
    }

    [Theory]
    // Its result ends the experiment; or it is not among the best of its rung.
    [InlineData(.1, .2)]
    [InlineData(.1, null)]
    public void A_trial_that_runs_on_at_its_level_is_ended_where_it_does_not_go_on(double first, double? wanted)
    {
        Start(Spec(SchedulerType.Stopping, trials: 2, stop: new StopSpec(Metric: wanted)), 2);
        var (one, two) = (Job(), Job());
        Assert.Equal((1.0, 4.0), (one.Target, one.Goal));
        Say(one, 0, new TrialEnding(EndingCause.LevelReached), new TrialReport(1, first));
        if (wanted is null)
        {
            var next = Job();
            Assert.Equal((one.Trial, 2, one.Slot, true), (next.Trial, next.Attempt, next.Slot, next.GoesOn));
            Say(two, 0, new TrialEnding(EndingCause.LevelReached), new TrialReport(1, first + 1));
            Assert.Equal(new EndJob(two.Trial, 1), _node.FishForMessage<EndJob>(_ => true));
        }
        else
        {
            Assert.Equal([0, 1], Enumerable.Range(0, 2).Select(_ => _node.FishForMessage<EndJob>(_ => true).Trial).Order());
        }
    }

    [Fact]
    public void A_trial_that_was_given_up_with_its_node_and_still_runs_on_at_its_level_is_ended_for_it_holds_its_slot()
    {
        Start(Spec(SchedulerType.Stopping, trials: 2), 1);
        var job = Job();
        _experiment.Tell(new SlotsUnreachable([0]), _supervisor);
        Say(job, 0, new TrialEnding(EndingCause.LevelReached), new TrialReport(1, .1));
        Assert.Equal(new EndJob(job.Trial, 1), _node.FishForMessage<EndJob>(_ => true));
    }

    [Fact]
    public void What_a_trial_left_on_another_node_is_released_as_well()
    {
        var other = CreateTestProbe("other");
        Start(Spec(SchedulerType.Sha, trials: 2, max: 2), 1);
        var first = Job();
        // It leaves a checkpoint on the first node, which is lost for a while, and goes on elsewhere.
        Complete(first, .1);
        var second = Job();
        Complete(second, .2);
        var promoted = Job();
        Assert.Equal(first.Trial, promoted.Trial);
        _experiment.Tell(new SlotsLost([0]), _supervisor);
        Grant(1, other);
        var again = other.FishForMessage<StartJob>(_ => true);
        _experiment.Tell(new NodeReport(new JobReport(again.Trial, again.Attempt, 0, [new TrialReport(2, .05, "at-2")], new TrialEnding(EndingCause.Exited))), other);
        other.FishForMessage<ReleaseCheckpoints>(release => release.Trial == first.Trial);
        _node.FishForMessage<ReleaseCheckpoints>(release => release.Trial == first.Trial && release.Keep?.Attempt == again.Attempt);
    }

    [Fact]
    public void With_mode_max_the_highest_goes_up_and_is_told_as_it_was_reported()
    {
        var spec = Spec(SchedulerType.Sha, trials: 2, max: 2);
        Start(spec with { Metric = new MetricSpec("accuracy", MetricMode.Max) }, 1);
        Complete(Job(), 0.25);
        Complete(Job(), 0.75);
        Assert.Equal(1, Job().Trial);
        var promotion = Committed(happened => happened is TrialPromoted).OfType<TrialPromoted>().Single();
        Assert.Equal((0.75, 0.75), (promotion.Metric, promotion.CutOff));
    }

    [Fact]
    public void A_trial_is_given_its_seed_and_parameters_again_in_every_attempt()
    {
        Start(Spec(), 1);
        var first = Job();
        Say(first, 0, new TrialEnding(EndingCause.Silence));
        var second = Job();
        Assert.Equal((first.Seed, first.Parameters.ToString(), "silence"), (second.Seed, second.Parameters.ToString(), second.RetryReason));
    }
}
