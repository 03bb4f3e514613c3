using Asha.Core.Experiments;
using Asha.Core.Scheduling;
using Asha.Core.Worlds;
using Asha.Host.ExperimentFiles;
using Asha.Tuning;

namespace Asha.Host.Scenarios;

/// <summary>What could be read of <c>world</c>.</summary>
/// <param name="Nodes">Where trials run.</param>
/// <param name="Rules">What a job costs, and what the world adds to it.</param>
/// <param name="Table">Its trials' curves, where they are in a table and right.</param>
/// <param name="Curves">Its trials' curves, where they are made up.</param>
/// <param name="Horizon">When all is cut.</param>
/// <param name="TableField">Where the table is named.</param>
/// <param name="World">Where it stands.</param>
internal sealed record WorldReading(IReadOnlyList<WorldNode> Nodes, WorldRules Rules, CurveTable? Table, PowerLawCurves? Curves, TimeSpan? Horizon, Field? TableField, MapReader? World)
{
    private const int MostShown = 20;

    /// <summary>The slots of all nodes, though they may not all be there at a time.</summary>
    public int Slots => Nodes.Sum(node => node.Slots);

    /// <summary>What can only be said with the rest of the file.</summary>
    public void Check(ResourceSpec? resource, SchedulerSpec? scheduler, StopSpec? stop)
    {
        CheckLevels(resource, scheduler);
        if (stop is { After: null } && Nodes.Any(node => node.Failures is not null))
            World!.Missing("horizon", "is missing: where nodes fail by chance, a job that is longer than they live would be tried for ever; give one, such as 100h", "stop.after");
    }

    /// <summary>Every trial needs a row at each level: what it would have reported there is nobody's to invent.</summary>
    private void CheckLevels(ResourceSpec? resource, SchedulerSpec? scheduler)
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
            return new WorldReading([new WorldNode(1)], new WorldRules(JobCost.Resume), null, null, null, null, null);
        var nodes = NodesReader.Read(map);
        var tableField = map.Take("table");
        var curves = Curves(map.Take("curve"), map, tableField is not null);
        var table = tableField?.Text(ExperimentRules.LongestText) is { } path ? TableReader.Read(Path.Combine(folder, path), tableField) : null;
        var cost = map.Take("cost")?.Word(_costs, _none) ?? JobCost.Resume;
        var horizon = map.Take("horizon")?.Duration();
        var perUnit = map.Take("seconds-per-unit");
        if (perUnit is not null && tableField is not null)
            perUnit.Wrong("a table has its own seconds");
        var rules = new WorldRules(cost, perUnit?.Number(0, 1e9) ?? 1, Sigma(map.Take("stragglers")), map.Take("drops")?.Number(0, 1) ?? 0);
        map.End();
        return new WorldReading(nodes, rules, table, curves, horizon, tableField, map);
    }

    private static PowerLawCurves? Curves(Field? field, MapReader world, bool hasTable)
    {
        if (field is null && !hasTable)
            world.Wrong("needs a table of curves, such as table: curves.csv, or made-up ones, such as curve: {type: power-law}");
        if (field is null)
            return null;
        if (hasTable)
            field.Wrong("must not be there beside a table");
        if (field.Map("{type: power-law, noise: 0.01}") is not { } map)
            return null;
        map.Require("type")?.Word(["power-law"], _none);
        var noise = map.Take("noise")?.Number(0, 1e6) ?? 0;
        map.End();
        return new PowerLawCurves(noise);
    }

    private static double Sigma(Field? field)
    {
        if (field?.Map("{sigma: 0.56}") is not { } map)
            return 0;
        var sigma = map.Require("sigma")?.Number(0, 100) ?? 0;
        map.End();
        return sigma;
    }
}
