using Asha.Core.Experiments;
using Asha.Core.Utilization;

namespace Asha.Host.View;

/// <summary>Slot-time busy and idle up to this very moment: since the last event, each slot has gone on with what it did.</summary>
internal sealed class SlotTime
{
    private readonly TimeSpan[] _idle;
    private readonly TimeSpan _busy, _present;

    /// <param name="record">The run.</param>
    /// <param name="now">Since its start, not before its last event.</param>
    public SlotTime(RunRecord record, TimeSpan now)
    {
        var (state, tally) = (record.State, record.Utilization);
        var slots = state.Slots;
        var passed = state.Ended is null ? now - state.Time : TimeSpan.Zero;
        _busy = tally.Busy + passed * slots.Count(SlotPhase.Busy);
        _present = tally.Present + passed * slots.Present;
        _idle = [.. Enum.GetValues<IdleCause>().Select(tally.Idle)];
        _idle[(int)IdleCause.NodeLost] += passed * slots.Count(SlotPhase.Lost);
        _idle[(int)IdleCause.WaitingForDecision] += passed * slots.Count(SlotPhase.Undecided);
        if (slots.Count(SlotPhase.Parked) is > 0 and var parked)
            _idle[(int)IdleCauses.OfParked(state)] += passed * parked;
    }

    /// <summary>Busy ÷ present; 0 before the first slot.</summary>
    public double Utilization => Share(_busy);

    /// <summary>The causes of idle slot-time with their shares of all of it, the largest first.</summary>
    public IEnumerable<(IdleCause Cause, double Share)> Idle => Enum.GetValues<IdleCause>().Select(cause => (cause, Share(_idle[(int)cause])))
        .Where(idle => idle.Item2 > 0).OrderByDescending(idle => idle.Item2);

    private double Share(TimeSpan time) => _present > TimeSpan.Zero ? time / _present : 0;
}
