namespace Asha.Core.Experiments;

/// <summary>
/// An experiment, folded from its events. It holds no ranking: that is the rungs'. Only <see cref="Apply"/> changes it, so the journal and
/// the live state cannot differ.
/// </summary>
public sealed partial class ExperimentState
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
}
