using Asha.Core.Experiments;

namespace Asha.Core.Utilization;

/// <summary>What a slot did from <paramref name="From"/> to <paramref name="To"/>: it ran <paramref name="Job"/>, or was idle by <paramref name="Idle"/>; one of the two is <c>null</c>.</summary>
/// <param name="WithoutResult">The attempt ended and brought no result: it failed, was lost, or was cut by the end of the experiment.</param>
public readonly record struct SlotSpan(int Slot, TimeSpan From, TimeSpan To, JobStarted? Job, IdleCause? Idle, bool WithoutResult = false);

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
    private readonly Dictionary<int, int> _awaited = [];
    private TimeSpan _until;

    /// <summary>The spans that have ended, in the order of their ends; none is empty.</summary>
    public IReadOnlyList<SlotSpan> Spans => _spans;

    /// <summary>
    /// What each slot did until <paramref name="now"/>: the spans that have ended, then those under way, cut off there, by slot. For a run that goes on, or broke off; where it has ended, the same as
    /// <see cref="Spans"/>. O(spans).
    /// </summary>
    /// <param name="state">The state after the last event taken.</param>
    /// <param name="now">Not before that event.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="now"/> is earlier.</exception>
    public IReadOnlyList<SlotSpan> Until(ExperimentState state, TimeSpan now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(now, _until);
        var spans = _spans.ToList();
        var causes = _causes.ToList();
        Note(causes, state, _until, now);
        foreach (var (slot, begun) in _open.OrderBy(open => open.Key))
            Add(spans, slot, begun, now, causes);
        return spans;
    }

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
            case AttemptRegained back when before.Trials[back.Trial] is var trial:
                Begin(back.Slot, next.Time, SlotPhase.Busy, new JobStarted(next.Time, back.Trial, back.Bracket, back.Rung, back.Attempt, back.Slot, trial.Start, trial.Target));
                break;
            case ReportAwaited awaited:
                Begin(awaited.Slot, next.Time, SlotPhase.Awaiting);
                if (_spans is [.., { Job: not null } ended] && ended.Slot == awaited.Slot)
                    _awaited[awaited.Slot] = _spans.Count - 1; // Whether it brought a result will be told later.
                break;
            case JobCompleted done: Begin(done.Slot, next.Time, SlotPhase.Undecided); break;
            case AttemptFailed failed: Begin(failed.Slot, next.Time, SlotPhase.Undecided, withoutResult: true); break;
            case AttemptLost lost: Begin(lost.Slot, next.Time, SlotPhase.Undecided, withoutResult: true); break;
            case JobCut cut: Begin(cut.Slot, next.Time, SlotPhase.Undecided, withoutResult: true); break;
            case ExperimentEnded:
                foreach (var slot in _open.Keys.Order().ToArray())
                    End(slot, next.Time);
                break;
        }
    }

    /// <summary>The cause that held from the last event until this one, if any time passed and any slot was parked.</summary>
    private void NoteCause(ExperimentState before, TimeSpan now)
    {
        Note(_causes, before, _until, now);
        _until = now;
    }

    private static void Note(List<(TimeSpan At, IdleCause Cause)> causes, ExperimentState state, TimeSpan from, TimeSpan to)
    {
        if (to <= from || state.Slots.Count(SlotPhase.Parked) == 0)
            return;
        var cause = IdleCauses.OfParked(state);
        if (causes.Count == 0 || causes[^1].Cause != cause)
            causes.Add((from, cause));
    }

    private void Begin(int slot, TimeSpan now, SlotPhase phase, JobStarted? job = null, bool withoutResult = false)
    {
        if (_awaited.Remove(slot, out var ended) && withoutResult)
            _spans[ended] = _spans[ended] with { WithoutResult = true };
        End(slot, now, withoutResult);
        _open[slot] = new Begun(now, phase, job);
    }

    private void End(int slot, TimeSpan now, bool withoutResult = false)
    {
        if (_open.Remove(slot, out var begun))
            Add(_spans, slot, begun, now, _causes, withoutResult);
    }

    private static void Add(List<SlotSpan> spans, int slot, Begun begun, TimeSpan now, List<(TimeSpan At, IdleCause Cause)> causes, bool withoutResult = false)
    {
        if (begun.At == now)
            return;
        if (begun.Phase == SlotPhase.Parked)
            CutAlongCauses(spans, slot, begun.At, now, causes);
        else
            spans.Add(new SlotSpan(slot, begun.At, now, begun.Job, begun.Phase switch
            {
                SlotPhase.Lost => IdleCause.NodeLost,
                SlotPhase.Undecided or SlotPhase.Awaiting => IdleCause.WaitingForDecision,
                _ => null,
            }, withoutResult && begun.Job is not null));
    }

    private static void CutAlongCauses(List<SlotSpan> spans, int slot, TimeSpan from, TimeSpan to, List<(TimeSpan At, IdleCause Cause)> causes)
    {
        var first = causes.Count - 1;
        while (causes[first].At > from)
            first--;
        for (var index = first; index < causes.Count && from < to; index++)
        {
            var end = index + 1 < causes.Count && causes[index + 1].At < to ? causes[index + 1].At : to;
            if (end > from)
                spans.Add(new SlotSpan(slot, from, end, null, causes[index].Cause));
            from = end;
        }
    }
}
