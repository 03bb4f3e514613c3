using Asha.Core.Experiments;
using Asha.Torture.Faults;
using Asha.Torture.Trials;

namespace Asha.Torture.World;

/// <summary>How many jobs, reports and faults come with a job, about, so that an experiment can be drawn to have so many of them. What comes of one differs by a quarter or so.</summary>
internal static class EventEstimate
{
    /// <summary>ASHA promotes more than one in η; the others come to so much of what is drawn for it, as was measured.</summary>
    private const double OtherTypes = .85;

    /// <summary>Its start, its reports, what is bad in it, what happens to the messages about it; and all of that again where it is tried again.</summary>
    public static double OfAJob(SchedulerType type, ResourceSpec resource, int eta, TrialTraits traits, FaultRates faults)
    {
        var reports = Reports(resource, eta, traits);
        var kinds = ScriptDraw.Habits.Count(faults.Kinds.Contains);
        var habit = kinds == 0 ? 0 : traits.Habits / kinds;
        if (faults.Kinds.Contains(Fault.TrialFloods))
            reports += habit * ScriptDraw.AverageFlood / 2; // Many attempts end before.
        // A start, each report with its answer, the ending with its own; and half of the time there is no fire.
        var messages = (3 + 2 * reports) / 2;
        var happens = Share(faults, Fault.Delayed, faults.Delayed) + Share(faults, Fault.Dropped, faults.Dropped) + Share(faults, Fault.Duplicated, faults.Duplicated);
        var failing = habit * ScriptDraw.Failing.Count(faults.Kinds.Contains);
        return (1 + reports + habit * kinds + messages * happens) / (1 - failing / 2) * (type == SchedulerType.Asha ? 1 : OtherTypes);
    }

    /// <summary>Of an honest job, on average over the rungs: a share of each one's trials goes up.</summary>
    private static double Reports(ResourceSpec resource, int eta, TrialTraits traits)
    {
        var (reports, jobs, share, level) = (0.0, 0.0, 1.0, 0.0);
        for (var next = resource.Min; next <= resource.Max; next *= eta)
        {
            reports += share * (resource.Integral ? Math.Min(traits.Reports, next - level) : traits.Reports);
            jobs += share;
            (share, level) = (share / eta, next);
        }
        return reports / jobs;
    }

    private static double Share(FaultRates faults, Fault kind, double rate) => faults.Kinds.Contains(kind) ? rate : 0;
}
