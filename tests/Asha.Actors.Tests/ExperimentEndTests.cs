using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors.Tests;

/// <summary>When an experiment ends, and what becomes of the trials that run then.</summary>
public sealed class ExperimentEndTests : ExperimentTest
{
    [Fact]
    public void What_trials_report_while_a_run_stops_that_can_be_gone_on_with_counts()
    {
        Start(Spec(), 3);
        var (done, saves, slow) = (Job(), Job(), Job());
        Experiment.Tell(new StopExperiment("interrupted", "Ctrl-C"));
        Assert.Equal([done, saves, slow], [.. Enumerable.Range(0, 3).Select(_ => Node.ExpectMsg<EndJob>()).Select(end => new[] { done, saves, slow }.Single(job => job.Trial == end.Trial))]);
        Complete(done, 0.1);
        Say(saves, 0, null, new TrialReport(0.5, 0.3, "at-0.5"));
        Say(saves, 1, new TrialEnding(EndingCause.Stopped));
        Assert.Equal([new ReportStored(done.Trial, 1, 0), new ReportStored(saves.Trial, 1, 0), new ReportStored(saves.Trial, 1, 1)], Enumerable.Range(0, 3).Select(_ => Node.ExpectMsg<ReportStored>()).ToArray());
        Grant(3); // It gets nothing, nor do the slots that are idle.
        Settle();
        Assert.False(Node.HasMessages);
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
        Experiment.Tell(new StopExperiment("paused", ""));
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
    public void A_trial_that_does_not_end_is_not_awaited_for_ever_and_asking_again_ends_nothing_sooner(bool isAskedAgain)
    {
        Start(Spec(), 2);
        var (one, other) = (Job(), Job());
        Experiment.Tell(new StopExperiment("paused", ""));
        if (isAskedAgain)
            Experiment.Tell(new StopExperiment("interrupted", ""));
        Complete(one, 0.1);
        Settle();
        Clock.MoveBy(AshaActors.ProcessesEndIn);
        var events = ToTheEnd();
        Assert.Equal(["JobCut", "ExperimentEnded"], events.TakeLast(2).Select(happened => happened.GetType().Name));
        Assert.Equal(other.Trial, events.OfType<JobCut>().Single().Trial);
        Assert.Equal("paused", ((ExperimentEnded)events[^1]).Outcome);
        Assert.Single(events.OfType<JobCompleted>());
    }

    [Fact]
    public void Whoever_gives_up_a_run_that_is_being_stopped_cuts_it()
    {
        Start(Spec(), 2);
        Job();
        Job();
        Experiment.Tell(new StopExperiment("paused", ""));
        Experiment.Tell(new StopExperiment("cancelled", ""));
        Assert.Equal(["JobCut", "JobCut", "ExperimentEnded"], ToTheEnd().TakeLast(3).Select(happened => happened.GetType().Name));
    }

    [Fact]
    public void A_stop_rule_that_is_met_while_the_run_stops_ends_it_for_good()
    {
        Start(Spec(stop: new StopSpec(Metric: 0.25)), 2);
        var (one, _) = (Job(), Job());
        Experiment.Tell(new StopExperiment("paused", ""));
        Complete(one, 0.25);
        Assert.Equal("stopped", ((ExperimentEnded)ToTheEnd()[^1]).Outcome);
    }

    [Fact]
    public void The_last_result_of_all_completes_a_run_that_was_being_stopped()
    {
        Start(Spec(max: 1, trials: 1), 1);
        var last = Job();
        Experiment.Tell(new StopExperiment("interrupted", ""));
        Complete(last, 0.25);
        Assert.Equal("completed", ((ExperimentEnded)ToTheEnd()[^1]).Outcome);
    }

    [Fact]
    public void Cancelling_cuts_the_jobs_and_late_results_change_nothing()
    {
        Start(Spec(), 2);
        var (one, other) = (Job(), Job());
        Experiment.Tell(new StopExperiment("cancelled", "Ctrl-C"));
        Assert.Equal([new EndJob(one.Trial, 1, Run: "run"), new EndJob(other.Trial, 1, Run: "run")], [Node.ExpectMsg<EndJob>(), Node.ExpectMsg<EndJob>()]);
        Assert.Equal("run", Supervisor.FishForMessage<CloseExperiment>(_ => true).Experiment);
        var ended = ToTheEnd();
        Assert.Equal(["JobCut", "JobCut", "ExperimentEnded"], ended.TakeLast(3).Select(happened => happened.GetType().Name));
        Assert.Equal(("cancelled", "Ctrl-C"), ended[^1] is ExperimentEnded end ? (end.Outcome, end.Reason) : default);
        Complete(one, 0.1);
        Assert.Equal(new ReportStored(one.Trial, 1, 0), Node.ExpectMsg<ReportStored>());
        Experiment.Tell(new StopExperiment("stopped", "again"));
        Grant(5);
        Settle();
        Assert.False(Watcher.HasMessages || Node.HasMessages);
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
        Assert.Equal(other.Trial, Node.FishForMessage<EndJob>(_ => true).Trial);
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
}
