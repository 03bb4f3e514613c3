using Akka.Actor;
using Akka.TestKit;
using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Core.Spaces;
using Asha.Core.Tests;

namespace Asha.Actors.Tests;

/// <summary>Messages between nodes and the others that get lost, come twice or come late: they are said again, and done once.</summary>
public sealed class LostMessageTests : ActorTest
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly TestProbe _supervisor, _experiment, _launches, _journal, _node;

    public LostMessageTests() => (_supervisor, _experiment, _launches, _journal, _node)
        = (CreateTestProbe("supervisor"), CreateTestProbe("experiment"), CreateTestProbe("launches"), CreateTestProbe("journal"), CreateTestProbe("node"));

    /// <summary>A node that has joined.</summary>
    private IActorRef Node(int slots = 1)
    {
        var resources = Enumerable.Range(0, slots).Select(slot => new SlotResources([slot], []));
        var node = Sys.ActorOf(NodeActor.Props(new NodeSetup("node", [.. resources], TrialSlot.Running(new ScriptedRunner(_launches)), _ => Task.CompletedTask, Interval), _supervisor));
        Assert.Equal(new JoinNode("node", slots, 1), _supervisor.ExpectMsg<JoinNode>());
        node.Tell(new NodeJoined(1), _supervisor);
        return node;
    }

    private static StartJob Job(int trial, long number, int attempt = 1, int joining = 1) => new(0, trial, attempt, "", 77, Configuration.Empty, 0, 4, Number: number, Joining: joining);

    /// <summary>An experiment with two slots of the probe's, and its first two jobs.</summary>
    private (IActorRef Experiment, StartJob One, StartJob Other) Experiment(bool confirms = true)
    {
        var spec = TableWorld.Spec(SchedulerType.Asha, 2, 1, 4, 4);
        var experiment = Sys.ActorOf(ExperimentActor.Props(new ExperimentSetup(spec, Origins.Run("run"), 1, _supervisor, _ => ProbeJournal.Props(_journal, confirms), CreateTestProbe("watcher"), Clock.Elapsed) { ResendInterval = Interval }), "run");
        experiment.Tell(new GrantSlots([new GrantSlot(0, "node", _node.Ref, 0, 1), new GrantSlot(1, "node", _node.Ref, 1, 1)]), _supervisor);
        return confirms ? (experiment, _node.ExpectMsg<StartJob>(), _node.ExpectMsg<StartJob>()) : (experiment, Job(0, 1), Job(1, 2));
    }

    /// <summary>Two intervals: what has waited for a whole one is said again by then.</summary>
    private void Wait(IActorRef actor)
    {
        for (var interval = 0; interval < 2; interval++)
        {
            Flush(actor);
            Clock.MoveBy(Interval);
        }
        Flush(actor);
    }

    [Fact]
    public void A_joining_is_said_until_it_is_answered_and_a_leaving_until_the_node_is_released()
    {
        var node = Sys.ActorOf(NodeActor.Props(new NodeSetup("node", [new SlotResources([], [])], TrialSlot.Running(new ScriptedRunner(_launches)), _ => Task.CompletedTask, Interval), _supervisor));
        for (var time = 0; time < 3; time++)
        {
            Assert.Equal(new JoinNode("node", 1, 1), _supervisor.ExpectMsg<JoinNode>());
            Flush(node);
            Clock.MoveBy(Interval);
        }
        _supervisor.ExpectMsg<JoinNode>();
        node.Tell(new NodeJoined(1), _supervisor);
        Wait(node);
        Assert.False(_supervisor.HasMessages);
        node.Tell(DrainNode.Now);
        for (var time = 0; time < 3; time++)
        {
            _supervisor.ExpectMsg<LeaveNode>();
            Flush(node);
            Clock.MoveBy(Interval);
        }
        Watch(node);
        node.Tell(new NodeReleased(), _supervisor);
        ExpectTerminated(node);
    }

    [Fact]
    public void A_joining_that_comes_twice_takes_no_slots_away()
    {
        var supervisor = Sys.ActorOf(SupervisorActor.Props());
        supervisor.Tell(new OpenExperiment("run", 1), _experiment);
        for (var time = 0; time < 2; time++)
        {
            supervisor.Tell(new JoinNode("node", 2, 1), _node);
            Assert.Equal(new NodeJoined(1), _node.ExpectMsg<NodeJoined>());
        }
        Assert.Equal([new GrantSlot(0, "node", _node.Ref, 0, 1), new GrantSlot(1, "node", _node.Ref, 1, 1)], _experiment.ExpectMsg<GrantSlots>().Slots);
        Flush(supervisor);
        Assert.False(_experiment.HasMessages);
        supervisor.Tell(new JoinNode("node", 2, 2), _node); // It has really joined again.
        Assert.Equal([0, 1], _experiment.ExpectMsg<SlotsLost>().Slots);
        Assert.Equal(2, _experiment.ExpectMsg<GrantSlots>().Slots[0].Joining);
    }

    [Fact]
    public void A_start_that_comes_again_runs_once_and_is_answered_while_it_runs()
    {
        var node = Node();
        node.Tell(Job(3, 7), _experiment);
        var attempt = _launches.ExpectMsg<Launched>();
        node.Tell(Job(3, 7), _experiment);
        Assert.Equal(new JobTaken(3, 1), _experiment.ExpectMsg<JobTaken>());
        attempt.Complete(0.5);
        Assert.NotNull(_experiment.ExpectMsg<NodeReport>().Report.Ending);
        node.Tell(Job(3, 7), _experiment); // It is over: that is what its report says.
        node.Tell(Job(2, 6), _experiment); // So late that the slot has had others since.
        Flush(node);
        Assert.False(_launches.HasMessages || _experiment.HasMessages);
    }

    [Fact]
    public void A_start_that_comes_after_its_end_never_runs()
    {
        var node = Node();
        node.Tell(new EndJob(3, 1, 0, 7, 1), _experiment);
        Assert.True(_experiment.ExpectMsg<NodeReport>().Report is { Trial: 3, Attempt: 1, Message: 0, Ending.Cause: EndingCause.Stopped });
        node.Tell(Job(3, 7), _experiment);
        node.Tell(new EndJob(3, 1, 0, 7, 1), _experiment);
        Assert.Equal(new JobGone(3, 1), _experiment.ExpectMsg<JobGone>());
        Flush(node);
        Assert.False(_launches.HasMessages);
        node.Tell(Job(4, 8), _experiment);
        Assert.Equal(4, _launches.ExpectMsg<Launched>().Launch.Trial);
    }

    [Fact]
    public void A_start_from_before_the_node_joined_again_never_runs()
    {
        var node = Node();
        node.Tell(JoinAgain.Now);
        Assert.Equal(2, _supervisor.ExpectMsg<JoinNode>().Joining);
        node.Tell(Job(3, 7), _experiment);
        node.Tell(Job(3, 8, attempt: 2, joining: 2), _experiment);
        Assert.Equal(2, _launches.ExpectMsg<Launched>().Launch.Attempt);
        Assert.False(_launches.HasMessages);
    }

    /// <summary>The trial was told to go on, that was lost, and the node was given up and has joined again since (torture, seed 7202960).</summary>
    [Fact]
    public void With_the_end_of_an_attempt_that_was_to_go_on_ends_the_process_that_waits_at_its_level()
    {
        var node = Node();
        node.Tell(Job(3, 7) with { Goal = 16 }, _experiment);
        var attempt = _launches.ExpectMsg<Launched>();
        attempt.Report(4, .5);
        Assert.Equal(EndingCause.LevelReached, _experiment.ExpectMsg<NodeReport>().Report.Ending?.Cause);
        node.Tell(new ReportStored(3, 1, 0), _experiment);
        node.Tell(JoinAgain.Now);
        node.Tell(new EndJob(3, 2, 0, 8, 1), _experiment);
        Assert.Equal(new JobGone(3, 2), _experiment.ExpectMsg<JobGone>());
        Until(() => attempt.IsStopped, () => "not stopped");
    }

    /// <summary>Its report would be said again for ever: its experiment may be gone.</summary>
    [Fact]
    public void An_end_from_before_the_node_joined_again_is_answered_once()
    {
        var node = Node();
        node.Tell(JoinAgain.Now);
        node.Tell(new EndJob(3, 1, 0, 7, 1), _experiment);
        Assert.Equal(new JobGone(3, 1), _experiment.ExpectMsg<JobGone>());
        Clock.MoveBy(TimeSpan.FromMinutes(1));
        Flush(node);
        Assert.False(_experiment.HasMessages);
    }

    [Fact]
    public void A_start_is_said_again_until_the_node_shows_that_it_has_it()
    {
        var (experiment, one, other) = Experiment();
        Assert.Equal((1, 2, 1), (one.Number, other.Number, one.Joining));
        Wait(experiment);
        Assert.Equal([(one.Trial, 1, 1L), (other.Trial, 1, 2L)], Enumerable.Range(0, 2).Select(_ => _node.ExpectMsg<StartJob>()).Select(again => (again.Trial, again.Attempt, again.Number)));
        experiment.Tell(new JobTaken(one.Trial, 1), _node);
        experiment.Tell(new NodeReport(new JobReport(other.Trial, 1, 0, [new TrialReport(0.5, 0.5)], null)), _node);
        _node.ExpectMsg<ReportStored>();
        Wait(experiment);
        Assert.False(_node.HasMessages);
    }

    [Fact]
    public void Nothing_is_said_again_that_was_not_said_since_the_journal_does_not_have_it()
    {
        var (experiment, _, _) = Experiment(confirms: false);
        Wait(experiment);
        Assert.False(_node.HasMessages);
    }

    [Fact]
    public void An_end_is_said_again_until_the_attempt_is_gone()
    {
        var (experiment, one, other) = Experiment();
        experiment.Tell(new StopExperiment("cancelled", ""));
        EndJob[] ends = [new(one.Trial, 1, 0, 1, 1, "run", 1), new(other.Trial, 1, 1, 2, 1, "run", 1)];
        Assert.Equal(ends, Enumerable.Range(0, 2).Select(_ => _node.ExpectMsg<EndJob>()));
        Wait(experiment);
        Assert.Equal(ends, Enumerable.Range(0, 2).Select(_ => _node.ExpectMsg<EndJob>()));
        experiment.Tell(new JobGone(one.Trial, 1), _node);
        experiment.Tell(new NodeReport(new JobReport(other.Trial, 1, 0, [], new TrialEnding(EndingCause.Stopped))), _node);
        _node.ExpectMsg<ReportStored>();
        Wait(experiment);
        Assert.False(_node.HasMessages);
    }

    [Fact]
    public void A_trial_of_a_node_that_was_given_up_is_ended_when_it_is_heard_of_again_and_was_given_to_another()
    {
        var (experiment, one, _) = Experiment();
        experiment.Tell(new SlotsUnreachable([0, 1]), _supervisor);
        var report = new NodeReport(new JobReport(one.Trial, 1, 0, [new TrialReport(0.5, 0.5)], null));
        experiment.Tell(report, _node);
        Wait(experiment);
        Assert.False(_node.HasMessages); // It may yet be regained, and what it says counts then.
        experiment.Tell(new GrantSlots([new GrantSlot(2, "another", CreateTestProbe("another").Ref, 0, 1)]), _supervisor);
        experiment.Tell(report, _node);
        Assert.Equal(new EndJob(one.Trial, 1, Run: "run", Writer: 1), _node.ExpectMsg<EndJob>());
        _node.ExpectMsg<ReportStored>();
        Wait(experiment);
        Assert.False(_node.HasMessages); // Nor is anything said again to a node that does not answer.
    }
}
