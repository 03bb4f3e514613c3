using Asha.Core.Scheduling;

namespace Asha.Core.Experiments;

/// <summary>
/// An experiment, folded from its events. It holds no ranking: that is the rungs'. Only <see cref="Apply"/> changes it, so the journal and
/// the live state cannot differ.
/// </summary>
public sealed class ExperimentState
{
    private readonly List<TrialState> _trials = [];
    private readonly Dictionary<string, int> _failures = [];
    private readonly Dictionary<string, AttemptFailed> _lastFailures = [];
    private readonly Dictionary<string, int> _losses = [];
    private readonly List<SlotLeft> _retired = [];
    private readonly List<CheckpointLoss> _checkpointLosses = [];
    private readonly BestSoFar _best = new();
    private readonly List<BracketState> _brackets = [];
    private readonly NumberSet _waiting = new();

    /// <summary>Trials whose jobs the end of the experiment has cut, in that order.</summary>
    private readonly List<int> _cut = [];

    /// <summary>The experiment; known after <see cref="ExperimentStarted"/>.</summary>
    public ExperimentSpec Spec { get; private set; } = null!;

    public RunOrigin Origin { get; private set; } = null!;

    /// <summary>By what engine it is run now, and since when in the experiment's own time: the first one's origin and 0, or those of the last <see cref="ExperimentResumed"/>.</summary>
    public (RunOrigin Origin, TimeSpan Time) Engine { get; private set; }

    /// <summary>How often another engine went on with it.</summary>
    public int Resumptions { get; private set; }

    /// <summary>How often another coordinator took it over while its nodes ran on.</summary>
    public int Takeovers { get; private set; }

    /// <summary>How many events it has taken.</summary>
    public long Events { get; private set; }

    /// <summary>Which writer of its journal is at work, counted from 1: whoever goes on with it, or takes it over, is the next.</summary>
    public int Writer => 1 + Resumptions + Takeovers;

    /// <summary>A moment by the wall clock and in the experiment's own time, the last such; <c>null</c>: there is none, and its time does not go on while nobody is at work on it.</summary>
    private (DateTimeOffset At, TimeSpan Time)? _moment;

    /// <summary>The time of the last event.</summary>
    public TimeSpan Time { get; private set; }

    public IReadOnlyList<TrialState> Trials => _trials;

    /// <summary>The brackets, in the order in which they were opened; the first opens with the experiment.</summary>
    public IReadOnlyList<BracketState> Brackets => _brackets;

    /// <summary>The brackets before this one are over.</summary>
    public int FirstOpen { get; private set; }

    /// <summary>The oldest bracket of which a trial waits for a slot, or <c>null</c>.</summary>
    public int? FirstWaiting => _waiting.First;

    /// <summary>The rungs of all brackets together, lowest first; with several brackets they are summed at each call.</summary>
    public IReadOnlyList<RungTally> Rungs => _brackets.Count == 1 ? _brackets[0].Rungs : RungTally.Sum(_brackets);

    /// <summary>Results of first jobs, those of trials that failed for good included.</summary>
    public int FirstResults { get; private set; }

    /// <summary>Trials that failed for good in their first job.</summary>
    public int FirstFailures { get; private set; }

    public SlotTable Slots { get; } = new();

    /// <summary>Whose the slots are.</summary>
    public NodeTable Nodes { get; } = new();

    /// <summary>The slots that were given up, in the order of time.</summary>
    public IReadOnlyList<SlotLeft> RetiredSlots => _retired;

    /// <summary>The trials that run now, by their slots, lowest first.</summary>
    public IEnumerable<TrialState> Running => Slots.All.Where(slot => slot.Value is SlotPhase.Busy or SlotPhase.Awaiting).Select(slot => _trials[Slots.TrialOn(slot.Key)!.Value]);

    /// <summary>How many trials are sampled at most; <c>null</c>: no limit.</summary>
    public int? TrialLimit { get; private set; }

    /// <summary>Why there are fewer trials than asked for; empty otherwise.</summary>
    public string LimitReason { get; private set; } = "";

    /// <summary>Jobs to try again.</summary>
    public RetryLine Retries { get; } = new();

    /// <summary>The trial with the best finite result of the highest rung that has one.</summary>
    public TrialState? Best => _best.Trial;

    /// <summary>The one that was the best until the last result.</summary>
    public TrialState? FormerBest { get; private set; }

    /// <summary>The highest rung in which the best trial has a finite result; it may since have failed in a higher one.</summary>
    public int BestRung => Best!.LastFinite;

    /// <summary>The best finite result of any rung, turned so that smaller is better.</summary>
    public double? BestMetric => _best.Metric;

    /// <summary>Jobs started: a trial going to a rung is one, however often it is tried.</summary>
    public int Jobs { get; private set; }

    /// <summary>Attempts started.</summary>
    public int Attempts { get; private set; }

    public int RejectedReports { get; private set; }

    /// <summary>Messages of nodes that changed nothing.</summary>
    public IgnoredReports IgnoredReports { get; private set; }

    /// <summary>Resource trained, over all attempts.</summary>
    public double ResourceSpent { get; private set; }

    /// <summary>Failed attempts by cause.</summary>
    public IReadOnlyDictionary<string, int> Failures => _failures;

    /// <summary>The last failed attempt of each cause.</summary>
    public IReadOnlyDictionary<string, AttemptFailed> LastFailures => _lastFailures;

    /// <summary>Attempts that were lost by no fault of their trials, by cause; those that came back later are counted, too.</summary>
    public IReadOnlyDictionary<string, int> Losses => _losses;

    /// <summary>Attempts that had been lost with their nodes, and came back with them.</summary>
    public int Regained { get; private set; }

    /// <summary>Checkpoints that were missing or corrupt when an attempt was to go on from them, in the order of time.</summary>
    public IReadOnlyList<CheckpointLoss> CheckpointLosses => _checkpointLosses;

    /// <summary>What the checkpoints of trials that do not run take on the disk, where there is a budget for them; <c>null</c>: there is none.</summary>
    public CheckpointLedger? CheckpointLedger { get; private set; }

    /// <summary>Checkpoints that went to keep within the disk budget.</summary>
    public int DroppedCheckpoints { get; private set; }

    /// <summary>Jobs that started again from nothing since their trial's checkpoint had gone to keep within the disk budget.</summary>
    public int RestartsByBudget { get; private set; }

    /// <summary>How it is to end once nothing runs any more; <c>null</c>: nobody has asked it to. It stays when the experiment has ended.</summary>
    public ExperimentStopping? Stopping { get; private set; }

    /// <summary>How it ended; <c>null</c> while it goes on.</summary>
    public ExperimentEnded? Ended { get; private set; }

    /// <summary>Changes the state by what the event says; decides nothing.</summary>
    public void Apply(ExperimentEvent happened)
    {
        Events++;
        Time = happened.Time;
        switch (happened)
        {
            case ExperimentStarted started: Start(started); break;
            case ExperimentResumed resumed: Resume(resumed); break;
            case ExperimentTakenOver taken: TakeOver(taken); break;
            case TrialsLimited limited: (TrialLimit, LimitReason) = (limited.Trials, limited.Reason); break;
            case SlotJoined joined: Join(joined); break;
            case SlotLost lost: Slots.Set(lost.Slot, SlotPhase.Lost); break;
            case SlotLeft left: Leave(left); break;
            case NodeUnfit failed: Leave(failed); break;
            case SlotParked parked: Slots.Set(parked.Slot, SlotPhase.Parked); break;
            case BracketOpened: Open(); break;
            case TrialSampled sampled: Sample(sampled); break;
            case TrialPromoted promoted: Promote(promoted); break;
            case JobStarted started: StartJob(started); break;
            case ReportAccepted accepted: Accept(accepted); break;
            case ReportRejected rejected: Reject(_trials[rejected.Trial], rejected.Message); break;
            case ReportsIgnored ignored: IgnoredReports = IgnoredReports.With(ignored); break;
            case ReportAwaited awaited: Slots.Set(awaited.Slot, SlotPhase.Awaiting, awaited.Trial); break;
            case JobCompleted completed: Complete(completed); break;
            case AttemptFailed failed: Fail(failed); break;
            case RetryDue due: Release(_trials[due.Trial]); break;
            case AttemptLost lost: Lose(lost); break;
            case AttemptRegained regained: Regain(regained); break;
            case CheckpointDropped dropped: Drop(_trials[dropped.Trial]); break;
            case JobCut cut: Cut(cut); break;
            case ExperimentStopping stopping: Stopping = stopping; break;
            case ExperimentEnded ended: End(ended); break;
            default: throw new InvalidOperationException($"The event {happened.GetType().Name} is not known here.");
        }
        CheckpointLedger?.Apply(this, happened);
    }

    private void Start(ExperimentStarted started)
    {
        (Spec, Origin, TrialLimit) = (started.Experiment, started.Origin, started.Experiment.Scheduler.Total);
        Engine = (started.Origin, TimeSpan.Zero);
        // A trial that cannot be resumed runs, or is over: only the best's is kept of those that do not run.
        if (Spec.Trial.CheckpointBudget is { } budget && Spec.Scheduler.Type != SchedulerType.Stopping)
            CheckpointLedger = new CheckpointLedger(budget);
        Open();
    }

    /// <summary>Whether its time goes on by the wall clock while nobody is at work on it.</summary>
    public bool IsTimed => _moment is not null;

    /// <summary>The experiment's time at a time of the wall clock, not before that of the last event: clocks of two machines differ. Where no slot has joined yet, none has passed.</summary>
    public TimeSpan TimeAt(DateTimeOffset at) => _moment is var (known, time) && time + (at - known) is var now && now > Time ? now : Time;

    private void Join(SlotJoined joined)
    {
        Slots.Set(joined.Slot, SlotPhase.Undecided);
        Nodes.Join(joined);
        if (joined.At is { } at)
            _moment = (at, joined.Time);
    }

    private void TakeOver(ExperimentTakenOver taken)
    {
        Engine = (taken.Origin, taken.Time);
        Takeovers++;
        if (_moment is not null)
            _moment = (taken.Origin.StartedAt, taken.Time);
        foreach (var trial in _trials)
        {
            // A process that waits for word is ended.
            trial.Slot = trial.IsRunning ? trial.Slot : -1;
        }
    }

    private void Resume(ExperimentResumed resumed)
    {
        (Stopping, Ended, Engine, _moment) = (null, null, (resumed.Origin, resumed.Time), null);
        Resumptions++;
        Nodes.Forgive();
        foreach (var trial in _trials)
        {
            // No process runs on anywhere.
            trial.Slot = trial.IsRunning ? trial.Slot : -1;
        }
    }

    private void Open()
    {
        while (FirstOpen < _brackets.Count && this.IsOver(_brackets[FirstOpen]))
            FirstOpen++;
        _brackets.Add(new BracketState(_brackets.Count, RungLadder.Levels(Spec.Resource, Spec.Scheduler.ReductionFactor), _trials.Count));
    }

    private void Leave(NodeUnfit failed)
    {
        Nodes.Fail(failed);
        foreach (var there in failed.Forgives ?? [])
            _trials[there.Trial].Forgive(FaultNames.KindOf(there.Cause));
    }

    private void Leave(SlotLeft left)
    {
        Slots.Remove(left.Slot);
        Nodes.Leave(left.Slot);
        if (left.Reason is not null)
            _retired.Add(left);
    }

    private void Sample(TrialSampled sampled)
    {
        _trials.Add(new TrialState(sampled.Trial, sampled.Bracket, sampled.Parameters));
        var bracket = _brackets[sampled.Bracket];
        Wait(bracket, sampled.Trial);
        bracket.Sampled++;
        bracket.Rungs[0].Underway++;
    }

    private void Promote(TrialPromoted promoted)
    {
        var trial = _trials[promoted.Trial];
        (trial.Phase, trial.Rung, trial.RetryReason) = (TrialPhase.Pending, promoted.Rung + 1, "");
        trial.ForgetFailures();
        var bracket = _brackets[trial.Bracket];
        bracket.Rungs[promoted.Rung].Promoted++;
        bracket.Rungs[promoted.Rung + 1].Underway++;
        Wait(bracket, promoted.Trial);
    }

    private void Wait(BracketState bracket, int trial)
    {
        bracket.Pending.Enqueue(trial);
        _waiting.Add(bracket.Bracket);
    }

    private void StartJob(JobStarted started)
    {
        var trial = _trials[started.Trial];
        var bracket = _brackets[trial.Bracket];
        if (trial.RetryReason.Length > 0)
            Retries.Dequeue();
        else
            bracket.Pending.Dequeue();
        if (bracket.Pending.Count == 0)
            _waiting.Remove(bracket.Bracket);
        if (trial.RetryReason.Length == 0)
        {
            bracket.Rungs[started.Rung].Started++;
            Jobs++;
            RestartsByBudget += trial.IsCheckpointDropped ? 1 : 0;
        }
        (trial.Phase, trial.Attempt, trial.Slot, trial.Start) = (TrialPhase.Running, started.Attempt, started.Slot, started.Start);
        (trial.Target, trial.Resource, trial.RejectedInAttempt, trial.HasResult) = (started.Target, started.Start, 0, false);
        (trial.NextMessage, trial.Since, trial.HadEnded, trial.HasEnded) = (0, started.Time, trial.HasEnded, false);
        if (!started.GoesOn)
            trial.Process = started.Attempt;
        trial.Moves = Nodes.MovesWith(started, trial.Moves);
        bracket.Rungs[started.Rung].Running++;
        Slots.Run(started.Slot, started.Trial);
        Attempts++;
    }

    private void Accept(ReportAccepted accepted)
    {
        var trial = _trials[accepted.Trial];
        Nodes.Begin(trial.Slot);
        ResourceSpent += accepted.Resource - trial.Resource;
        trial.NextMessage = accepted.Message + 1;
        trial.Resource = accepted.Resource;
        if (accepted.Checkpoint is { } path)
            Publish(trial, new CheckpointRef(trial.Process, path, accepted.Resource, accepted.CheckpointBytes));
        if (!trial.HasResult && accepted.Resource >= trial.Target)
            (trial.HasResult, trial.ResultMetric) = (true, accepted.Metric);
    }

    /// <summary>One that was written over is none any more.</summary>
    private static void Publish(TrialState trial, CheckpointRef newest)
    {
        if (trial.Checkpoint is { } last && (last.Attempt, last.Path) != (newest.Attempt, newest.Path))
            trial.CheckpointBefore = last;
        trial.Checkpoint = newest;
        trial.HasOlderCheckpoints |= trial.CheckpointBefore is not null;
        trial.IsCheckpointDropped = false;
    }

    private void Reject(TrialState trial, int message)
    {
        trial.NextMessage = message + 1;
        trial.RejectedReports++;
        trial.RejectedInAttempt++;
        RejectedReports++;
    }

    private void Complete(JobCompleted completed)
    {
        Nodes.Succeed(completed.Slot);
        var trial = EndAttempt(_trials[completed.Trial], completed.Slot);
        trial.HasEnded = true;
        trial.Phase = completed.Rung == _brackets[trial.Bracket].Rungs.Count - 1 ? TrialPhase.Completed
            : Spec.Scheduler.Type == SchedulerType.Stopping ? TrialPhase.Stopped : TrialPhase.Paused;
        if (double.IsFinite(completed.Metric))
            trial.ResultCheckpoint = trial.Checkpoint;
        trial.CheckpointBefore = null;
        AddResult(trial, completed.Resource, completed.Metric);
    }

    private void Fail(AttemptFailed failed)
    {
        Nodes.Fail(failed.Slot, new FailedThere(failed.Trial, failed.Rung, failed.Attempt, failed.Cause));
        var trial = EndAttempt(_trials[failed.Trial], failed.Slot);
        trial.CountFailure(FaultNames.KindOf(failed.Cause));
        trial.HasEnded = true;
        trial.LastFailure = failed.Cause;
        _lastFailures[failed.Cause] = failed;
        _failures[failed.Cause] = _failures.GetValueOrDefault(failed.Cause) + 1;
        if (failed.Last)
        {
            trial.Phase = TrialPhase.Failed;
            RungOf(trial).Failed++;
            FirstFailures += trial.Rung == 0 ? 1 : 0;
            AddResult(trial, trial.Resource, double.NaN);
        }
        else
        {
            Retry(trial, failed.Cause, failed.Time + failed.BackOff);
        }
    }

    private void Lose(AttemptLost lost)
    {
        if (lost.Fault is not null)
            Nodes.Fail(lost.Slot, lost.Trial);
        var trial = EndAttempt(_trials[lost.Trial], lost.Slot);
        _losses[lost.Cause] = _losses.GetValueOrDefault(lost.Cause) + 1;
        trial.HasEnded = lost.Cause is not (FaultNames.NodeLost or FaultNames.EngineLost);
        if (FaultNames.IsOfCheckpoint(lost.Cause) && trial.Checkpoint is { } unusable)
            LoseCheckpoint(trial, unusable, lost);
        Retry(trial, lost.Cause, lost.Time + lost.BackOff);
    }

    /// <summary>It goes on where it was: what it had reported stands.</summary>
    private void Regain(AttemptRegained regained)
    {
        var trial = _trials[regained.Trial];
        Retries.Remove(trial.Trial);
        (trial.Phase, trial.Slot, trial.Since) = (TrialPhase.Running, regained.Slot, regained.Time);
        RungOf(trial).Running++;
        Slots.Run(regained.Slot, regained.Trial);
        Regained++;
    }

    private void LoseCheckpoint(TrialState trial, CheckpointRef unusable, AttemptLost lost)
    {
        (trial.Checkpoint, trial.CheckpointBefore) = (lost.Detail is null ? null : trial.CheckpointBefore, null);
        if (trial.ResultCheckpoint == unusable)
            trial.ResultCheckpoint = null;
        _checkpointLosses.Add(new CheckpointLoss(lost, unusable, trial.Checkpoint));
    }

    private void Drop(TrialState trial)
    {
        (trial.Checkpoint, trial.CheckpointBefore, trial.ResultCheckpoint, trial.IsCheckpointDropped) = (null, null, null, true);
        DroppedCheckpoints++;
    }

    private void Cut(JobCut cut)
    {
        EndAttempt(_trials[cut.Trial], cut.Slot).Phase = TrialPhase.Cancelled;
        _cut.Add(cut.Trial);
    }

    private void Retry(TrialState trial, string reason, TimeSpan? from = null)
    {
        (trial.Phase, trial.RetryReason, trial.RetryAt) = (TrialPhase.Pending, reason, from);
        Retries.Add(trial.Trial, from);
    }

    private void Release(TrialState trial)
    {
        trial.RetryAt = null;
        Retries.Release(trial.Trial);
    }

    private TrialState EndAttempt(TrialState trial, int slot)
    {
        RungOf(trial).Running--;
        Slots.Set(slot, SlotPhase.Undecided);
        return trial;
    }

    private void AddResult(TrialState trial, double resource, double metric)
    {
        trial.Results = trial.Results.Add((resource, metric));
        var rung = RungOf(trial);
        rung.Completed++;
        rung.Underway--;
        FirstResults += trial.Rung == 0 ? 1 : 0;
        FormerBest = Best;
        if (double.IsFinite(metric))
            _best.Take(trial, metric, Spec.Metric);
    }

    private RungTally RungOf(TrialState trial) => _brackets[trial.Bracket].Rungs[trial.Rung];

    private void End(ExperimentEnded ended)
    {
        Ended = ended;
        if (FinalOutcome.IsFinal(ended))
            Close();
        else
            RetryCut();
        _cut.Clear();
    }

    /// <summary>Whoever goes on with the experiment tries these jobs again.</summary>
    private void RetryCut()
    {
        foreach (var cut in _cut)
            Retry(_trials[cut], FaultNames.EngineLost);
    }

    private void Close()
    {
        foreach (var waiting in _brackets.SelectMany(bracket => bracket.Pending).Concat(Retries.Due).Concat(Retries.BackingOff))
            _trials[waiting].Phase = TrialPhase.Cancelled;
        foreach (var trial in _trials.Where(trial => trial.Phase == TrialPhase.Paused))
            trial.Phase = TrialPhase.Stopped;
    }
}
