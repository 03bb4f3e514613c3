using Asha.Core.Experiments;

namespace Asha.Core.Utilization;

/// <summary>
/// Busy and idle slot-time, summed from the events alone, O(1) an event. Give it each event together with the state as it was <em>before</em> it: what the
/// slots did until then lasted until then. Busy and idle add up to the slot-time present, the integral of the slots over time, exactly.
/// </summary>
public sealed class UtilizationTally
{
    private readonly TimeSpan[] _idle = new TimeSpan[IdleCauses.Count];
    private TimeSpan _until;

    public TimeSpan Busy { get; private set; }

    /// <summary>The integral of the slots present, lost ones included.</summary>
    public TimeSpan Present { get; private set; }

    /// <summary>The most slots that were there at a time.</summary>
    public int MostSlots { get; private set; }

    /// <summary>Busy ÷ present; 0 where no slot was ever there.</summary>
    public double Utilization => Present > TimeSpan.Zero ? Busy / Present : 0;

    public TimeSpan Idle(IdleCause cause) => _idle[(int)cause];

    /// <summary>Adds the time up to an event.</summary>
    public void Advance(ExperimentState before, ExperimentEvent next)
    {
        MostSlots = Math.Max(MostSlots, before.Slots.Present + (next is SlotJoined ? 1 : 0));
        Pass(before, next.Time);
    }

    /// <summary>What it will be if nothing happens until <paramref name="now"/>: for a run that goes on.</summary>
    /// <param name="state">The state after the last event taken.</param>
    public UtilizationTally Until(ExperimentState state, TimeSpan now)
    {
        var tally = new UtilizationTally { Busy = Busy, Present = Present, MostSlots = MostSlots, _until = _until };
        _idle.CopyTo(tally._idle, 0);
        tally.Pass(state, now);
        return tally;
    }

    private void Pass(ExperimentState before, TimeSpan now)
    {
        var passed = now - _until;
        if (passed <= TimeSpan.Zero)
            return;
        _until = now;
        var slots = before.Slots;
        Present += passed * slots.Present;
        Busy += passed * slots.Count(SlotPhase.Busy);
        Span<int> idle = stackalloc int[IdleCauses.Count];
        IdleCauses.CountSlots(before, idle);
        for (var cause = 0; cause < idle.Length; cause++)
            _idle[cause] += passed * idle[cause];
    }
}
