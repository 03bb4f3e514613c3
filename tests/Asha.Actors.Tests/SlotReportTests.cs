using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Actors.Replay;
using Asha.Core.Experiments;
using Asha.Core.Scheduling;

namespace Asha.Actors.Tests;

/// <summary>An experiment says to the supervisor from time to time how it stands, as what is said between them may be lost.</summary>
public sealed class SlotReportTests : TakeoverTest
{
    /// <summary>The node cannot be prepared. No retry is used up, the node's slots go back, and until its time has come none is taken.</summary>
    [Fact]
    public void A_node_that_cannot_run_the_trials_is_left_alone_and_tried_again_later()
    {
        Ran();
        var experiment = TakesOver();
        Supervisor.ExpectMsg<OpenExperiment>();
        experiment.Tell(new GrantSlots([Slot(0, 1), Slot(1, 2)], (2L << 32) + 1), Supervisor);
        var starts = new[] { Node.ExpectMsg<StartJob>(), Node.ExpectMsg<StartJob>() };
        var events = new List<ExperimentEvent>();
        foreach (var start in starts)
        {
            experiment.Tell(new NodeReport(new JobReport(start.Trial, 1, start.Heard, [], new TrialEnding(EndingCause.NodeUnfit, "exit code 3\nno compiler"))), Node);
            events.AddRange(Committed(happened => happened is SlotLeft));
            var said = Supervisor.FishForMessage<HoldSlots>(_ => true);
            Assert.Equal(start.Trial == 0 ? [1] : [], said.Held);
            Assert.Equal([new ShunnedNode("node", "exit code 3")], said.Shuns);
        }
        // It was granted before the supervisor had heard of that.
        experiment.Tell(new GrantSlots([Slot(0, 3)], (2L << 32) + 2), Supervisor);
        Pass(experiment, 11);
        for (var report = 0; report < 11; report++)
            Assert.True(Supervisor.FishForMessage<HoldSlots>(_ => true) is { Held: [], Shuns: [{ Node: "node" }] });
        Pass(experiment, 1);
        Assert.Null(Supervisor.FishForMessage<HoldSlots>(_ => true).Shuns);
        experiment.Tell(new GrantSlots([Slot(0, 4)], (2L << 32) + 3), Supervisor);
        var again = Node.FishForMessage<StartJob>(_ => true);
        Assert.Equal((0, 2, "node-unfit"), (again.Trial, again.Attempt, again.RetryReason));
        experiment.Tell(new NodeReport(new JobReport(0, 2, 0, [new TrialReport(1, 0.25)], new TrialEnding(EndingCause.Exited))), Node);
        events.AddRange(Committed(happened => happened is JobCompleted));
        Assert.Equal(["node"], events.OfType<NodeUnfit>().Select(unfit => unfit.Node));
        Assert.Equal([0, 1], events.OfType<AttemptLost>().Select(lost => lost.Trial));
        Assert.Empty(events.OfType<AttemptFailed>());
        Assert.Null(Redecision.Of([.. Before, .. events]).Difference);
    }

    [Fact]
    public void It_says_from_time_to_time_how_it_stands_and_opens_again_when_another_supervisor_asks()
    {
        Ran();
        var experiment = TakesOver();
        Supervisor.ExpectMsg<OpenExperiment>();
        experiment.Tell(new GrantSlots([Slot(0, 1), Slot(1, 2)], (2L << 32) + 1), Supervisor);
        Flush(experiment);
        Clock.MoveBy(Interval);
        Assert.True(Supervisor.ExpectMsg<HoldSlots>() is { Held: [0, 1], Parked: [], Wants: true, Heard: (2L << 32) + 1, Writer: 2 });
        experiment.Tell(new ReopenExperiment(1), Supervisor); // One that is over.
        experiment.Tell(new ReopenExperiment(3), Supervisor);
        Assert.Equal([0, 1], Supervisor.ExpectMsg<OpenExperiment>().Held);
        Flush(experiment);
        Assert.False(Supervisor.HasMessages);
    }

    /// <summary>Said as heard, and its slot not as held, it would be taken for one that was given up.</summary>
    [Fact]
    public void A_grant_that_waits_until_a_rung_has_answered_is_not_said_to_be_heard()
    {
        Ran(isOver: true);
        var experiment = TakesOver(rung: (bracket, rung) => Props.Create(() => new RungThatTakesLong(bracket, rung)));
        Supervisor.ExpectMsg<OpenExperiment>();
        for (var slot = 0; slot < 3; slot++)
            experiment.Tell(new GrantSlots([Slot(slot == 0 ? 0 : slot + 1, slot + 1)], Grant(slot + 1)), Supervisor);
        Flush(experiment);
        Clock.MoveBy(Interval);
        Flush(experiment);
        Child(experiment, "rung-0").Tell("answer");
        Assert.True(Supervisor.ExpectMsg<HoldSlots>() is { Held: [0, 1], Heard: (2L << 32) + 1 });
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
