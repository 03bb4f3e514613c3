using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>
/// The way of a report: it is counted once, acknowledged when it is in the journal, and, where it brings a result, ranked by its rung; and what follows from that.
/// </summary>
/// <param name="experiment">Decides, and holds what was decided.</param>
/// <param name="rungs">Are asked for the rank.</param>
/// <param name="slots">Told of those that retire.</param>
/// <param name="jobs">Told of attempts that reach their level.</param>
/// <param name="checkpoints">Told of those that reports bring.</param>
/// <param name="outbox">What nodes are told waits there for the journal.</param>
/// <param name="unanswered">A report answers what its node was told.</param>
/// <param name="decided">The time of a decision.</param>
internal sealed class ReportDesk(
    Experiment experiment, RungDesk rungs, SlotDesk slots, JobDesk jobs, CheckpointKeeper checkpoints, Outbox outbox, Unanswered unanswered, Func<TimeSpan> decided)
{
    private ExperimentState State => experiment.State;

    public void Take(JobReport report, IActorRef node, TimeSpan now)
    {
        var standing = experiment.StandingOf(report);
        if (standing == MessageStanding.Early)
            return; // One before it is still on its way; unacknowledged, both will come again.
        var runsOn = report.Ending is null or { Cause: EndingCause.LevelReached };
        if (runsOn)
            unanswered.Taken(report.Trial, report.Attempt);
        else
            unanswered.Over(report.Trial, report.Attempt);
        // Its node did not answer, and it was given up; but it runs on, and holds its slot until it is told.
        if (runsOn && standing is MessageStanding.Late or MessageStanding.Stale or MessageStanding.Unknown)
            outbox.Send(node, jobs.EndOf(report));
        var unfit = State.Nodes.Unfit;
        var ranked = State.Ended is null ? experiment.Receive(now, report) : null;
        outbox.Send(node, new ReportStored(report.Trial, report.Attempt, report.Message));
        if (report.Ending?.Retires is not null)
            slots.RetiredWithAttempt();
        else if (report.Ending is not null && (State.Nodes.Unfit != unfit || (!unfit.IsEmpty && standing == MessageStanding.Next && !State.Slots.Contains(State.Trials[report.Trial].Slot))))
            slots.LeftUnfit(now, isNews: State.Nodes.Unfit != unfit);
        if (ranked is null)
        {
            checkpoints.Reported(report);
            return;
        }
        if (report.Ending?.Cause == EndingCause.LevelReached)
            jobs.Await(report.Trial);
        checkpoints.Ended(ranked);
        rungs.Ask(ranked.Bracket, ranked.Rung, new RankResult(ranked.Trial, State.Spec.Metric.Turned(ranked.Results[^1].Metric), State.Population(ranked.Bracket, ranked.Rung)));
    }

    /// <summary>A rung's answer: to a result, to a promotion, or to what was restored.</summary>
    public void Take(RungStanding standing)
    {
        var isRestored = rungs.IsRestoring;
        rungs.Answered(standing);
        if (isRestored)
            checkpoints.Restored(standing.Released);
        else
            GoOn(standing);
    }

    private void GoOn(RungStanding standing)
    {
        checkpoints.Release(standing.Released);
        if (State.Ended is null)
            checkpoints.Release(experiment.KeepBudget(decided()));
        if (standing.Promoted is { } promoted)
            experiment.Promoted(decided(), standing.Rung, promoted);
        else if (standing.Head is null)
            jobs.EndUndecided();
        jobs.Serve();
    }
}
