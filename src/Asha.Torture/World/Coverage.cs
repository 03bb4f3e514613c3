using Asha.Core.Experiments;

namespace Asha.Torture.World;

/// <summary>Which transitions of the experiment's state have happened: what an event did, to something that was in which phase.</summary>
internal sealed class Coverage
{
    private readonly ExperimentState _state = new();
    private readonly HashSet<string> _seen = [];
    private readonly HashSet<(Type, int, int, string?)> _known = [];

    public IReadOnlySet<string> Seen => _seen;

    public void Take(ExperimentEvent happened)
    {
        var (what, was, word) = Of(happened);
        if (_known.Add((happened.GetType(), what, was, word)))
            _seen.Add(Transitions.NameOf(happened, _state));
        _state.Apply(happened);
    }

    /// <summary>What makes the name another one, so that it need not be made each time.</summary>
    private (int What, int Was, string? Word) Of(ExperimentEvent happened) => happened switch
    {
        AttemptFailed failed => (failed.Last ? 1 : failed.BackOff is null ? 2 : 3, (int)FaultNames.KindOf(failed.Cause), null),
        SlotJoined joined => (joined.Anew ? 1 : 0, 0, null),
        NodeUnfit unfit => (unfit.Forgives is null ? 0 : 1, _state.Nodes.Unfit.ContainsKey(unfit.Node) ? 1 : 0, null),
        AttemptLost lost => (lost.Fault is null ? 0 : lost.BackOff is null ? 1 : 2, lost.Fault is not null && Transitions.IsOfUnfit(lost, _state) ? 1 : 0, lost.Cause),
        JobStarted started => (started.GoesOn ? 1 : _state.Trials[started.Trial].RetryReason.Length > 0 ? 2 : 3, (int)_state.Slots.PhaseOf(started.Slot), null),
        JobCompleted completed => (double.IsFinite(completed.Metric) ? 1 : 0, (int)_state.Spec.Scheduler.Type, null),
        TrialPromoted promoted => (0, (int)_state.Spec.Scheduler.Type, null),
        SlotLost lost => ((int)_state.Slots.PhaseOf(lost.Slot), 0, null),
        SlotLeft left => ((int)_state.Slots.PhaseOf(left.Slot), left.Reason is null ? 0 : 1, null),
        ReportAccepted accepted => (_state.Trials[accepted.Trial].Result is not null ? 1 : 0, accepted.Resource >= _state.Trials[accepted.Trial].Target ? 1 : 0, null),
        ExperimentResumed => (0, _state.Running.Any() ? 1 : 0, _state.Ended?.Outcome),
        ExperimentEnded ended => (0, 0, ended.Outcome),
        ReportsIgnored ignored => ((ignored.Duplicate > 0 ? 1 : 0) + (ignored.Late > 0 ? 2 : 0) + (ignored.Stale > 0 ? 4 : 0) + (ignored.Unknown > 0 ? 8 : 0), 0, null),
        _ => default,
    };
}
