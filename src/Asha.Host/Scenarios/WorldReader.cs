using Asha.Core.Worlds;
using Asha.Host.ExperimentFiles;
using Asha.Tuning;

namespace Asha.Host.Scenarios;

/// <summary>Reads <c>world</c>: where a scenario's trials are run, and how they go.</summary>
internal static class WorldReader
{
    /// <summary>The most runs of a scenario.</summary>
    public const int MostRepetitions = 100_000;

    private static readonly Dictionary<string, JobCost> _costs = new() { ["resume"] = JobCost.Resume, ["restart"] = JobCost.Restart };

    /// <param name="field">The world.</param>
    /// <param name="folder">Full path of the scenario's folder: the table is looked for from there.</param>
    /// <param name="tables">Those that have been read.</param>
    public static WorldReading Read(Field? field, string folder, Tables tables)
    {
        if (field?.Map("{slots: 10, table: curves.csv, cost: resume}") is not { } map)
            return new WorldReading(Map: null);
        var nodes = NodesReader.Read(map);
        var tableField = map.Take("table");
        var curves = CurvesReader.Read(map.Take("curve"), map, tableField is not null);
        var table = tableField?.Text(ExperimentRules.LongestText) is { } path ? tables.Read(Path.Combine(folder, path), tableField) : null;
        var cost = map.Take("cost")?.Word(_costs, CostReader.NoOthers) ?? JobCost.Resume;
        var (perUnit, parameters) = CostReader.PerUnit(map.Take("seconds-per-unit"), table);
        var checkpoint = map.Take("checkpoint");
        if (checkpoint is not null && cost == JobCost.Restart)
            checkpoint.Wrong("is for cost: resume: trials that start again leave none");
        var reading = new WorldReading(map)
        {
            Nodes = nodes,
            Table = table,
            TableField = tableField,
            Curves = curves,
            CostParameters = parameters,
            Rules = new WorldRules(cost, map.Take("drops")?.Number(0, 1) ?? 0)
            {
                PerUnit = perUnit,
                Stragglers = CostReader.Stragglers(map.Take("stragglers")),
                StartUp = map.Take("start-up")?.DurationOrNone() ?? TimeSpan.Zero,
                Checkpoint = checkpoint?.DurationOrNone() ?? TimeSpan.Zero,
            },
            DecisionLatency = map.Take("decision-latency")?.DurationOrNone() ?? TimeSpan.Zero,
            Horizon = map.Take("horizon")?.Duration(),
            Repetitions = map.Take("repetitions")?.Count(1, MostRepetitions),
        };
        map.End();
        return reading;
    }
}
