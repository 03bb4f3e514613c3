using Asha.Core.Experiments;
using Asha.Core.Utilization;

namespace Asha.Host.Runs;

/// <summary>Slot-time busy and idle up to this very moment: since the last event, each slot has gone on with what it did.</summary>
internal sealed class SlotTime
{
    private readonly TimeSpan[] _idle;

    /// <param name="record">The run.</param>
    /// <param name="now">Since its start, not before its last event.</param>
    public SlotTime(RunRecord record, TimeSpan now)
    {
        var (state, tally) = (record.State, record.Utilization);
        var slots = state.Slots;
        var passed = state.Ended is null ? now - state.Time : TimeSpan.Zero;
        Busy = tally.Busy + passed * slots.Count(SlotPhase.Busy);
        Present = tally.Present + passed * slots.Present;
        _idle = [.. Enum.GetValues<IdleCause>().Select(tally.Idle)];
        _idle[(int)IdleCause.NodeLost] += passed * slots.Count(SlotPhase.Lost);
        _idle[(int)IdleCause.WaitingForDecision] += passed * slots.Waiting;
        if (slots.Count(SlotPhase.Parked) is > 0 and var parked)
            _idle[(int)IdleCauses.OfParked(state)] += passed * parked;
    }

    public TimeSpan Busy { get; }

    /// <summary>The integral of the slots present.</summary>
    public TimeSpan Present { get; }

    /// <summary>Busy ÷ present; 0 before the first slot.</summary>
    public double Utilization => Share(Busy);

    /// <summary>The causes of idle slot-time with their shares of all of it, the largest first.</summary>
    public IEnumerable<(IdleCause Cause, double Share)> Idle => Enum.GetValues<IdleCause>().Select(cause => (cause, Share(_idle[(int)cause])))
        .Where(idle => idle.Item2 > 0).OrderByDescending(idle => idle.Item2);

    public TimeSpan Of(IdleCause cause) => _idle[(int)cause];

    private double Share(TimeSpan time) => Present > TimeSpan.Zero ? time / Present : 0;
}
