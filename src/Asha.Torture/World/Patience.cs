using Asha.Torture.Trials;

using Asha.Actors;
using Asha.Torture.Faults;

namespace Asha.Torture.World;

/// <summary>How long an experiment may take when nothing happens to it any more, and what it ran after its end.</summary>
internal static class Patience
{
    /// <summary>Until what was told to end has ended. That word may be lost or late, as long as faults happen, and is said again; a node that outlives the run's last coordinator, or was cut off when the run ended, asks about it once the experiment has gone.</summary>
    public static TimeSpan ToEnd(TorturePlan plan, TimeSpan now)
        => ScriptDraw.SlowestEnd(plan) + 3 * plan.Resend
            + (plan.Has(Fault.NodeOutlives) || plan.Has(Fault.NodeFrozen) || plan.Has(Fault.Partition) ? AshaActors.ProcessesEndIn + 3 * plan.Resend : TimeSpan.Zero)
            + StillLate(plan, now);

    /// <summary>What was delayed in the fire may arrive so much later, and all that was said after it on the same connection.</summary>
    private static TimeSpan StillLate(TorturePlan plan, TimeSpan now)
    {
        var latest = plan.Fire + plan.Faults.LongestDelay + plan.Faults.LongestBreak;
        return now < plan.Fire ? latest - plan.Fire : now < latest ? latest - now : TimeSpan.Zero;
    }

    /// <summary>
    /// Generous, but a bound: every job of every trial, tried as often as it may be and once more, on a single slot, each as slow as attempts get, with its back-off; what was lost with nodes and coordinators is among these tries, for no more is
    /// lost. Checkpoints that are lost cost nothing more: an attempt from nothing is as long as any is counted here.
    /// </summary>
    public static TimeSpan Of(TorturePlan plan)
    {
        var spec = plan.Spec;
        var tries = spec.Trial.MaxAttempts + 1;
        var rungs = 1 + Math.Log(spec.Resource.Max / spec.Resource.Min, spec.Scheduler.ReductionFactor);
        // ASHA promotes more than one in η; a trial that cannot be resumed runs through in one attempt.
        var jobs = SpecDraw.MostTrials(spec) * rungs;
        var attempt = plan.Trials.Unit * (spec.Resource.Max + 5) * plan.Trials.Stragglers;
        if (spec.Trial.TimeLimit is { } limit && limit > attempt)
            attempt = limit;
        if (spec.Trial.SilenceLimit is { } silence)
            attempt += silence;
        attempt += TimeSpan.FromSeconds(34) + ScriptDraw.SlowestEnd(plan) + 4 * plan.Resend + 20 * plan.Faults.Write;
        var wait = spec.Trial.RetryBackOff is { } backOff ? backOff.Most * 2 : TimeSpan.Zero;
        return (attempt + wait) * (jobs * tries) + plan.Faults.LongestBreak * 4 + TimeSpan.FromMinutes(2);
    }
}
