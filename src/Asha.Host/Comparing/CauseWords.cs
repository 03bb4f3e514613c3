using Asha.Core.Utilization;
using Asha.Host.Plots;

namespace Asha.Host.Comparing;

/// <summary>Causes of idleness for people who read of them for the first time.</summary>
internal static class CauseWords
{
    /// <summary>What slot-time is lost to.</summary>
    public static string Lost(IdleCause cause) => cause switch
    {
        IdleCause.RungBarrier => "the rung barrier",
        IdleCause.NoPromotable => "having nothing to promote yet",
        IdleCause.NoWork => "having nothing to do",
        IdleCause.NodeLost => "lost nodes",
        _ => TimelineChart.Words(cause),
    };

    /// <summary>What it means.</summary>
    public static string Meaning(IdleCause cause) => cause switch
    {
        IdleCause.RungBarrier => "Synchronous halving promotes when the last trial of a rung has its result; until then slots that have no trial of that rung left to start wait.",
        IdleCause.NoPromotable => "No result is among the best of its rung that is not promoted already, and no new trial may be sampled; jobs below the top rung still run.",
        IdleCause.NoWork => "What still runs will bring nothing to promote, and no new trial may be sampled now; repeated SHA begins its next bracket when this one is over.",
        IdleCause.WaitingForDecision => "The slot is free, and its next job not decided yet.",
        IdleCause.RetryBackOff => "A failed job waits before it is tried again, and there is nothing else to start.",
        IdleCause.NodeLost => "The slot's node does not answer, or is gone and not yet removed.",
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, "This cause has no meaning here."),
    };
}
