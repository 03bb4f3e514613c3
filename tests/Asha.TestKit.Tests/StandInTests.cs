using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Core.Scheduling;
using Asha.Core.Spaces;
using Asha.Core.Utilization;

namespace Asha.TestKit.Tests;

/// <summary>A probe plays each of a run's actors, the others being Asha's own.</summary>
public sealed class StandInTests : AshaTestKit
{
    // Rungs at 1 and 2; a second for each unit; trial 0 is the best.
    private static readonly Scenario _small = Scenario.Sha(trials: 4, reductionFactor: 2).Resource(1, 2);

    [Fact]
    public void A_node_that_never_answers_holds_its_job_for_ever()
    {
        var node = CreateTestProbe();
        var run = Start(_small.Nodes(new Node(), new Node()), new StandIns { Nodes = { [1] = node } });

        // Slots are served lowest first: slot 0 of node-0 gets trial 0, slot 1, which is the probe's, trial 1.
        Assert.Equal(1, node.ExpectMsg<StartJob>().Trial);
        Assert.Equal(run.Experiment, node.Sender);
        // Slot 0 does trials 0, 2 and 3, a second each, and then waits for trial 1.
        run.RunUntil(1000);
        run.AssertRung(0, started: 4, completed: 3, promoted: 0);
        run.AssertIdle(slot: 0, at: 3, IdleCause.RungBarrier);
        run.AssertBusy(slot: 1, at: 999, trial: 1);
        node.ExpectNoMsg(TimeSpan.Zero);

        // It answers after all: trials 0 and 1 go on, a second each, both on slot 0 and on the probe.
        node.Send(run.Experiment, new NodeReport(new JobReport(1, 1, 0, [new TrialReport(1, 1)], new TrialEnding(EndingCause.Exited))));
        node.ExpectMsg<ReportStored>();
        var goesOn = node.ExpectMsg<StartJob>();
        Assert.Equal((1, 0.0, 2.0), (goesOn.Trial, goesOn.Start, goesOn.Target));
        run.RunUntil(1001);
        run.AssertRan(trial: 0, rung: 1, from: 1000, to: 1001, slot: 0);
        Assert.Contains("has not answered", Assert.Throws<Xunit.Sdk.XunitException>(run.RunToEnd).Message);
    }

    [Fact]
    public void As_the_document_shows_it()
    {
        var node = CreateTestProbe();
        var run = Start(Scenario.Sha(trials: 4, reductionFactor: 2).Nodes(new Node(), new Node()), new StandIns { Nodes = { [1] = node } });
        var job = node.ExpectMsg<StartJob>();
        run.RunUntil(1000);
        run.AssertIdle(slot: 0, at: 999, IdleCause.RungBarrier);
        // It answers after all: one message, number 0 of this attempt, brings the result and the ending.
        node.Send(run.Experiment, new NodeReport(new JobReport(job.Trial, job.Attempt, 0, [new TrialReport(job.Target, .5)], new TrialEnding(EndingCause.Exited))));
        node.ExpectMsg<ReportStored>();
        run.AssertPromotedFrom(0, 0, 1);
    }

    [Fact]
    public void A_node_that_hangs_and_dies_gives_its_job_back()
    {
        var node = CreateTestProbe();
        var run = Start(_small.Nodes(new Node(), new Node().Dies(10, removedAfter: 5)), new StandIns { Nodes = { [1] = node } }).RunToEnd();

        node.ExpectMsg<StartJob>();
        // Trial 1 hangs from 0 to 10 s. Then slot 0, which has waited from 3 s on, does it again: 1 s; then trials 0 and 1 at rung 1, a second each.
        run.AssertRan(trial: 1, rung: 0, from: 0, to: 10, node: "node-1");
        run.AssertSlot(0, (0, 0, 0, 1), (2, 0, 1, 2), (3, 0, 2, 3), (1, 0, 10, 11), (0, 1, 11, 12), (1, 1, 12, 13));
        run.AssertIdleTime(IdleCause.RungBarrier, 7);
        run.AssertIdleTime(IdleCause.NodeLost, 3);
        run.AssertEnd(13);
    }

    [Fact]
    public void A_probe_as_supervisor_hands_out_the_slots()
    {
        var supervisor = CreateTestProbe();
        var run = Start(_small, new StandIns { Supervisor = supervisor });

        Assert.Equal("scenario", supervisor.ExpectMsg<OpenExperiment>().Experiment);
        Assert.Equal(new JoinNode("node-0", 1, Joining: 1), supervisor.ExpectMsg<JoinNode>());
        Assert.Equal(run.Node(0), supervisor.Sender);
        run.RunUntil(7);
        Assert.Empty(run.Events.OfType<JobStarted>());
        supervisor.Send(run.Experiment, new GrantSlots([new GrantSlot(3, "node-0", run.Node(0), 0)]));
        run.RunToEnd();
        // Four trials of a second from 7 s on, then the best 4 / 2 = 2 for a second more, all in slot 3.
        run.AssertSlot(3, (0, 0, 7, 8), (1, 0, 8, 9), (2, 0, 9, 10), (3, 0, 10, 11), (0, 1, 11, 12), (1, 1, 12, 13));
        run.AssertEnd(13);
        supervisor.FishForMessage(message => message is CloseExperiment);
    }

    [Fact]
    public void A_probe_as_watcher_hears_every_event()
    {
        var watcher = CreateTestProbe();
        var run = Start(_small, new StandIns { Watcher = watcher }).RunToEnd();

        var heard = new List<ExperimentEvent>();
        while (watcher.HasMessages)
            heard.AddRange(watcher.ExpectMsg<EventsCommitted>().Events);
        Assert.Equal(run.Experiment, watcher.Sender);
        Assert.Equal(run.Events, heard);
        Assert.IsType<ExperimentEnded>(heard[^1]);
    }

    [Fact]
    public void A_probe_as_rung_decides_who_is_promoted()
    {
        var rung = CreateTestProbe();
        var run = Start(Scenario.Asha(trials: 2, reductionFactor: 2).Resource(1, 2), new StandIns { Rung = (_, number) => number == 0 ? rung.Ref : null });

        // The first result: the experiment waits for the rung, and nothing else is decided.
        run.RunUntil(50);
        var asked = rung.ExpectMsg<RankResult>();
        Assert.Equal((0, 0.0), (asked.Trial, asked.Metric));
        Assert.Empty(run.Events.OfType<TrialPromoted>());
        // One result of two: nobody could be promoted yet. This rung says otherwise, and is believed.
        var head = new RungHead(Trial: 0, Metric: 0, Rank: 1, Results: 1, Candidates: 1, CutOff: 0);
        rung.Reply(new RungStanding(0, 0, null, head, []));
        rung.ExpectMsg<PromoteHead>();
        rung.Reply(new RungStanding(0, 0, head, null, []));
        run.AssertPromoted(trial: 0, rung: 0, at: 50);
        // The other half of its resource takes a second.
        run.RunUntil(51);
        run.AssertRan(trial: 0, rung: 1, from: 50, to: 51);
    }

    [Fact]
    public void A_probe_as_experiment_gets_slots_from_the_supervisor()
    {
        var experiment = CreateTestProbe();
        var run = Start(_small.Slots(2), new StandIns { Experiment = experiment });

        experiment.Send(run.Supervisor, new OpenExperiment("mine", 1));
        var granted = experiment.ExpectMsg<GrantSlots>().Slots;
        Assert.Equal([0, 1], granted.Select(grant => grant.Slot));
        Assert.All(granted, grant => Assert.Equal(run.Node(0), grant.Address));
        Assert.Equal(run.Supervisor, experiment.Sender);
        experiment.Send(run.Supervisor, new CloseExperiment("mine"));
        // The slots are free for the next one.
        var next = CreateTestProbe();
        next.Send(run.Supervisor, new OpenExperiment("next", 1));
        Assert.Equal(2, next.ExpectMsg<GrantSlots>().Slots.Count);
    }

    [Fact]
    public void A_probe_as_experiment_runs_jobs_on_a_node()
    {
        var experiment = CreateTestProbe();
        var run = Start(_small.Slots(2), new StandIns { Experiment = experiment });

        experiment.Send(run.Node(0), new StartJob(0, Trial: 7, Attempt: 1, "", Seed: 1, Configuration.Empty, Start: 0, Target: 2));
        // Two units of resource, a second each.
        run.RunUntil(1.9);
        experiment.ExpectNoMsg(TimeSpan.Zero);
        run.RunUntil(2);
        var report = experiment.ExpectMsg<NodeReport>().Report;
        Assert.Equal((7, 1, 2.0, 7.0), (report.Trial, report.Attempt, report.Reports[0].Resource, report.Reports[0].Metric));
        // It is sent again, here after a day, until it is known to be stored.
        run.RunUntil(86_402);
        Assert.Equal(report, experiment.ExpectMsg<NodeReport>().Report);
        experiment.Send(run.Node(0), new ReportStored(7, 1, report.Message));
        run.RunUntil(3 * 86_400);
        experiment.ExpectNoMsg(TimeSpan.Zero);
        Assert.Throws<InvalidOperationException>(() => run.AssertIdleTime(IdleCause.RungBarrier, 0));
    }
}
