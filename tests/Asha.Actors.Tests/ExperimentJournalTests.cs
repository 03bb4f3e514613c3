using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;

namespace Asha.Actors.Tests;

/// <summary>What an experiment says, and not before its journal has confirmed; what is acknowledged, and what counts of what comes again or late.</summary>
public sealed class ExperimentJournalTests : ExperimentTest
{
    [Fact]
    public void Nothing_is_said_before_the_journal_has_it()
    {
        // Law 5, for jobs and for acknowledgements.
        Start(Spec(), 1, confirms: false);
        var journal = TheJournal;
        Assert.IsType<ExperimentStarted>(Assert.Single(Append().Events));
        Assert.Equal(["SlotJoined", "TrialSampled", "JobStarted"], Append().Events.Select(happened => happened.GetType().Name));
        Settle();
        Assert.False(Node.HasMessages || Watcher.HasMessages);
        journal.Tell(new Confirm(1));
        Assert.IsType<ExperimentStarted>(Assert.Single(Watcher.ExpectMsg<EventsCommitted>().Events));
        Settle();
        Assert.False(Node.HasMessages);
        journal.Tell(new Confirm(2));
        var job = Node.ExpectMsg<StartJob>();
        Assert.Equal((0, 0, 1, "", 0.0, 1.0), (job.Slot, job.Trial, job.Attempt, job.RetryReason, job.Start, job.Target));
        Watcher.ExpectMsg<EventsCommitted>();

        Complete(job, 0.5);
        Assert.Equal(["ReportAccepted", "JobCompleted", "TrialSampled", "JobStarted"], Append().Events.Select(happened => happened.GetType().Name));
        Settle();
        Assert.False(Node.HasMessages || Watcher.HasMessages);
        journal.Tell(new Confirm(3));
        Assert.Equal(new ReportStored(0, 1, 0), Node.ExpectMsg<ReportStored>());
        Assert.Equal(1, Node.ExpectMsg<StartJob>().Trial);
    }

    [Fact]
    public void One_confirmation_lets_out_all_batches_up_to_it_in_order()
    {
        Start(Spec(trials: null), 3, confirms: false);
        for (var batch = 0; batch < 4; batch++)
            Append();
        TheJournal.Tell(new Confirm(4));
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(_ => Node.ExpectMsg<StartJob>().Trial));
        Assert.Equal(["ExperimentStarted", "SlotJoined", "SlotJoined", "SlotJoined"],
            Enumerable.Range(0, 4).Select(_ => Watcher.ExpectMsg<EventsCommitted>().Events[0].GetType().Name));
    }

    [Fact]
    public void A_journal_that_fails_ends_the_experiment_and_lets_nothing_out()
    {
        Start(Spec(), 1, confirms: false);
        Watch(Experiment);
        TheJournal.Tell(new BreakDown("No space left on device"));
        Assert.Equal("No space left on device", Watcher.ExpectMsg<EngineFailed>().Message);
        ExpectTerminated(Experiment);
        Assert.False(Node.HasMessages);
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
        Assert.False(Journal.HasMessages || Node.HasMessages); // Nothing of it is written again.
        TheJournal.Tell(new Confirm(batch));
        Assert.Equal(new ReportStored(0, 1, 0), Node.ExpectMsg<ReportStored>());
        Assert.IsType<StartJob>(Node.ExpectMsg<IWireMessage>());
        Settle();
        Assert.False(Node.HasMessages);
        // Whoever asks later is answered again.
        Complete(job, 0.5);
        Assert.Equal(new ReportStored(0, 1, 0), Node.ExpectMsg<ReportStored>());
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
        Props Made(JournalOpening opening) => second is null && opening.Known == long.MaxValue
            ? ProbeJournal.Props(Journal, confirms: false)
            : Returned.Props(Journal, Opened(second = opening));
        AppendEvents written = null!;
        Experiment = Sys.ActorOf(ExperimentActor.Props(new ExperimentSetup(Spec(), Origins.Run("run"), 3, Supervisor, Made, Watcher, Clock.Elapsed)), "experiment");
        Grant(0);
        var first = Append().Batch;
        written = Append();
        TheJournal.Tell(new Confirm(first));
        Watch(Experiment);
        Watcher.ExpectMsg<EventsCommitted>();
        TheJournal.Tell(PoisonPill.Instance);
        Watcher.ExpectMsg<JournalStalled>();
        Flush(Experiment); // It waits for the next journal.
        Clock.MoveBy(TimeSpan.FromSeconds(1));
        if (failure is null)
        {
            Watcher.FishForMessage<EventsCommitted>(_ => true);
            Assert.Equal(0, Node.ExpectMsg<StartJob>().Trial);
        }
        else
        {
            Assert.StartsWith(failure, Watcher.FishForMessage<EngineFailed>(_ => true).Message);
            ExpectTerminated(Experiment);
            Assert.False(Node.HasMessages);
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
        Watch(Experiment);
        Job();
        // It has nobody to promote.
        Sys.ActorSelection(Experiment.Path / "rung-0").Tell(new PromoteHead(4));
        Assert.Contains("no trial to promote", Watcher.FishForMessage<EngineFailed>(_ => true).Message);
        ExpectTerminated(Experiment);
    }

    [Fact]
    public void A_report_that_comes_again_is_acknowledged_again_and_counted_once()
    {
        Start(Spec(max: 16), 1);
        var job = Job();
        for (var again = 0; again < 3; again++)
        {
            Say(job, 0, null, new TrialReport(0.5, 0.9));
            Assert.Equal(new ReportStored(0, 1, 0), Node.ExpectMsg<ReportStored>());
        }
        for (var again = 0; again < 2; again++)
        {
            Complete(job, 0.5, 1);
            Assert.Equal(new ReportStored(0, 1, 1), Node.FishForMessage<ReportStored>(_ => true));
        }
        Experiment.Tell(new StopExperiment("stopped", ""));
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
        Assert.False(Node.HasMessages);
        Say(job, 0, null, new TrialReport(0.5, 0.9));
        Assert.Equal(0, Node.ExpectMsg<ReportStored>().Message);
        Say(job, 1, null, new TrialReport(0.75, 0.9)); // The node sends it again.
        Assert.Equal(1, Node.ExpectMsg<ReportStored>().Message);
    }

    [Fact]
    public void A_lost_nodes_job_is_tried_again_elsewhere_without_using_up_a_retry_and_the_zombie_is_fenced()
    {
        var other = CreateTestProbe("other");
        Start(Spec(attempts: 1), 1);
        var job = Job();
        Grant(7, other);
        Assert.Equal(1, other.ExpectMsg<StartJob>().Trial);
        Experiment.Tell(new SlotsLost([0]), Supervisor);
        // Trial 1 is done: its slot takes the retry before anything else.
        Experiment.Tell(new NodeReport(new JobReport(1, 1, 0, [new TrialReport(1, 0.5)], new TrialEnding(EndingCause.Exited))), other);
        var again = other.FishForMessage<StartJob>(_ => true);
        Assert.Equal((0, 2, "node-lost", 0.0, 7), (again.Trial, again.Attempt, again.RetryReason, again.Start, again.Slot));
        // The dead node wakes and reports attempt 1: acknowledged, so that it stops asking, and not counted.
        Complete(job, 0.1);
        Assert.Equal(new ReportStored(0, 1, 0), Node.FishForMessage<ReportStored>(stored => stored.Trial == 0));
        Experiment.Tell(new NodeReport(new JobReport(0, 2, 0, [new TrialReport(1, 0.7)], new TrialEnding(EndingCause.Exited))), other);
        var events = Committed(happened => happened is JobCompleted { Trial: 0 });
        Assert.Equal(0.7, Assert.Single(events.OfType<JobCompleted>(), done => done.Trial == 0).Metric);
        Assert.Equal(["AttemptLost", "SlotLost", "SlotLeft"], events.Where(happened => happened is AttemptLost or SlotLost or SlotLeft).Select(happened => happened.GetType().Name));
        Assert.Empty(events.OfType<AttemptFailed>());
    }
}
