using Akka.Actor;
using Akka.TestKit;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;
using Asha.Core.Tests;

namespace Asha.Actors.Tests;

/// <summary>Several nodes have checkpoints, each its own: who starts a trial hears from where, and who has one that is needed no longer is told so, also by an experiment that has been taken over and knows no more than its journal.</summary>
public sealed class CheckpointHolderTests : ActorTest
{
    private readonly TestProbe _supervisor, _journal, _watcher, _a, _b;

    public CheckpointHolderTests() => (_supervisor, _journal, _watcher, _a, _b)
        = (CreateTestProbe("supervisor"), CreateTestProbe("journal"), CreateTestProbe("watcher"), CreateTestProbe("a"), CreateTestProbe("b"));

    private static long Told(int counter) => (2L << 32) + counter;

    /// <summary>Trial 0 has a result and a checkpoint on node-a, trial 1 runs on node-b; who goes on with it by the journal's events.</summary>
    private IActorRef TakesOver()
    {
        var experiment = new Experiment(TableWorld.Spec(SchedulerType.Sha, 2, 1, 2, 2), Origins.Run("run"));
        experiment.Join(TimeSpan.FromSeconds(1), 0, "node-a", DateTimeOffset.UnixEpoch, "a.example.org:7620");
        experiment.Join(TimeSpan.FromSeconds(1), 1, "node-b", DateTimeOffset.UnixEpoch, "b.example.org:7620");
        for (var trial = 0; trial < 2; trial++)
        {
            experiment.Sample(TimeSpan.FromSeconds(1));
            experiment.Start(TimeSpan.FromSeconds(1), trial);
        }
        experiment.Receive(TimeSpan.FromSeconds(2), new JobReport(0, 1, 0, [new TrialReport(1, 0.1, "at-1")], new TrialEnding(EndingCause.Exited)));
        var before = experiment.TakeDecided();
        Props Journal(JournalOpening _) => OpenedJournal.Props(_journal, true, new JournalOpened(1, before));
        return Sys.ActorOf(ExperimentActor.Props(new ExperimentSetup(experiment.State.Spec, Origins.Run("run"), 1, _supervisor, Journal, _watcher)
        {
            Resumes = true, TakesOver = true, IsClustered = true, ResendInterval = TimeSpan.FromSeconds(5), Time = new StandingClock(DateTimeOffset.UnixEpoch.AddMinutes(1)),
        }), "run");
    }

    [Fact]
    public void After_a_takeover_a_start_says_who_has_the_checkpoint_and_releases_wait_for_whoever_has_it()
    {
        var run = TakesOver();
        run.Tell(new SlotsLost([0], Told(1)), _supervisor);
        run.Tell(new GrantSlots([new GrantSlot(1, "node-b", _b.Ref, 0, 1, Told(1))], Told(2)), _supervisor);
        Assert.Equal(1, _b.ExpectMsg<StartJob>().Trial);
        run.Tell(new NodeReport(new JobReport(1, 1, 0, [new TrialReport(1, 0.2)], new TrialEnding(EndingCause.Exited))), _b);
        var moved = _b.FishForMessage<StartJob>(start => start.Trial == 0);
        Assert.Equal((2, new CheckpointRef(1, "at-1", 1), "a.example.org:7620"), (moved.Attempt, moved.Checkpoint, moved.Holder));
        // It has a result there: what it had before is needed no longer, neither what was fetched nor where that came from.
        run.Tell(new NodeReport(new JobReport(0, 2, 0, [new TrialReport(2, 0.1, "at-2")], new TrialEnding(EndingCause.Exited))), _b);
        Assert.Equal((0, 2), _b.FishForMessage<ReleaseCheckpoints>(_ => true) is var there ? (there.Trial, there.Keep!.Attempt) : default);
        Assert.False(_a.HasMessages);
    }

    [Fact]
    public void A_node_that_is_met_again_hears_what_it_was_to_delete_and_one_that_never_had_it_does_not()
    {
        var c = CreateTestProbe("c");
        var run = TakesOver();
        run.Tell(new SlotsLost([0], Told(1)), _supervisor);
        run.Tell(new GrantSlots([new GrantSlot(1, "node-b", _b.Ref, 0, 1, Told(1))], Told(2)), _supervisor);
        _b.ExpectMsg<StartJob>();
        // Trial 1 is the better one, and nothing goes on from trial 0, which node-a alone has. Node-b gets the next job.
        run.Tell(new NodeReport(new JobReport(1, 1, 0, [new TrialReport(1, 0.05, "at-1")], new TrialEnding(EndingCause.Exited))), _b);
        var next = _b.FishForMessage<StartJob>(start => start.Attempt == 2);
        Assert.Equal((1, "b.example.org:7620"), (next.Trial, next.Holder));
        run.Tell(new GrantSlots([new GrantSlot(5, "node-c", c.Ref, 0, 1, Told(2)), new GrantSlot(6, "node-a", _a.Ref, 0, 2, Told(3), Files: "a.example.org:7621")], Told(3)), _supervisor);
        var release = _a.FishForMessage<ReleaseCheckpoints>(_ => true);
        Assert.Equal((0, null, 1, "run"), (release.Trial, release.Keep, release.Attempts, release.Run));
        Flush(run);
        Assert.False(c.HasMessages);
        while (_b.HasMessages)
            Assert.NotEqual(0, (_b.ExpectMsg<IWireMessage>() as ReleaseCheckpoints)?.Trial);
    }

    [Fact]
    public void Where_a_node_hands_out_checkpoints_goes_from_its_joining_into_the_journal()
    {
        var supervisor = Sys.ActorOf(SupervisorActor.Props());
        supervisor.Tell(new OpenExperiment("run", 1), _watcher);
        supervisor.Tell(new JoinNode("node-a", 1, Files: "a.example.org:7620"), _a);
        Assert.Equal("a.example.org:7620", Assert.Single(_watcher.ExpectMsg<GrantSlots>().Slots).Files);

        var experiment = new Experiment(TableWorld.Spec(SchedulerType.Sha, 2, 1, 2, 2), Origins.Run("run"));
        experiment.Join(TimeSpan.Zero, 0, "node-a", files: "a.example.org:7620");
        Assert.Equal("a.example.org:7620", experiment.State.Nodes.FilesOf("node-a"));
        experiment.Join(TimeSpan.Zero, 7, "node-a", files: "a.example.org:7621"); // It was started again.
        Assert.Equal("a.example.org:7621", RunRecord.Of([.. experiment.TakeDecided()]).State.Nodes.FilesOf("node-a"));
    }

    [Fact]
    public void The_node_of_each_attempt_is_known()
    {
        var experiment = new Experiment(TableWorld.Spec(SchedulerType.Sha, 2, 1, 2, 2), Origins.Run("run"));
        experiment.Join(TimeSpan.Zero, 0, "node-a");
        experiment.Sample(TimeSpan.Zero);
        experiment.Start(TimeSpan.Zero, 0);
        experiment.Lose(TimeSpan.Zero, [0]);
        experiment.Join(TimeSpan.Zero, 1, "node-b");
        experiment.Start(TimeSpan.Zero, 0);
        var trial = experiment.State.Trials[0];
        Assert.Equal([null, "node-a", "node-b", "node-b"], Enumerable.Range(0, 4).Select(trial.NodeOf));
        Assert.Equal("node-b", trial.Node);
    }
}
