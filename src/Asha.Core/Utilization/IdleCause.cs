using Asha.Core.Experiments;

namespace Asha.Core.Utilization;

/// <summary>Why a slot is idle: of those that hold, the first in this order.</summary>
public enum IdleCause { NodeLost, WaitingForDecision, RetryBackOff, RungBarrier, NoPromotable, NoWork }

public static class IdleCauses
{
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

    /// <summary>Why the parked slots are idle.</summary>
    public static IdleCause OfParked(ExperimentState state)
    {
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
