using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors.Tests;

/// <summary>What a node says of its jobs, until its experiment has stored it.</summary>
public sealed class NodeReportTests : NodeTest
{
    [Fact]
    public void Reports_are_numbered_and_the_result_comes_with_the_ending()
    {
        var attempt = Start(Node(1), Job(0, 0));
        attempt.Report(1, 0.9);
        Assert.Equal(0, Heard(Experiment) is { Ending: null, Reports: [{ Resource: 1 }] } first ? first.Message : -1);
        attempt.Reject("no JSON object");
        Assert.Equal("no JSON object", Assert.Single(Heard(Experiment).Reports).Problem);
        attempt.Report(5, 0.5); // Overshoots 4: the result, held back until the trial has ended.
        attempt.Report(6, 0.4);
        attempt.End(EndingCause.Exit, "code 1");
        var last = Heard(Experiment);
        Assert.Equal((2, 5.0, EndingCause.Exit), (last.Message, Assert.Single(last.Reports).Resource, last.Ending!.Cause));
    }

    [Fact]
    public void What_is_not_acknowledged_is_sent_again_until_it_is()
    {
        var node = Node(1);
        node.Tell(new NodeJoined(1), Supervisor); // Nothing else is said again.
        var attempt = Start(node, Job(0, 0));
        attempt.Report(1, 0.9);
        attempt.Report(2, 0.8);
        Assert.Equal([0, 1], [Heard(Experiment).Message, Heard(Experiment).Message]);
        for (var round = 0; round < 3; round++)
        {
            Flush(node); // It waits again.
            Clock.MoveBy(Interval);
            Assert.Equal([0, 1], [Heard(Experiment).Message, Heard(Experiment).Message]);
        }
        node.Tell(new ReportStored(0, 1, 0), Experiment);
        Flush(node);
        Clock.MoveBy(Interval);
        Assert.Equal(1, Heard(Experiment).Message);
        // An acknowledgement of another attempt, or a second one, is nothing.
        node.Tell(new ReportStored(0, 2, 1), Experiment);
        node.Tell(new ReportStored(0, 1, 0), Experiment);
        Flush(node);
        Clock.MoveBy(Interval);
        Assert.Equal(1, Heard(Experiment).Message);
        node.Tell(new ReportStored(0, 1, 1), Experiment);
        Flush(node);
        Clock.MoveBy(10 * Interval);
        Flush(node);
        Assert.False(Experiment.HasMessages);
        // And later ones are kept again.
        attempt.Complete(0.1);
        Heard(Experiment);
        Flush(node); // It waits again.
        Clock.MoveBy(Interval);
        Assert.NotNull(Heard(Experiment).Ending);
    }

    [Fact]
    public void Of_very_many_those_that_were_said_longest_ago_are_said_again_so_many_at_a_time_and_all_to_one_that_has_moved()
    {
        var node = Node(1);
        node.Tell(new NodeJoined(1), Supervisor);
        var attempt = Start(node, Job(0, 0, target: 1000));
        int[] all = [.. Enumerable.Range(0, UnstoredReports.AtATime + 50)];
        foreach (var message in all)
            attempt.Report(message + 1, 0.5);
        Assert.Equal(all, all.Select(_ => Heard(Experiment).Message));
        Assert.Equal(all[..UnstoredReports.AtATime], Again());
        Assert.Equal([.. all[..50], .. all[^50..]], Again());
        Assert.Equal(all[..UnstoredReports.AtATime], Again());

        var next = CreateTestProbe("next");
        node.Tell(new EndJob(7, 1, Run: Job(0, 0).Run, Writer: 2), next); // Of a job that it does not have.
        Flush(node);
        Assert.Equal(all, all.Select(_ => Heard(next).Message));

        IEnumerable<int> Again()
        {
            Flush(node);
            Clock.MoveBy(Interval);
            Flush(node);
            var heard = Enumerable.Range(0, UnstoredReports.AtATime).Select(_ => Heard(Experiment).Message).ToArray();
            Assert.False(Experiment.HasMessages);
            return heard;
        }
    }

    [Fact]
    public void TwoExperiments_may_have_trials_of_the_same_number()
    {
        var (node, other) = (Node(2), CreateTestProbe("other"));
        var (mine, theirs) = (Start(node, Job(0, 0)), Start(node, Job(1, 0) with { Run = "other" }, other));
        mine.Report(1, 0.25);
        Assert.Equal(0.25, Assert.Single(Heard(Experiment).Reports).Metric);
        theirs.Report(1, 0.75);
        Assert.Equal(0.75, Assert.Single(Heard(other).Reports).Metric);
        // An acknowledgement counts for its own experiment alone, and so does the end of a job.
        node.Tell(new ReportStored(0, 1, 0), other);
        node.Tell(new EndJob(0, 1, Run: "other"), other);
        Assert.Equal(EndingCause.Stopped, Heard(other).Ending!.Cause);
        Assert.False(mine.IsStopped);
        Clock.MoveBy(Interval);
        Assert.Equal(0, Heard(Experiment).Message);
        Assert.Equal(1, Heard(other).Message);
        mine.Complete(0.1);
        Assert.Equal(4, Assert.Single(Heard(Experiment).Reports).Resource);
        Assert.False(other.HasMessages);
    }
}
