using Akka.Actor;
using Akka.TestKit;
using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;
using Asha.Core.Tests;

namespace Asha.Actors.Tests;

/// <summary>The wiring of one machine, with all its actors and a journal on disk, and trials that the test plays.</summary>
public sealed class LocalWiringTests : ActorTest
{
    private static readonly double[] Mixed = [.30, .70, .80, .60, .90, .20, .50, .10, .40];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("asha-wiring-");
    private readonly TestProbe _watcher;

    public LocalWiringTests() => _watcher = CreateTestProbe();

    private string Journal => Path.Combine(_folder.FullName, "events.jsonl");

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _folder.Delete(recursive: true);
    }

    private IActorRef Start(ExperimentSpec spec, int slots, ITrialRunner runner, Props? journal = null) => AshaActors.StartLocal(
        Sys,
        new NodeSetup("local", [.. Enumerable.Range(0, slots).Select(cpu => new SlotResources([cpu], []))], TrialSlot.Running(runner), _ => Task.CompletedTask, TimeSpan.FromSeconds(5)),
        (supervisor, watcher) => new ExperimentSetup(spec, Origins.Run("run"), 1, supervisor, _ => journal ?? EventFileActor.Props(Journal), watcher),
        Forwarder.Props(_watcher));

    private List<ExperimentEvent> ToTheEnd()
    {
        var events = new List<ExperimentEvent>();
        while (events.Count == 0 || events[^1] is not ExperimentEnded)
            events.AddRange(_watcher.FishForMessage<EventsCommitted>(_ => true).Events);
        return events;
    }

    private static string Sequence(IEnumerable<ExperimentEvent> events)
        => string.Join(' ', events.OfType<JobStarted>().Select(job => $"{job.Trial + 1}@{job.Rung}"));

    [Theory]
    // The paper's algorithms by hand, as for the core alone: one slot, η = 3, nine trials, trial from 1 @ rung.
    [InlineData(SchedulerType.Asha, "mixed", "1@0 2@0 3@0 1@1 4@0 5@0 6@0 6@1 7@0 8@0 8@1 8@2 9@0")]
    [InlineData(SchedulerType.Sha, "mixed", "1@0 2@0 3@0 4@0 5@0 6@0 7@0 8@0 9@0 8@1 6@1 1@1 8@2")]
    [InlineData(SchedulerType.Asha, "worse", "1@0 2@0 3@0 1@1 4@0 5@0 6@0 2@1 7@0 8@0 9@0 3@1 1@2")]
    [InlineData(SchedulerType.Asha, "better", "1@0 2@0 3@0 3@1 4@0 4@1 5@0 5@1 5@2 6@0 6@1 6@2 7@0 7@1 7@2 8@0 8@1 8@2 9@0 9@1 9@2")]
    public void One_slot_gives_the_papers_sequence(SchedulerType type, string losses, string sequence)
    {
        var runner = new InstantRunner(launch => losses switch
        {
            "mixed" => Mixed[launch.Trial],
            "worse" => launch.Trial / 10.0,
            _ => 1 - launch.Trial / 10.0,
        });
        Start(TableWorld.Spec(type, 3, 1, 9, 9), 1, runner);
        var events = ToTheEnd();
        Assert.Equal(sequence, Sequence(events));
        Assert.Equal("completed", ((ExperimentEnded)events[^1]).Outcome);
        // What was told is what the journal holds, in this order, and folds to the same state.
        Assert.Equal(events.Skip(1).Select(happened => happened.ToString()), EventLines.ReadAll(Journal).Skip(1).Select(happened => happened.ToString()));
    }

    [Theory]
    [InlineData(SchedulerType.Sha)]
    [InlineData(SchedulerType.Asha)]
    public void Four_slots_follow_the_rules_in_whatever_order_results_come(SchedulerType type)
    {
        // Real threads decide the order here; the rules hold for any.
        Start(TableWorld.Spec(type, 4, 1, 64, 64), 4, new InstantRunner(launch => launch.Trial * 37 % 64));
        var events = ToTheEnd();
        var promotions = PromotionAudit.Check(events);
        var record = RunRecord.Of(events);
        Assert.Equal(64, record.State.Rungs[0].Completed);
        if (type == SchedulerType.Sha)
        {
            Assert.Equal(21, promotions);
            Assert.Equal([64, 16, 4, 1], record.State.Rungs.Select(rung => rung.Completed));
        }
        Assert.Equal(64, record.State.Trials.Count);
        Assert.Equal(0, record.State.Best!.Trial); // 0·37 mod 64 = 0: the best of all wherever it stands.
    }

    [Fact]
    public void What_comes_again_and_again_while_the_disk_is_slow_counts_once()
    {
        var (journal, trials) = (CreateTestProbe(), CreateTestProbe());
        var experiment = Start(TableWorld.Spec(SchedulerType.Asha, 2, 1, 4, 2), 1, new ScriptedRunner(trials), ProbeJournal.Props(journal, confirms: false));
        var batch = journal.FishForMessage<AppendEvents>(append => append.Events.Any(happened => happened is JobStarted)).Batch;
        var writer = Child(experiment, "journal-1");
        writer.Tell(new Confirm(batch));
        trials.ExpectMsg<Launched>().Complete(0.5);
        batch = journal.FishForMessage<AppendEvents>(append => append.Events.Any(happened => happened is JobCompleted)).Batch;
        for (var again = 0; again < 5; again++)
            Clock.MoveBy(TimeSpan.FromSeconds(5)); // Nobody has acknowledged it: the node asks again, and is heard; but there is nothing new to write.
        Flush(experiment);
        Assert.False(journal.HasMessages);
        writer.Tell(new Confirm(batch));
        Assert.Equal(1, trials.ExpectMsg<Launched>().Launch.Trial); // The one slot goes on, once.
        _watcher.FishForMessage<EventsCommitted>(committed => committed.Events.Any(happened => happened is JobCompleted));
        Clock.MoveBy(TimeSpan.FromSeconds(50));
        Flush(experiment);
        Assert.False(journal.HasMessages || trials.HasMessages);
    }

    [Fact]
    public void A_journal_that_cannot_be_opened_ends_the_run_with_its_cause()
    {
        File.WriteAllText(Journal, "");
        var experiment = Start(TableWorld.Spec(SchedulerType.Sha, 3, 1, 9, 9), 1, new InstantRunner(_ => 0));
        Watch(experiment);
        Assert.Contains("already exists", _watcher.FishForMessage<EngineFailed>(_ => true).Message);
        ExpectTerminated(experiment);
    }

    [Fact]
    public async Task Shutting_down_ends_the_trials()
    {
        var trials = CreateTestProbe();
        var runner = new ScriptedRunner(trials);
        Start(TableWorld.Spec(SchedulerType.Sha, 3, 1, 9, 9), 2, runner);
        var (one, other) = (trials.ExpectMsg<Launched>(), trials.ExpectMsg<Launched>());
        await CoordinatedShutdown.Get(Sys).Run(CoordinatedShutdown.ClrExitReason.Instance);
        Assert.True(one.IsStopped && other.IsStopped);
        Assert.Equal(2, runner.Count); // None was started in place of the others.
    }
}
