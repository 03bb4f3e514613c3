using Asha.Actors;
using Asha.Core.Experiments;
using Asha.Torture.Trials;

namespace Asha.Torture.Faults;

/// <summary>Sees in the experiment's events which faults of nodes, trials, checkpoints and coordinators took effect.</summary>
internal sealed class Effects(FaultCounts counts)
{
    /// <summary>Reports at one time that count as a flood.</summary>
    private const int Flood = 10;

    private readonly Dictionary<(int Trial, int Attempt), Fault> _habits = [];
    private readonly Dictionary<(int Trial, int Attempt), Fault> _spoiled = [];
    private readonly Dictionary<int, string> _slots = [];

    /// <summary>What was started last on each slot.</summary>
    private readonly Dictionary<int, (int Trial, int Attempt)> _on = [];
    private readonly Dictionary<string, Fault> _expected = [];
    private readonly Dictionary<(int Trial, int Attempt), (TimeSpan Time, int Count)> _reports = [];
    private readonly Dictionary<(int Trial, int Attempt), double> _targets = [];

    /// <summary>When the experiment was told to end, where it waits for its trials; <c>null</c>: it was not.</summary>
    private TimeSpan? _stopping;

    /// <summary>Since then jobs were cut before their time was over.</summary>
    private bool _isCutShort;

    /// <summary>There is another supervisor.</summary>
    private bool _isReopened;

    /// <summary>Why there is no engine; <c>null</c>: there is one, or it went by itself.</summary>
    private Fault? _gone;

    /// <summary>A trial does something bad; that it took effect is counted when it is seen in the events.</summary>
    public void Showed(Fault habit, int trial, int attempt)
    {
        if (_habits.TryAdd((trial, attempt), habit))
            counts.Inject(habit);
    }

    /// <summary>The attempt finds its checkpoint gone, or broken.</summary>
    public void Spoiled(Fault kind, int trial, int attempt) => _spoiled[(trial, attempt)] = kind;

    /// <summary>A fault of a node was done: its slots will be lost, or, of one that joins, or joins the next engine, be there.</summary>
    public void Expect(Fault kind, string node) => _expected[node] = kind;

    /// <summary>The engine goes: that is seen when another one goes on from its journal.</summary>
    public void Leaves(Fault by) => _gone = by;

    /// <summary>There is another supervisor: that is seen when the experiment says to it what it holds.</summary>
    public void ExpectReopening() => _isReopened = true;

    /// <summary>The experiment has.</summary>
    public void Reopened()
    {
        if (_isReopened)
            counts.Take(Fault.SupervisorLost);
        _isReopened = false;
    }

    /// <summary>A node has joined a supervisor that did not know it, with the slots that it had.</summary>
    public void Announced(string node)
    {
        if (_expected.TryGetValue(node, out var kind) && kind == Fault.NodeOutlives)
            Met(node);
    }

    public void Take(ExperimentEvent happened)
    {
        switch (happened)
        {
            case SlotJoined joined:
                _slots[joined.Slot] = joined.Node;
                if (_expected.TryGetValue(joined.Node, out var joins) && joins is Fault.NodeJoins or Fault.NodeOutlives)
                    Met(joined.Node);
                break;
            case SlotLost gone when _expected.TryGetValue(_slots[gone.Slot], out var kind) && kind is not (Fault.NodeJoins or Fault.NodeOutlives):
                Met(_slots[gone.Slot]);
                break;
            case ExperimentTakenOver:
                counts.Take(Fault.Takeover);
                if (_gone is { } fault)
                    counts.Take(fault);
                _gone = null;
                break;
            case SlotLeft { Reason: not null } retired when _on.TryGetValue(retired.Slot, out var last):
                Habit(last.Trial, last.Attempt, Fault.TrialRetiresSlot);
                break;
            case ExperimentResumed:
                if (_gone is { } by)
                    counts.Take(by);
                (_gone, _stopping) = (null, null);
                break;
            case ExperimentStopping stopping:
                (_stopping, _isCutShort) = (stopping.Time, false);
                break;
            case JobCut cut when _stopping is { } since:
                if (cut.Time - since < AshaActors.ProcessesEndIn)
                    _isCutShort = true;
                else
                    Habit(cut.Trial, cut.Attempt, Fault.TrialOutstays);
                break;
            case ExperimentEnded ended:
                if (ended.Outcome == FinalOutcome.Cancelled)
                    counts.Take(Fault.UserCancels);
                else if (_stopping is not null && _isCutShort && FinalOutcome.CanGoOn(ended.Outcome))
                    counts.Take(Fault.UserInsists);
                _stopping = null;
                break;
            case JobStarted started:
                _targets[(started.Trial, started.Attempt)] = started.Target;
                _on[started.Slot] = (started.Trial, started.Attempt);
                break;
            case ReportAccepted accepted:
                Count(accepted.Trial, accepted.Attempt, accepted.Time);
                break;
            case ReportRejected rejected:
                Count(rejected.Trial, rejected.Attempt, rejected.Time);
                Habit(rejected.Trial, rejected.Attempt, Fault.TrialFalls);
                break;
            case JobCompleted completed:
                Complete(completed);
                break;
            case AttemptFailed failed:
                Fail(failed.Trial, failed.Attempt, failed.Cause, failed.Detail);
                break;
            case AttemptLost { Fault: { } failure } unfit:
                Fail(unfit.Trial, unfit.Attempt, failure, unfit.Detail);
                break;
            case AttemptLost { Cause: FaultNames.CheckpointMissing or FaultNames.CheckpointCorrupt } lost when _spoiled.Remove((lost.Trial, lost.Attempt), out var spoiled):
                counts.Take(spoiled);
                break;
        }
    }

    private void Met(string node)
    {
        counts.Take(_expected[node]);
        _expected.Remove(node);
    }

    private void Complete(JobCompleted completed)
    {
        var key = (completed.Trial, completed.Attempt);
        if (!double.IsFinite(completed.Metric))
            Habit(completed.Trial, completed.Attempt, Fault.TrialDiverges);
        if (_targets.TryGetValue(key, out var target) && completed.Resource > target)
            Habit(completed.Trial, completed.Attempt, Fault.TrialGoesBeyond);
        // It has talked on, and the result stood.
        Habit(completed.Trial, completed.Attempt, Fault.TrialTalksOn);
        Forget(key);
    }

    private void Fail(int trial, int attempt, string cause, string? detail)
    {
        // On a broken node an attempt does not come to the trial's own habits.
        if (detail == VirtualAttempt.Broken.Detail)
            counts.Take(Fault.NodeFails);
        else if (ShownBy(cause) is { } kind)
            Habit(trial, attempt, kind);
        Forget((trial, attempt));
    }

    private static Fault? ShownBy(string cause) => cause switch
    {
        "crash" => Fault.TrialCrashes,
        "exit" => Fault.TrialExits,
        "start-failed" => Fault.TrialStartFails,
        FaultNames.OutOfMemory => Fault.TrialOutOfMemory,
        FaultNames.NoResult or FaultNames.BadReport => Fault.TrialSaysNothing,
        "time-limit" or "silence" => Fault.TrialHangs,
        _ => null,
    };

    private void Count(int trial, int attempt, TimeSpan time)
    {
        var (since, count) = _reports.GetValueOrDefault((trial, attempt));
        _reports[(trial, attempt)] = since == time && count > 0 ? (time, count + 1) : (time, 1);
        if (since == time && count + 1 == Flood)
            Habit(trial, attempt, Fault.TrialFloods);
    }

    private void Habit(int trial, int attempt, Fault kind)
    {
        if (_habits.TryGetValue((trial, attempt), out var habit) && habit == kind)
        {
            counts.Take(kind);
            _habits.Remove((trial, attempt));
        }
    }

    private void Forget((int Trial, int Attempt) key)
    {
        _targets.Remove(key);
        _reports.Remove(key);
    }
}
