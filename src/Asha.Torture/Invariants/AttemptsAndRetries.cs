using Asha.Core.Experiments;

namespace Asha.Torture.Invariants;

/// <summary>
/// Each start has the trial's next number. Only a fault of the trial is a failure of its job, and of these there are as many as the experiment allows, of each kind and in all, not one more or fewer; a failed job waits out its
/// back-off; what a lost node or engine ran uses up nothing, nor what fails on a node in quarantine; what failed there before is given back, once.
/// </summary>
public sealed class AttemptsAndRetries : Invariant
{
    private sealed class Trial
    {
        public int Attempt;
        public bool Runs, HasFailed, IsAstray;
        public readonly Dictionary<string, int> Failures = [];
        public readonly Dictionary<int, string> FailedAttempts = [];
        public TimeSpan? Until;
    }

    private static readonly string[] _noFailure = ["node-lost", "engine-lost", "checkpoint-missing", "checkpoint-corrupt", "stopped", "slot-retired", "node-unfit"];

    private readonly Dictionary<int, Trial> _trials = [];
    private TrialSpec _spec = null!;

    /// <summary>What the next event has to be, as what came before it is right only then.</summary>
    private (Func<ExperimentEvent, bool> Is, string What, int Trial)? _next;

    /// <summary>Whether the engine is another one, and has started nothing.</summary>
    private bool _isAnother;

    public override string Name => "attempts are numbered, and retries kept";

    public override void Committed(TimeSpan now, IReadOnlyList<ExperimentEvent> events)
    {
        foreach (var happened in events)
        {
            if (_next is { } next)
                Judge(next.Is(happened), $"{next.What}, and then: {happened}", next.Trial);
            _next = null;
            Take(happened);
        }
    }

    private void Take(ExperimentEvent happened)
    {
        _isAnother = happened is ExperimentResumed || (_isAnother && happened is AttemptLost);
        switch (happened)
        {
            case ExperimentStarted started: _spec = started.Experiment.Trial; break;
            case TrialSampled sampled: _trials[sampled.Trial] = new Trial(); break;
            case TrialPromoted up:
                Judge(!_trials[up.Trial].HasFailed, $"it goes up from rung {up.Rung}, and has failed for good", up.Trial);
                _trials[up.Trial].Failures.Clear();
                _trials[up.Trial].FailedAttempts.Clear();
                break;
            case JobStarted started: Start(_trials[started.Trial], started); break;
            case AttemptRegained regained:
                var astray = _trials[regained.Trial];
                Judge(astray is { Runs: false, IsAstray: true } && astray.Attempt == regained.Attempt, $"{regained}, and attempt {astray.Attempt} {(astray.Runs ? "runs" : "was not lost with its node")}", regained.Trial);
                (astray.Runs, astray.IsAstray) = (true, false);
                break;
            case JobCompleted done: End(_trials[done.Trial], done.Attempt, done.Trial, done); break;
            case JobCut cut: End(_trials[cut.Trial], cut.Attempt, cut.Trial, cut); break;
            case AttemptLost lost: Lose(_trials[lost.Trial], lost); break;
            case NodeUnfit { Forgives: { } forgives }:
                foreach (var there in forgives)
                    Forgive(_trials[there.Trial], there);
                break;
            case AttemptFailed failed: Fail(_trials[failed.Trial], failed); break;
            case RetryDue due:
                var waits = _trials[due.Trial];
                Judge(waits.Until <= due.Time && waits.Attempt == due.Attempt, $"{due}, and {(waits.Until is { } until ? $"attempt {waits.Attempt} waits until {until}" : "it waits for nothing")}", due.Trial);
                waits.Until = null;
                break;
        }
    }

    private void Start(Trial trial, JobStarted started)
    {
        Judge(started.Attempt == trial.Attempt + 1 && !trial.Runs, $"attempt {started.Attempt} starts after {trial.Attempt}{(trial.Runs ? ", which runs" : "")}", started.Trial);
        Judge(!trial.HasFailed, $"attempt {started.Attempt} starts, and it has failed for good", started.Trial);
        Judge(trial.Until is null, $"attempt {started.Attempt} starts at {started.Time}, and its back-off, until {trial.Until}, was not told to be over", started.Trial);
        (trial.Attempt, trial.Runs, trial.IsAstray) = (started.Attempt, true, false);
    }

    private void End(Trial trial, int attempt, int number, ExperimentEvent ending)
    {
        Judge(trial.Runs && trial.Attempt == attempt, $"{ending}, and attempt {trial.Attempt} {(trial.Runs ? "runs" : "is over")}", number);
        trial.Runs = false;
    }

    private void Lose(Trial trial, AttemptLost lost)
    {
        End(trial, lost.Attempt, lost.Trial, lost);
        Judge(_noFailure.Contains(lost.Cause), $"{lost.Cause} is a failure", lost.Trial);
        Judge(lost.Fault is null || lost.Cause == "node-unfit", $"it failed by {lost.Fault}, and is lost by {lost.Cause}", lost.Trial);
        trial.IsAstray = lost.Cause == "node-lost";
        trial.Until = lost.Time + lost.BackOff;
        Judge(lost.Cause != "engine-lost" || _isAnother, $"its engine was lost, and there is no other", lost.Trial);
        if (lost.Cause == "node-lost")
            _next = (happened => happened is SlotLost gone && gone.Slot == lost.Slot, $"its node was lost with slot {lost.Slot}", lost.Trial);
    }

    /// <summary>Each failure of the job under way once, and no other.</summary>
    private void Forgive(Trial trial, FailedThere there)
    {
        Judge(trial.FailedAttempts.Remove(there.Attempt, out var cause) && cause == there.Cause && !trial.HasFailed, $"{there} is given back, and {(trial.HasFailed ? "its trial has failed for good" : cause is null ? "there is no such failure" : $"it failed by {cause}")}", there.Trial);
        trial.Failures[Kind(there.Cause)]--;
    }

    private void Fail(Trial trial, AttemptFailed failed)
    {
        End(trial, failed.Attempt, failed.Trial, failed);
        Judge(!_noFailure.Contains(failed.Cause), $"{failed.Cause} is no failure", failed.Trial);
        var kind = Kind(failed.Cause);
        trial.Failures[kind] = trial.Failures.GetValueOrDefault(kind) + 1;
        trial.FailedAttempts[failed.Attempt] = failed.Cause;
        var all = trial.Failures.Values.Sum();
        var isLast = all >= _spec.MaxAttempts || trial.Failures[kind] >= Limit(kind);
        var counted = $"it failed {all} times of {_spec.MaxAttempts}, {trial.Failures[kind]} times by {kind} of {Limit(kind)?.ToString() ?? "any"}";
        Judge(failed.Last || !isLast, $"{counted}, and is tried again", failed.Trial);
        if (failed.Last && !isLast)
            _next = (happened => happened is SlotLeft { Reason: not null } gone && gone.Slot == failed.Slot, $"{counted}, and is not tried again though it did not cost its slot", failed.Trial);
        var wait = failed.BackOff ?? TimeSpan.Zero;
        var (least, most) = failed.Last ? (TimeSpan.Zero, TimeSpan.Zero) : Waits(all);
        Judge(wait >= least && wait <= most && failed.BackOff != TimeSpan.Zero, $"{counted}, and waits for {wait}; it has to be from {least} to {most}", failed.Trial);
        (trial.HasFailed, trial.Until) = (failed.Last, failed.BackOff is { } backOff ? failed.Time + backOff : null);
    }

    /// <summary>first · factor^(failures − 1), at most the bound, ± jitter; a tick for rounding.</summary>
    private (TimeSpan Least, TimeSpan Most) Waits(int failures)
    {
        if (_spec.RetryBackOff is not { } backOff)
            return default;
        var middle = Math.Min(backOff.First.Ticks * Math.Pow(backOff.Factor, failures - 1), backOff.Most.Ticks);
        return (TimeSpan.FromTicks(Math.Max(0, (long)(middle * (1 - backOff.Jitter)) - 1)), TimeSpan.FromTicks((long)(middle * (1 + backOff.Jitter)) + 2));
    }

    private static string Kind(string cause) => cause switch
    {
        "out-of-memory" => "memory",
        "time-limit" or "silence" => "time",
        "bad-report" or "no-result" => "reports",
        _ => "crash",
    };

    private int? Limit(string kind) => kind switch
    {
        "memory" => _spec.MaxAttemptsByFault?.OutOfMemory,
        "time" => _spec.MaxAttemptsByFault?.TimeOut,
        "reports" => _spec.MaxAttemptsByFault?.BadReport,
        _ => _spec.MaxAttemptsByFault?.Crash,
    };
}
