using Asha.Core.Experiments;
using Asha.Core.Scheduling;
using Asha.Core.Worlds;
using Asha.Host.ExperimentFiles;
using Asha.Tuning;

namespace Asha.Host.Scenarios;

/// <summary>What could be read of <c>world</c>.</summary>
/// <param name="Slots">How many slots it has.</param>
/// <param name="Table">Its trials' curves; <c>null</c> where they are wrong.</param>
/// <param name="Cost">What a job costs a trial that goes on.</param>
/// <param name="Horizon">When all is cut.</param>
/// <param name="TableField">Where the table is named.</param>
internal sealed record WorldReading(int Slots, CurveTable? Table, JobCost Cost, TimeSpan? Horizon, Field? TableField)
{
    private const int MostShown = 20;

    /// <summary>Every trial needs a row at each level: what it would have reported there is nobody's to invent.</summary>
    public void CheckLevels(ResourceSpec? resource, SchedulerSpec? scheduler)
    {
        if (Table is null || resource is null || scheduler is null)
            return;
        var missing = Table.Missing(RungLadder.Levels(resource, scheduler.ReductionFactor)).ToList();
        foreach (var (trial, level) in missing.Take(MostShown))
            TableField!.Wrong($"has no row of trial {trial} at {resource.Name} {FieldValues.Shown(level)}, the level of a rung");
        if (missing.Count > MostShown)
            TableField!.Wrong($"and lacks {missing.Count - MostShown} rows more");
    }
}

/// <summary>Reads <c>world</c>: where a scenario's trials are run, and how they go.</summary>
internal static class WorldReader
{
    private static readonly Dictionary<string, JobCost> _costs = new() { ["resume"] = JobCost.Resume, ["restart"] = JobCost.Restart };
    private static readonly Dictionary<string, string> _none = [];

    /// <param name="field">The world.</param>
    /// <param name="folder">Full path of the scenario's folder: the table is looked for from there.</param>
    public static WorldReading Read(Field? field, string folder)
    {
        if (field?.Map("{slots: 10, table: curves.csv, cost: resume}") is not { } map)
            return new WorldReading(1, null, JobCost.Resume, null, null);
        var slots = map.Require("slots")?.Count(1, ExperimentRules.MostSlots) ?? 1;
        var tableField = map.Require("table");
        var table = tableField?.Text(ExperimentRules.LongestText) is { } path ? TableReader.Read(Path.Combine(folder, path), tableField) : null;
        var cost = map.Take("cost")?.Word(_costs, _none) ?? JobCost.Resume;
        var horizon = map.Take("horizon")?.Duration();
        map.End();
        return new WorldReading(slots, table, cost, horizon, tableField);
    }
}
