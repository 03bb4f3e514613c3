using Asha.Core.Experiments;

namespace Asha.Torture.Invariants.Books;

/// <summary>What a trial's job waits for.</summary>
internal enum JobStage { Waits, Runs, BacksOff, Rests }

/// <summary>What a slot does.</summary>
internal enum SlotStage { Idle, Busy, Awaits, Lost }

/// <summary>Which job of which trial runs where, and which wait: from the events alone. It judges nothing.</summary>
internal sealed class JobBook
{
    public sealed class Trial
    {
        public JobStage Stage { get; set; } = JobStage.Waits;

        /// <summary>The last one.</summary>
        public int Attempt { get; set; }

        /// <summary>Of the last attempt.</summary>
        public int Slot { get; set; } = -1;

        /// <summary>The next message of the last attempt: earlier ones are in the journal.</summary>
        public int NextMessage { get; set; }

        /// <summary>The last attempt was lost with its node, and may be back.</summary>
        public bool IsAstray { get; set; }

        /// <summary>The last start.</summary>
        public JobStarted? Start { get; set; }
    }

    private readonly List<int> _cut = [];
    private readonly Dictionary<int, SlotStage> _slots = [];

    public List<Trial> Trials { get; } = [];

    public IReadOnlyDictionary<int, SlotStage> Slots => _slots;

    public int IdleSlots { get; private set; }

    /// <summary>Jobs that may start.</summary>
    public int Waiting { get; private set; }

    /// <summary>Jobs that wait out a back-off.</summary>
    public int BackingOff { get; private set; }

    public int Running { get; private set; }

    public ExperimentEnded? Ended { get; private set; }

    /// <summary>The user ends the run: nothing may start any more.</summary>
    public bool IsStopping { get; private set; }

    public Trial? Find(int trial) => trial >= 0 && trial < Trials.Count ? Trials[trial] : null;

    public void Take(ExperimentEvent happened)
    {
        switch (happened)
        {
            case TrialSampled:
                Trials.Add(new Trial());
                Waiting++;
                break;
            case TrialPromoted up: Set(up.Trial, JobStage.Waits); break;
            case JobStarted started: Start(started); break;
            case ReportAccepted accepted: Trials[accepted.Trial].NextMessage = accepted.Message + 1; break;
            case ReportRejected rejected: Trials[rejected.Trial].NextMessage = rejected.Message + 1; break;
            case ReportAwaited awaited: Set(SlotStage.Awaits, awaited.Slot); break;
            case JobCompleted done: End(done.Trial, done.Slot, JobStage.Rests); break;
            case AttemptFailed failed: End(failed.Trial, failed.Slot, failed.Last ? JobStage.Rests : failed.BackOff is null ? JobStage.Waits : JobStage.BacksOff); break;
            case AttemptRegained regained:
                (Trials[regained.Trial].Slot, Trials[regained.Trial].IsAstray) = (regained.Slot, false);
                Set(regained.Trial, JobStage.Runs);
                Set(SlotStage.Busy, regained.Slot);
                break;
            case AttemptLost lost:
                Trials[lost.Trial].IsAstray = lost.Cause == "node-lost";
                End(lost.Trial, lost.Slot, lost.BackOff is null ? JobStage.Waits : JobStage.BacksOff);
                break;
            case JobCut cut:
                End(cut.Trial, cut.Slot, JobStage.Rests);
                _cut.Add(cut.Trial);
                break;
            case RetryDue due: Set(due.Trial, JobStage.Waits); break;
            case SlotJoined joined: Set(SlotStage.Idle, joined.Slot); break;
            case SlotLost lost: Set(SlotStage.Lost, lost.Slot); break;
            case SlotLeft left: Set(null, left.Slot); break;
            case ExperimentStopping: IsStopping = true; break;
            case ExperimentEnded ended: Ended = ended; break;
            case ExperimentResumed:
                (Ended, IsStopping) = (null, false);
                _cut.ForEach(trial => Set(trial, JobStage.Waits));
                _cut.Clear();
                break;
        }
    }

    private void Start(JobStarted started)
    {
        var trial = Trials[started.Trial];
        (trial.Attempt, trial.Slot, trial.NextMessage, trial.Start, trial.IsAstray) = (started.Attempt, started.Slot, 0, started, false);
        Set(started.Trial, JobStage.Runs);
        Set(SlotStage.Busy, started.Slot);
    }

    private void End(int trial, int slot, JobStage stage)
    {
        Set(trial, stage);
        Set(SlotStage.Idle, slot);
    }

    private void Set(int trial, JobStage stage)
    {
        Count(Trials[trial].Stage, -1);
        Count(Trials[trial].Stage = stage, 1);
    }

    private void Count(JobStage stage, int more)
    {
        Waiting += stage == JobStage.Waits ? more : 0;
        BackingOff += stage == JobStage.BacksOff ? more : 0;
        Running += stage == JobStage.Runs ? more : 0;
    }

    private void Set(SlotStage? stage, int slot)
    {
        if (_slots.Remove(slot, out var before) && before == SlotStage.Idle)
            IdleSlots--;
        if (stage is not { } now)
            return;
        _slots[slot] = now;
        IdleSlots += now == SlotStage.Idle ? 1 : 0;
    }
}
