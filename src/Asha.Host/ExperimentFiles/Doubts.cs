using Asha.Core.Experiments;
using Asha.Core.Scheduling;
using Asha.Core.Searchers;
using Asha.Host.Scenarios;
using Asha.Tuning;
using SearchSpace = Asha.Core.Spaces.SearchSpace;

namespace Asha.Host.ExperimentFiles;

/// <summary>Warns about what is allowed but probably not meant.</summary>
internal static class Doubts
{
    public static void Tell(ExperimentSpec spec, MapReader file)
    {
        var (scheduler, resource) = (spec.Scheduler, spec.Resource);
        if (RungLadder.Halvings(resource, scheduler.ReductionFactor) == 0 && resource.Min < resource.Max)
        {
            file.Warn("scheduler.reduction-factor", $"{scheduler.ReductionFactor} leaves a single rung between "
                + $"{FieldValues.Shown(resource.Min)} and {FieldValues.Shown(resource.Max)}: every trial is trained to the end");
        }
        var needed = ExperimentRules.FullBracket(resource, scheduler.ReductionFactor);
        if (scheduler is { Type: SchedulerType.Sha, Trials: { } given } && !(needed <= given))
        {
            file.Warn("scheduler.trials", $"{given} are too few for one trial to be promoted to {FieldValues.Shown(resource.Max)}: "
                + $"that takes {needed?.ToString() ?? $"more than {SchedulerReader.MostTrials}"}");
        }
        if (spec.Stop is { Metric: not null, After: null, Trials: null, Resource: null } && scheduler.Total is null)
            file.Warn("stop.metric", "alone ends nothing where no trial gets so good; give stop.after as well");
        if (scheduler.Total is { } trials)
            TellOfTooManyTrials(spec, trials, file);
    }

    /// <summary>The same of a scenario.</summary>
    public static void Tell(ExperimentSpec spec, WorldReading world, MapReader file)
    {
        if (spec.Trial is { TimeLimit: not null } or { SilenceLimit: not null })
            file.Warn("trial", "time-limit and silence-limit are for processes: in a simulated world nothing comes of them");
        if (spec.Trial.CheckpointBudget is not null)
            file.Warn("trial", "checkpoint-budget is for processes: in a simulated world there are no checkpoints on a disk");
        if (world.Curves is not null && spec.Metric.Mode == MetricMode.Max)
            file.Warn("metric.mode", "made-up curves are losses, which fall: max promotes the worst");
    }

    private static void TellOfTooManyTrials(ExperimentSpec spec, int trials, MapReader file)
    {
        if (spec.Initial.Count > trials)
            file.Warn("initial", $"the last {spec.Initial.Count - trials} of {spec.Initial.Count} configurations are never tried: {SchedulerReader.Bound(spec.Scheduler)} is {trials}");
        if (Configurations(spec.Space, trials) is { } count && count < trials)
            file.Warn(SchedulerReader.Bound(spec.Scheduler), $"is {trials}, but the space has {count} configurations only; no more are sampled");
    }

    /// <summary>How many there are; <c>null</c>: at least so many as are asked for, or too many to be counted, or, without parameters, nothing to count.</summary>
    private static int? Configurations(SearchSpace space, int atLeast)
        => space.Parameters.Count == 0 ? null : space.Enumerate(Math.Min(atLeast, RandomSearcher.CountableLimit))?.Count;
}
