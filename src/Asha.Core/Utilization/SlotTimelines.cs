using Asha.Core.Experiments;

namespace Asha.Core.Utilization;

/// <summary>What a slot did from <paramref name="From"/> to <paramref name="To"/>: it ran <paramref name="Job"/>, or was idle by <paramref name="Idle"/>; one of the two is <c>null</c>.</summary>
public readonly record struct SlotSpan(int Slot, TimeSpan From, TimeSpan To, JobStarted? Job, IdleCause? Idle);

/// <summary>
/// What each slot did at each moment, from the events alone. Give it each event together with the state as it was <em>before</em> it. Amortised O(1) an event and a span: all parked slots
/// are idle by the same cause, so only the moments at which that cause changed are kept, and a slot's idle time is cut along them when it ends.
/// </summary>
public sealed class SlotTimelines
{
    private readonly record struct Begun(TimeSpan At, SlotPhase Phase, JobStarted? Job);

    private readonly Dictionary<int, Begun> _open = [];
    private readonly List<(TimeSpan At, IdleCause Cause)> _causes = [];
    private readonly List<SlotSpan> _spans = [];
    private TimeSpan _until;

    /// <summary>The spans that have ended, in the order of their ends; none is empty.</summary>
    public IReadOnlyList<SlotSpan> Spans => _spans;

    /// <summary>Takes the next event.</summary>
    public void Advance(ExperimentState before, ExperimentEvent next)
    {
        NoteCause(before, next.Time);
        switch (next)
        {
            case SlotJoined joined: Begin(joined.Slot, next.Time, SlotPhase.Undecided); break;
            case SlotParked parked: Begin(parked.Slot, next.Time, SlotPhase.Parked); break;
            case SlotLost lost: Begin(lost.Slot, next.Time, SlotPhase.Lost); break;
            case SlotLeft left: End(left.Slot, next.Time); break;
            case JobStarted started: Begin(started.Slot, next.Time, SlotPhase.Busy, started); break;
            case JobCompleted done: Begin(done.Slot, next.Time, SlotPhase.Undecided); break;
            case AttemptFailed failed: Begin(failed.Slot, next.Time, SlotPhase.Undecided); break;
            case AttemptLost lost: Begin(lost.Slot, next.Time, SlotPhase.Undecided); break;
            case JobCut cut: Begin(cut.Slot, next.Time, SlotPhase.Undecided); break;
            case ExperimentEnded:
                foreach (var slot in _open.Keys.Order().ToArray())
                    End(slot, next.Time);
                break;
        }
    }

    /// <summary>The cause that held from the last event until this one, if any time passed and any slot was parked.</summary>
    private void NoteCause(ExperimentState before, TimeSpan now)
    {
        if (now > _until && before.Slots.Count(SlotPhase.Parked) > 0)
        {
            var cause = IdleCauses.OfParked(before);
            if (_causes.Count == 0 || _causes[^1].Cause != cause)
                _causes.Add((_until, cause));
        }
        _until = now;
    }

    private void Begin(int slot, TimeSpan now, SlotPhase phase, JobStarted? job = null)
    {
        End(slot, now);
        _open[slot] = new Begun(now, phase, job);
    }

    private void End(int slot, TimeSpan now)
    {
        if (!_open.Remove(slot, out var begun) || begun.At == now)
            return;
        if (begun.Phase != SlotPhase.Parked)
            _spans.Add(new SlotSpan(slot, begun.At, now, begun.Job, begun.Phase switch
            {
                SlotPhase.Lost => IdleCause.NodeLost,
                SlotPhase.Undecided => IdleCause.WaitingForDecision,
                _ => null,
            }));
        else
            CutAlongCauses(slot, begun.At, now);
    }

    private void CutAlongCauses(int slot, TimeSpan from, TimeSpan to)
    {
        var first = _causes.Count - 1;
        while (_causes[first].At > from)
            first--;
        for (var index = first; index < _causes.Count && from < to; index++)
        {
            var end = index + 1 < _causes.Count && _causes[index + 1].At < to ? _causes[index + 1].At : to;
            if (end > from)
                _spans.Add(new SlotSpan(slot, from, end, null, _causes[index].Cause));
            from = end;
        }
    }
}
