using Akka.Actor;
using Akka.TestKit;
using Asha.Actors.Execution;
using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Core.Spaces;

namespace Asha.Actors.Tests;

/// <summary>A trial that cannot be resumed runs through its levels: one attempt after the other, in one process. The test is the experiment.</summary>
public sealed class RunningThroughTests : ActorTest
{
    private readonly TestProbe _experiment;
    private readonly TestProbe _launches;
    private readonly TestProbe _supervisor;

    public RunningThroughTests() => (_experiment, _launches, _supervisor) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());

    private IActorRef Node(bool stubborn = false) => Sys.ActorOf(NodeActor.Props(
        new NodeSetup("node", [new SlotResources([0], [])], TrialSlot.Running(new ScriptedRunner(_launches, stubborn)), _ => Task.CompletedTask, TimeSpan.FromDays(1)), _supervisor));

    /// <summary>Levels 1, 4, 16; the process is told 16.</summary>
    private static StartJob Job(int trial, int attempt, double start, double target, bool goesOn = false)
        => new(0, trial, attempt, "", 77, Configuration.Empty, start, target, null, target < 16 ? 16 : null, goesOn);

    private Launched Start(IActorRef node, int trial = 0)
    {
        node.Tell(Job(trial, 1, 0, 1), _experiment);
        return _launches.ExpectMsg<Launched>();
    }

    private JobReport Heard() => _experiment.ExpectMsg<NodeReport>().Report;

    private void HeardLevel(int attempt, double resource)
    {
        var heard = Heard();
        Assert.Equal((attempt, resource, EndingCause.LevelReached), (heard.Attempt, Assert.Single(heard.Reports).Resource, heard.Ending?.Cause));
    }

    [Fact]
    public void It_is_told_the_whole_resource_and_reaches_one_level_after_the_other()
    {
        var node = Node();
        var trial = Start(node);
        Assert.Equal((0, 16), (trial.Launch.Start, trial.Launch.Target));
        trial.Report(1, .9);
        HeardLevel(1, 1);
        node.Tell(Job(0, 2, 1, 4, goesOn: true), _experiment);
        trial.Report(2, .8);
        Assert.Equal((2, 0, 2.0, null), Heard() is { } curve ? (curve.Attempt, curve.Message, curve.Reports[0].Resource, curve.Ending) : default);
        trial.Report(4, .7);
        HeardLevel(2, 4);
        node.Tell(Job(0, 3, 4, 16, goesOn: true), _experiment);
        trial.Complete(.5);
        Assert.Equal((3, 16.0, EndingCause.Exited), Heard() is { } last ? (last.Attempt, last.Reports[0].Resource, last.Ending!.Cause) : default);
        _launches.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Assert.False(trial.IsStopped);
    }

    [Fact]
    public void What_it_reports_while_it_is_decided_counts_for_the_next_attempt()
    {
        var node = Node();
        var trial = Start(node);
        trial.Report(1, .9);
        HeardLevel(1, 1);
        trial.Report(2, .8);
        trial.Report(4, .7);
        trial.Report(8, .6);
        trial.End(EndingCause.Exit, "code 3");
        node.Tell(Job(0, 2, 1, 4, goesOn: true), _experiment);
        Assert.Equal(2, Heard().Reports[0].Resource);
        HeardLevel(2, 4);
        node.Tell(Job(0, 3, 4, 16, goesOn: true), _experiment);
        Assert.Equal(8, Heard().Reports[0].Resource);
        Assert.Equal((3, EndingCause.Exit, "code 3"), Heard() is { } end ? (end.Attempt, end.Ending!.Cause, end.Ending.Detail) : default);
    }

    [Fact]
    public void One_report_may_reach_several_levels()
    {
        var node = Node();
        var trial = Start(node);
        trial.Report(20, .5);
        HeardLevel(1, 20);
        node.Tell(Job(0, 2, 20, 4, goesOn: true), _experiment);
        HeardLevel(2, 20);
        node.Tell(Job(0, 3, 20, 16, goesOn: true), _experiment);
        trial.End();
        Assert.Equal((3, 20.0, EndingCause.Exited), Heard() is { } last ? (last.Attempt, last.Reports[0].Resource, last.Ending!.Cause) : default);
    }

    [Fact]
    public void One_that_does_not_go_on_is_ended_before_the_next_starts()
    {
        var node = Node(stubborn: true);
        var trial = Start(node);
        trial.Report(1, .9);
        HeardLevel(1, 1);
        node.Tell(new EndJob(0, 1), _experiment);
        node.Tell(Job(1, 1, 0, 1), _experiment);
        Until(() => trial.IsStopped, () => "it is not asked to end");
        _launches.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        trial.End(EndingCause.Stopped);
        Assert.Equal(1, _launches.ExpectMsg<Launched>().Launch.Trial);
        // Its last attempt has ended long ago: nothing more is said of it.
        _experiment.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void One_that_has_ended_by_itself_needs_no_ending()
    {
        var node = Node();
        var trial = Start(node);
        trial.Report(1, .9);
        trial.End();
        HeardLevel(1, 1);
        node.Tell(Job(1, 1, 0, 1), _experiment);
        _launches.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        node.Tell(new EndJob(0, 1), _experiment);
        Assert.Equal(1, _launches.ExpectMsg<Launched>().Launch.Trial);
    }

    [Fact]
    public void A_node_that_shuts_down_ends_it_while_it_is_decided()
    {
        var node = Node();
        var trial = Start(node);
        trial.Report(1, .9);
        HeardLevel(1, 1);
        Watch(node);
        node.Tell(ShutDownNode.Now);
        ExpectTerminated(node);
        Assert.True(trial.IsStopped);
    }

    [Fact]
    public void A_slot_that_it_does_not_give_back_is_retired()
    {
        var node = Node(stubborn: true);
        _supervisor.ExpectMsg<JoinNode>();
        var trial = Start(node);
        trial.Report(1, .9);
        HeardLevel(1, 1);
        node.Tell(new EndJob(0, 1), _experiment);
        trial.End(EndingCause.Stopped, retires: "it does not end");
        Assert.Equal(new RetireSlot(0, "it does not end"), _supervisor.ExpectMsg<RetireSlot>());
    }

    [Fact]
    public void One_that_is_gone_cannot_go_on()
    {
        var node = Node();
        node.Tell(Job(0, 2, 1, 4, goesOn: true), _experiment);
        Assert.Equal((2, EndingCause.Crash), Heard() is { } end ? (end.Attempt, end.Ending!.Cause) : default);
    }

    [Fact]
    public void A_node_is_empty_when_one_that_went_on_has_ended()
    {
        var node = Node();
        var trial = Start(node);
        trial.Report(4, .9);
        HeardLevel(1, 4);
        node.Tell(Job(0, 2, 4, 16, goesOn: true), _experiment);
        trial.Complete(.5);
        Assert.Equal(2, Heard().Attempt);
        Watch(node);
        node.Tell(ShutDownNode.Now);
        ExpectTerminated(node);
    }

    [Fact]
    public void A_slot_that_fails_while_it_is_decided_leaves_nothing_behind()
    {
        var node = Node();
        var trial = Start(node);
        trial.Report(1, .9);
        HeardLevel(1, 1);
        var slot = Child(node, "slot-0");
        slot.Tell(Kill.Instance);
        Until(() => trial.IsStopped, () => "it is not asked to end");
        Watch(node);
        node.Tell(ShutDownNode.Now);
        ExpectTerminated(node);
    }
}
