using Asha.Core.Experiments;

namespace Asha.Core.Utilization;

/// <summary>Why a slot is idle: of those that hold, the first in this order.</summary>
public enum IdleCause { NodeLost, WaitingForDecision, RetryBackOff, RungBarrier, NoPromotable, NoWork }

public static class IdleCauses
{
    /// <summary>How many causes there are.</summary>
    public static int Count { get; } = Enum.GetValues<IdleCause>().Length;

    /// <summary>The cause's name in files and tables.</summary>
    public static string Name(this IdleCause cause) => cause switch
    {
        IdleCause.NodeLost => "node-lost",
        IdleCause.WaitingForDecision => "waiting-for-decision",
        IdleCause.RetryBackOff => "retry-back-off",
        IdleCause.RungBarrier => "rung-barrier",
        IdleCause.NoPromotable => "no-promotable",
        IdleCause.NoWork => "no-work",
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "This cause has no name."),
    };

    /// <summary>How many slots are idle by each cause: the place of each is its number. O(1), but for what <see cref="OfParked"/> takes.</summary>
    /// <param name="state">The experiment.</param>
    /// <param name="idle">Receives them, <see cref="Count"/> in all.</param>
    public static void CountSlots(ExperimentState state, Span<int> idle)
    {
        var slots = state.Slots;
        idle.Clear();
        idle[(int)IdleCause.NodeLost] = slots.Count(SlotPhase.Lost);
        idle[(int)IdleCause.WaitingForDecision] = slots.Waiting;
        if (slots.Count(SlotPhase.Parked) is > 0 and var parked)
            idle[(int)OfParked(state)] = parked;
    }

    /// <summary>Why the parked slots are idle.</summary>
    public static IdleCause OfParked(ExperimentState state)
    {
        if (state.Stopping is not null)
            return IdleCause.NoWork; // Nothing will start any more.
        // There is nothing else to start, or they would not be parked.
        if (state.Retries.AnyBackingOff)
            return IdleCause.RetryBackOff;
        var type = state.Spec.Scheduler.Type;
        // A trial that cannot be resumed goes on in its own slot: nothing that runs will ever be for another one.
        if (type == SchedulerType.Stopping)
            return IdleCause.NoWork;
        for (var number = state.FirstOpen; number < state.Brackets.Count; number++)
        {
            var rungs = state.Brackets[number].Rungs;
            for (var rung = 0; rung < rungs.Count - 1; rung++)
            {
                if (type == SchedulerType.Asha && rungs[rung].Running > 0)
                    return IdleCause.NoPromotable;
                if (type == SchedulerType.Sha && rungs[rung].Underway > 0 && state.Population(number, rung) >= state.Spec.Scheduler.ReductionFactor)
                    return IdleCause.RungBarrier;
            }
        }
        return IdleCause.NoWork;
    }
}
