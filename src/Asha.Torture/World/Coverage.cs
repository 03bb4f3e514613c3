using Asha.Core.Experiments;

namespace Asha.Torture.World;

/// <summary>Which transitions of the experiment's state have happened: what an event did, to something that was in which phase.</summary>
internal sealed class Coverage
{
    private readonly ExperimentState _state = new();
    private readonly HashSet<string> _seen = [];
    private readonly HashSet<(Type, int, int)> _known = [];

    public IReadOnlySet<string> Seen => _seen;

    public void Take(ExperimentEvent happened)
    {
        var (what, was) = Of(happened);
        if (_known.Add((happened.GetType(), what, was)))
            _seen.Add(Transitions.NameOf(happened, _state));
        _state.Apply(happened);
    }

    /// <summary>Numbers that stand for the name, so that it need not be made each time.</summary>
    private (int What, int Was) Of(ExperimentEvent happened) => happened switch
    {
        AttemptFailed failed => (failed.Last ? 1 : failed.BackOff is null ? 2 : 3, (int)FaultNames.KindOf(failed.Cause)),
        AttemptLost lost => (lost.Cause.Length, lost.Cause[0]),
        JobStarted started => (started.GoesOn ? 1 : _state.Trials[started.Trial].RetryReason.Length > 0 ? 2 : 3, (int)_state.Slots.PhaseOf(started.Slot)),
        JobCompleted completed => (double.IsFinite(completed.Metric) ? 1 : 0, (int)_state.Spec.Scheduler.Type),
        TrialPromoted promoted => ((int)_state.Trials[promoted.Trial].Phase, (int)_state.Spec.Scheduler.Type),
        SlotLost lost => ((int)_state.Slots.PhaseOf(lost.Slot), 0),
        SlotLeft left => ((int)_state.Slots.PhaseOf(left.Slot), left.Reason is null ? 0 : 1),
        ReportAccepted accepted => (_state.Trials[accepted.Trial].Result is not null ? 1 : 0, accepted.Resource >= _state.Trials[accepted.Trial].Target ? 1 : 0),
        ExperimentResumed => (_state.Ended is null ? 0 : _state.Ended.Outcome.Length, _state.Running.Any() ? 1 : 0),
        ExperimentEnded ended => (ended.Outcome.Length, ended.Outcome[0]),
        ReportsIgnored ignored => ((ignored.Duplicate > 0 ? 1 : 0) + (ignored.Late > 0 ? 2 : 0) + (ignored.Stale > 0 ? 4 : 0) + (ignored.Unknown > 0 ? 8 : 0), 0),
        _ => (0, 0),
    };
}
