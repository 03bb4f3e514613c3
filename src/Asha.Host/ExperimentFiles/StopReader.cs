using Asha.Core.Experiments;
using Asha.Tuning;

namespace Asha.Host.ExperimentFiles;

/// <summary>Reads <c>stop</c>: when an experiment ends although there is work left.</summary>
internal static class StopReader
{
    private const double MostResource = ExperimentRules.MostResourceInAll;

    /// <summary>The conditions, none where the key is left out; <c>null</c> where it is wrong.</summary>
    /// <param name="field">The conditions.</param>
    /// <param name="simulated">In a made world that was not told so, first trials that all fail end a run only where nothing else would.</param>
    public static StopSpec? Read(Field? field, bool simulated = false)
    {
        if (field is null)
            return new StopSpec(HopelessIfLimited: !simulated);
        if (field.Map("{after: 2h, metric: 0.02}") is not { } map)
            return null;
        var after = map.Take("after");
        var trials = map.Take("trials");
        var resource = map.Take("resource");
        var metric = map.Take("metric");
        var hopeless = map.Take("hopeless");
        map.End();
        var stop = new StopSpec(
            after?.Duration(), trials?.Count(1, SchedulerReader.MostTrials), Amount(resource), metric?.Number(double.MinValue, double.MaxValue),
            hopeless?.Count(1, SchedulerReader.MostTrials) ?? StopSpec.DefaultHopeless, HopelessIfLimited: hopeless is not null || !simulated);
        if (map.Count == 0)
            map.Wrong("names no condition; give after, trials, resource, metric or hopeless, or remove it");
        var isComplete = (after is null) == (stop.After is null) && (trials is null) == (stop.Trials is null)
            && (resource is null) == (stop.Resource is null) && (metric is null) == (stop.Metric is null);
        return isComplete && map.Count > 0 ? stop : null;
    }

    private static double? Amount(Field? field)
    {
        if (field?.Number(0, MostResource) is not { } amount)
            return null;
        if (amount > 0)
            return amount;
        field.Wrong("must be more than 0");
        return null;
    }
}
