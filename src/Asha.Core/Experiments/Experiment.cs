using Asha.Core.Scheduling;
using Asha.Core.Searchers;

namespace Asha.Core.Experiments;

/// <summary>
/// Decides, and holds what was decided: every decision is an event, applied at once and handed out by <see cref="TakeDecided"/> for the
/// journal. It reads no clock and ranks nothing; time comes in with each call, and a rung's answers with <see cref="Promoted"/>.
/// </summary>
public sealed class Experiment
{
    private readonly RandomSearcher _searcher;
    private List<ExperimentEvent> _decided = [];

    /// <summary>Since the last event that told of them.</summary>
    private IgnoredReports _ignored;

    /// <summary>Starts an experiment.</summary>
    public Experiment(ExperimentSpec spec, RunOrigin origin)
    {
        _searcher = new RandomSearcher(spec.Space, spec.Seed, spec.Initial);
        Decide(new ExperimentStarted(TimeSpan.Zero, spec, origin));
        if (_searcher.Count is { } count && (State.TrialLimit is not { } limit || count < limit))
            Decide(new TrialsLimited(TimeSpan.Zero, count, $"the search space has only {count} configurations"));
    }

    /// <summary>Goes on with an experiment from what was decided; <see cref="Resume"/> is next.</summary>
    /// <param name="recorded">All its events; the first one must be <see cref="ExperimentStarted"/>.</param>
    public Experiment(IEnumerable<ExperimentEvent> recorded)
    {
        foreach (var happened in recorded)
            State.Apply(happened);
        _searcher = new RandomSearcher(State.Spec.Space, State.Spec.Seed, State.Spec.Initial);
    }

    public ExperimentState State { get; } = new();

    /// <summary>The events since the last call, in order.</summary>
    public IReadOnlyList<ExperimentEvent> TakeDecided()
    {
        var decided = _decided;
        _decided = new(decided.Count); // The next batch is about as long.
        return decided;
    }

    /// <summary>Another engine goes on: what ran is tried again, and no retry is used up; the slots of the one before are gone.</summary>
    public void Resume(TimeSpan now, RunOrigin origin)
    {
        Decide(new ExperimentResumed(now, origin));
        foreach (var trial in State.Running.ToArray())
            Decide(new AttemptLost(now, trial.Trial, trial.Bracket, trial.Rung, trial.Attempt, trial.Slot, FaultNames.EngineLost));
        foreach (var (slot, _) in State.Slots.All.ToArray())
            Leave(now, slot);
    }

    /// <summary>Another coordinator goes on, while the nodes ran on: nothing is lost. Which slots are still there it will hear.</summary>
    /// <param name="at">The wall clock's time.</param>
    /// <param name="origin">Who goes on.</param>
    public void TakeOver(DateTimeOffset at, RunOrigin origin) => Decide(new ExperimentTakenOver(State.TimeAt(at), origin with { StartedAt = at }));

    /// <param name="now">The time.</param>
    /// <param name="slot">May be given jobs.</param>
    /// <param name="node">Whose it is.</param>
    /// <param name="at">The wall clock's time.</param>
    /// <param name="files">Where the node hands out checkpoints.</param>
    /// <param name="anew">The node was started again since it was said to be in quarantine.</param>
    public void Join(TimeSpan now, int slot, string node, DateTimeOffset? at = null, string? files = null, bool anew = false)
        => Decide(new SlotJoined(now, slot, node, at, files, anew && State.Nodes.Unfit.TryGetValue(node, out var unfit) && unfit.IsQuarantined));

    /// <summary>The attempt is back with its node, and runs on the slot, which has just joined. Returns whether the job can be its again: it had been given to nobody else.</summary>
    public bool Regain(TimeSpan now, int number, int attempt, int slot)
    {
        if (number < 0 || number >= State.Trials.Count || State.Trials[number] is var trial && !(trial.IsAstray && trial.Attempt == attempt))
            return false;
        Decide(new AttemptRegained(now, number, trial.Bracket, trial.Rung, attempt, slot));
        return true;
    }

    /// <summary>A node does not answer: what its slots ran is tried again elsewhere, and no retry is used up. Those that are lost already stay so.</summary>
    public void Lose(TimeSpan now, IReadOnlyList<int> slots)
    {
        foreach (var slot in slots.Where(slot => State.Slots.Contains(slot) && State.Slots.PhaseOf(slot) != SlotPhase.Lost).Order())
        {
            if (State.Slots.TrialOn(slot) is { } number && State.Trials[number] is var trial)
                Decide(new AttemptLost(now, number, trial.Bracket, trial.Rung, trial.Attempt, slot, FaultNames.NodeLost));
            Decide(new SlotLost(now, slot));
        }
    }

    /// <summary>The slot is counted no longer; <paramref name="retired"/> says why it never gets a job again, where that is so.</summary>
    public void Leave(TimeSpan now, int slot, string? retired = null) => Decide(new SlotLeft(now, slot, retired));

    /// <summary>An attempt is over; its report will follow. One of another attempt changes nothing.</summary>
    public void Await(TimeSpan now, int trial, int attempt)
    {
        if (trial >= 0 && trial < State.Trials.Count && State.Trials[trial] is { IsRunning: true } running && running.Attempt == attempt && State.Slots.PhaseOf(running.Slot) == SlotPhase.Busy)
            Decide(new ReportAwaited(now, trial, attempt, running.Slot));
    }

    /// <summary>What a message is: only the next one of the attempt under way counts.</summary>
    public MessageStanding StandingOf(JobReport message)
    {
        if (message.Trial < 0 || message.Trial >= State.Trials.Count || message.Attempt < 1 || message.Message < 0)
            return MessageStanding.Unknown;
        var trial = State.Trials[message.Trial];
        if (message.Attempt > trial.Attempt)
            return MessageStanding.Unknown;
        // The next attempt is decided before the answer to the one before it is let out.
        if (message.Attempt < trial.Attempt)
            return message.Attempt == trial.Attempt - 1 && trial.HadEnded ? MessageStanding.Duplicate : MessageStanding.Stale;
        if (message.Message < trial.NextMessage || trial.HasEnded)
            return MessageStanding.Duplicate;
        if (trial.IsAstray)
            return MessageStanding.Early;
        return !trial.IsRunning ? MessageStanding.Late : message.Message > trial.NextMessage ? MessageStanding.Early : MessageStanding.Next;
    }

    /// <summary>
    /// Takes what a node says. Returns the trial whose rung has a new result to rank (its own metric, or NaN if it failed for good), or <c>null</c>.
    /// A message of another attempt, or one that was counted before, changes nothing; how many those are is kept.
    /// </summary>
    public TrialState? Receive(TimeSpan now, JobReport message)
    {
        var standing = StandingOf(message);
        _ignored = _ignored.With(standing);
        if (standing != MessageStanding.Next)
            return null;
        var trial = State.Trials[message.Trial];
        if (message.Ending is not null)
            TellIgnored(now); // Before what the message brings: that is one fact.
        for (var report = 0; report < message.Reports.Count; report++)
            Take(now, trial, message.Reports[report], message.Message);
        // Reports behind the result are ignored; but that the message came has to be in the journal.
        if (message.Reports.Count > 0 && trial.NextMessage == message.Message)
            Decide(new ReportRejected(now, trial.Trial, trial.Attempt, "it came after the result", message.Message));
        return message.Ending is { } ending ? End(now, trial, ending) : null;
    }

    /// <summary>Jobs that have waited out their back-off may be tried again. Only this says so, so that what is decided does not hang on when a clock is looked at.</summary>
    public void ReleaseRetries(TimeSpan now)
    {
        foreach (var trial in State.Retries.DueBy(now))
            Decide(new RetryDue(now, trial, State.Trials[trial].Attempt));
    }

    /// <summary>Gives up checkpoints until those of the trials that do not run are within the disk budget; a rung's word on the last result has to be in. Returns the trials.</summary>
    public IReadOnlyList<int> KeepBudget(TimeSpan now)
    {
        List<int>? dropped = null;
        while (State.CheckpointLedger?.Surplus(State) is var (trial, rung, bytes))
        {
            Decide(new CheckpointDropped(now, trial, rung, bytes));
            (dropped ??= []).Add(trial);
        }
        return (IReadOnlyList<int>?)dropped ?? [];
    }

    /// <summary>Takes a rung's word that it promoted its head.</summary>
    public void Promoted(TimeSpan now, int rung, RungHead head)
    {
        var trial = State.Trials[head.Trial];
        var mode = State.Spec.Metric;
        Decide(new TrialPromoted(now, head.Trial, trial.Bracket, rung, mode.Turned(head.Metric), head.Rank, head.Results, head.Candidates, mode.Turned(head.CutOff)));
    }

    /// <summary>Opens another bracket. The scheduler has seen that it may.</summary>
    public BracketState OpenBracket(TimeSpan now)
    {
        Decide(new BracketOpened(now, State.Brackets.Count));
        return State.Brackets[^1];
    }

    /// <summary>Samples the next trial. The scheduler has seen that it may.</summary>
    public void Sample(TimeSpan now, int bracket = 0)
    {
        var number = State.Trials.Count;
        var parameters = _searcher.Propose(number) ?? throw new InvalidOperationException("The search space is used up.");
        Decide(new TrialSampled(now, number, bracket, parameters));
    }

    /// <summary>Gives the waiting trial's job to the first idle slot, or, where its process still runs, to the slot that it has.</summary>
    public JobStarted Start(TimeSpan now, int number)
    {
        var trial = State.Trials[number];
        var level = State.Brackets[trial.Bracket].Rungs[trial.Rung].Level;
        var goesOn = GoesOn(trial);
        // A trial that reported beyond this level already has nothing left to report from there: its result has to come from this job.
        var checkpoint = !goesOn && trial.Checkpoint is { } newest && newest.Resource < level ? newest : null;
        var started = new JobStarted(
            now, number, trial.Bracket, trial.Rung, trial.Attempt + 1, SlotFor(trial),
            goesOn ? trial.Resource : checkpoint?.Resource ?? 0, level, checkpoint, goesOn);
        Decide(started);
        return started;
    }

    /// <summary>The slot that the waiting trial's job gets. There must be an idle one.</summary>
    public int SlotFor(TrialState trial) => GoesOn(trial) ? trial.Slot : State.Slots.FirstIdle!.Value;

    /// <summary>A trial that cannot be resumed goes on where it runs; if that slot is gone, it starts again on another.</summary>
    private bool GoesOn(TrialState trial)
        => State.Spec.Scheduler.Type == SchedulerType.Stopping && trial.RetryReason.Length == 0 && trial.Rung > 0 && State.Slots.IsIdle(trial.Slot);

    /// <summary>Marks every idle slot that got nothing.</summary>
    public void Park(TimeSpan now)
    {
        foreach (var slot in State.Slots.Undecided)
            Decide(new SlotParked(now, slot));
    }

    /// <summary>Nothing starts any more; what runs is awaited, and the experiment ended then.</summary>
    public void Stop(TimeSpan now, string outcome, string reason) => Decide(new ExperimentStopping(now, outcome, reason));

    /// <summary>Ends the experiment; jobs that still run are cut.</summary>
    public void End(TimeSpan now, string outcome, string reason)
    {
        TellIgnored(now);
        foreach (var trial in State.Running.ToArray())
            Decide(new JobCut(now, trial.Trial, trial.Bracket, trial.Rung, trial.Attempt, trial.Slot));
        Decide(new ExperimentEnded(now, outcome, reason));
    }

    private void TellIgnored(TimeSpan now)
    {
        if (_ignored.Total > 0)
            Decide(new ReportsIgnored(now, _ignored.Duplicate, _ignored.Late, _ignored.Stale, _ignored.Unknown));
        _ignored = default;
    }

    private void Take(TimeSpan now, TrialState trial, TrialReport report, int message)
    {
        if (trial.HasResult)
            return;
        // A trial that goes on from beyond its level need not train for it: what it reported there is the result of this job as well.
        var wasBeyond = trial.Start >= trial.Target && report.Resource == trial.Start;
        var problem = report.Problem ?? (report.Resource > trial.Resource || wasBeyond
            ? null
            : $"resource {report.Resource:R} does not rise: it was {trial.Resource:R} already");
        if (problem is null)
            Decide(new ReportAccepted(now, trial.Trial, trial.Attempt, report.Resource, report.Metric, report.Checkpoint, message, report.Checkpoint is null ? null : report.CheckpointBytes));
        else
            Decide(new ReportRejected(now, trial.Trial, trial.Attempt, problem, message));
    }

    /// <summary>An ending that takes its slot along: both are one step, so that no job can be given to the slot in between.</summary>
    private TrialState? End(TimeSpan now, TrialState trial, TrialEnding ending)
    {
        var ranked = EndAttempt(now, trial, ending);
        if (ending.Retires is { } reason)
            Leave(now, trial.Slot, reason);
        else if (State.Nodes.Of(trial.Slot) is { } node && (State.Nodes.IsShut(node, now) || (State.Nodes.IsTried(node, now) && State.Nodes.ConductOf(node) is { Slots: > 1 })))
            LeaveIdle(now, node);
        return ranked;
    }

    private TrialState? EndAttempt(TimeSpan now, TrialState trial, TrialEnding ending)
    {
        if (trial.Result is { } result)
        {
            Decide(new JobCompleted(now, trial.Trial, trial.Bracket, trial.Rung, trial.Attempt, trial.Slot, result.Resource, result.Metric));
            return trial;
        }
        if (ending.Cause is EndingCause.CheckpointMissing or EndingCause.CheckpointCorrupt or EndingCause.Stopped or EndingCause.SlotRetired or EndingCause.NodeUnfit)
        {
            var lack = ending.Cause is EndingCause.CheckpointMissing or EndingCause.CheckpointCorrupt or EndingCause.NodeUnfit && ending.Detail.Length > 0 ? ending.Detail : null;
            Decide(new AttemptLost(now, trial.Trial, trial.Bracket, trial.Rung, trial.Attempt, trial.Slot, FaultNames.Of(ending.Cause), lack));
            if (ending.Cause == EndingCause.NodeUnfit && State.Nodes.Of(trial.Slot) is { } node)
                Shun(now, node, ending.Detail);
            return null;
        }
        var cause = FaultNames.Of(ending.Cause, hasResult: false, trial.RejectedInAttempt > 0);
        var detail = ending.Detail.Length == 0 && ending.Cause == EndingCause.Exited ? Shortfall(trial) : ending.Detail;
        if (ending.Retires is null && IsOfItsNode(now, trial, cause, detail))
            return null;
        // A trial that cost its slot would most likely cost the next one, too.
        var last = State.Spec.IsLastFailure(trial, FaultNames.KindOf(cause)) || ending.Retires is not null;
        Decide(new AttemptFailed(now, trial.Trial, trial.Bracket, trial.Rung, trial.Attempt, trial.Slot, cause, detail, last, last ? null : State.Spec.BackOffOf(trial)));
        return last ? trial : null;
    }

    /// <summary>Whether the attempt, which failed by itself, is taken for one that its node failed; then it is lost, and uses up no retry.</summary>
    private bool IsOfItsNode(TimeSpan now, TrialState trial, string cause, string detail)
    {
        if (State.Nodes.Of(trial.Slot) is not { } node || State.BlameOf(trial, node, FaultNames.KindOf(cause), now) is var blame && blame == Blame.Trial)
            return false;
        // The trial's own failures there are looked at while its job is under way.
        var forgiven = State.ForgivenWith(node);
        // One that is only in doubt keeps its slot: others are to be tried there meanwhile, so that it comes out.
        var wait = blame == Blame.Doubtful && !State.Nodes.IsShut(node, now) ? State.Spec.BackOffOf(trial) ?? QuarantineRules.LeastWait : (TimeSpan?)null;
        Decide(new AttemptLost(now, trial.Trial, trial.Bracket, trial.Rung, trial.Attempt, trial.Slot, FaultNames.NodeUnfit, detail.Length > 0 ? detail : null, cause, wait));
        if (blame == Blame.Node)
        {
            var times = State.Nodes.Unfit.TryGetValue(node, out var unfit) && unfit.IsQuarantined ? unfit.Failures + 1 : 1;
            var row = State.Nodes.ConductOf(node)!;
            var what = detail.Length > 0 ? $"{cause}, {detail}" : cause;
            Decide(new NodeUnfit(now, node, QuarantineRules.PauseAfter(times), times > 1 ? $"tried again: {what}" : $"{row.Failures} attempts of {row.Trials.Count} trials failed in a row, the last by {what}", forgiven));
        }
        return true;
    }

    /// <summary>The node is left alone for a while. Attempts that had it fail with it are one failure.</summary>
    private void Shun(TimeSpan now, string node, string why)
    {
        if (!State.Nodes.IsShunned(node, now))
            Decide(new NodeUnfit(now, node, NodeRules.PauseAfter((State.Nodes.Unfit.GetValueOrDefault(node)?.Failures ?? 0) + 1), why));
        LeaveIdle(now, node);
    }

    private void LeaveIdle(TimeSpan now, string node)
    {
        foreach (var (slot, _) in State.Slots.All.Where(slot => State.Slots.IsIdle(slot.Key) && State.Nodes.Of(slot.Key) == node).ToArray())
            Leave(now, slot);
    }

    /// <summary>What an attempt that ended in good order lacked.</summary>
    private static string Shortfall(TrialState trial) => trial.Resource > trial.Start
        ? $"it ended at {trial.Resource:R}, before the {trial.Target:R} that it was to reach"
        : $"it ended without a report that counts; a report is a line that begins with '@asha '";

    private void Decide(ExperimentEvent decided)
    {
        State.Apply(decided);
        _decided.Add(decided);
    }
}
