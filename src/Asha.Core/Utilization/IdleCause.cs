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
        var asynchronous = state.Spec.Scheduler.Type == SchedulerType.Asha;
        for (var rung = 0; rung < state.Rungs.Count - 1; rung++)
        {
            if (asynchronous && state.Rungs[rung].Running > 0)
                return IdleCause.NoPromotable;
            if (!asynchronous && state.Rungs[rung].Underway > 0 && state.Population(rung) >= state.Spec.Scheduler.ReductionFactor)
                return IdleCause.RungBarrier;
        }
        return IdleCause.NoWork;
    }
}
