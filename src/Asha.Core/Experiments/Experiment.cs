using Asha.Core.Scheduling;
using Asha.Core.Searchers;

namespace Asha.Core.Experiments;

/// <summary>
/// Decides, and holds what was decided: every decision is an event, applied at once and handed out by <see cref="TakeDecided"/> for the
/// journal. It reads no clock and ranks nothing; time comes in with each call, and a rung's answers with <see cref="Promoted"/>.
/// </summary>
public sealed partial class Experiment
{
    private readonly RandomSearcher _searcher;
    private List<ExperimentEvent> _decided = [];

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

    private void Decide(ExperimentEvent decided)
    {
        State.Apply(decided);
        _decided.Add(decided);
    }
}
