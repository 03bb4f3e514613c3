using Asha.Core.Experiments;
using Asha.Core.Scheduling;

namespace Asha.Core.Stories;

/// <summary>
/// One trial's story, from the events alone: its jobs and their attempts, and where its results stood in their rungs. It decides nothing. O(log n) an event; it keeps the results of one bracket, and of the others nothing.
/// </summary>
/// <param name="trial">From 0.</param>
public sealed class TrialStory(int trial)
{
    private readonly BracketRanks _ranks = new();
    private readonly Dictionary<int, string> _nodes = [];
    private readonly List<JobStory> _jobs = [];
    private readonly List<RungStory> _rungs = [];

    public int Trial { get; } = trial;

    /// <summary>When it was sampled; <c>null</c>: it was not, or not yet.</summary>
    public TimeSpan? Sampled { get; private set; }

    /// <summary>By rung, from 0.</summary>
    public IReadOnlyList<JobStory> Jobs => _jobs;

    /// <summary>The rungs in which it has a result, from 0, those included in which it failed for good.</summary>
    public IReadOnlyList<RungStory> Rungs => _rungs;

    /// <summary>Looks at the state after the next event.</summary>
    public void Advance(ExperimentState after, ExperimentEvent happened)
    {
        var isGivenUp = false;
        if (_ranks.Advance(after, happened) is var (rung, released))
        {
            isGivenUp = released.Contains(Trial);
            if (rung < _rungs.Count)
                Stand(after, _rungs[rung], isGivenUp);
        }
        switch (happened)
        {
            case SlotJoined joined:
                _nodes[joined.Slot] = joined.Node;
                break;
            case TrialSampled sampled when sampled.Trial == Trial:
                Sampled = sampled.Time;
                _ranks.Keep();
                Open(after, 0);
                break;
            case TrialPromoted up when up.Trial == Trial:
                _rungs[up.Rung].Promotion = new RungMoment(up.Time, up.Rank, up.Results, up.Candidates, double.IsFinite(up.CutOff) ? up.CutOff : null);
                Open(after, up.Rung + 1);
                break;
            case JobStarted started when started.Trial == Trial:
                _jobs[started.Rung].Add(new AttemptStory(started, _nodes[started.Slot]) { IsCheckpointDropped = !started.GoesOn && after.Trials[Trial].IsCheckpointDropped });
                break;
            case ReportAccepted accepted when accepted.Trial == Trial:
                Now.Reports = (Now.Reports.Accepted + 1, Now.Reports.Rejected);
                break;
            case ReportRejected rejected when rejected.Trial == Trial:
                Now.Reports = (Now.Reports.Accepted, Now.Reports.Rejected + 1);
                break;
            case ReportAwaited over when over.Trial == Trial:
                Now.End = over.Time;
                break;
            case JobCompleted done when done.Trial == Trial:
                End(AttemptOutcome.Result, done.Time);
                Arrive(after, done.Rung, done.Resource, done.Metric, isFailure: false, isGivenUp);
                break;
            case AttemptFailed failed when failed.Trial == Trial:
                End(AttemptOutcome.Failed, failed.Time, failed.Cause);
                (Now.Detail, Now.IsLast, Now.BackOff) = (failed.Detail, failed.Last, failed.BackOff);
                if (failed.Last)
                    Arrive(after, failed.Rung, after.Trials[Trial].Results[^1].Resource, double.NaN, isFailure: true, isGivenUp);
                break;
            case AttemptLost lost when lost.Trial == Trial:
                End(AttemptOutcome.Lost, lost.Time, lost.Cause);
                Now.Detail = lost.Detail ?? "";
                break;
            case AttemptRegained back when back.Trial == Trial:
                (Now.Outcome, Now.End, Now.Cause, Now.Detail) = (default, null, "", "");
                break;
            case NodeUnfit { Forgives: { } failures }:
                foreach (var there in failures.Where(there => there.Trial == Trial))
                    _jobs[there.Rung].Attempts.Single(attempt => attempt.Started.Attempt == there.Attempt).IsForgiven = true;
                break;
            case JobCut cut when cut.Trial == Trial:
                End(AttemptOutcome.Cut, cut.Time);
                break;
        }
    }

    private AttemptStory Now => _jobs[^1].Attempts[^1];

    private void Open(ExperimentState after, int rung) => _jobs.Add(new JobStory(rung, after.Brackets[after.Trials[Trial].Bracket].Rungs[rung].Level));

    /// <summary>Where its report took a while, the attempt was over before.</summary>
    private void End(AttemptOutcome outcome, TimeSpan time, string cause = "") => (Now.Outcome, Now.End, Now.Cause) = (outcome, Now.End ?? time, cause);

    private void Arrive(ExperimentState after, int rung, double resource, double metric, bool isFailure, bool isGivenUp)
    {
        var (bracket, scheduler) = (after.Brackets[after.Trials[Trial].Bracket], after.Spec.Scheduler);
        var rule = Rung.RuleOf(scheduler, rung, bracket.Rungs.Count);
        _rungs.Add(new RungStory(rung, bracket.Rungs[rung].Level, rule, resource, metric, isFailure, _ranks.Of(after, rung, Trial, metric))
        {
            WaitsFor = rule == RungRule.Synchronous ? after.Population(bracket.Bracket, rung) : null,
            HopelessSince = isGivenUp && rule != RungRule.Top ? after.Time : null,
        });
    }

    /// <summary>Another result of a rung in which it has one.</summary>
    private void Stand(ExperimentState after, RungStory own, bool isGivenUp)
    {
        own.Last = _ranks.Of(after, own.Rung, Trial, own.Metric);
        if (own.Promotion is not null || own.Rule is RungRule.Stopping or RungRule.Top)
            return;
        if (own.Last.IsCloserThan(own.BestChance))
            own.BestChance = own.Last;
        if (isGivenUp)
            own.HopelessSince ??= after.Time;
    }
}
