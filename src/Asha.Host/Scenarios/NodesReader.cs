using Asha.Core.Worlds;
using Asha.Host.ExperimentFiles;
using Asha.Tuning;

namespace Asha.Host.Scenarios;

/// <summary>Reads <c>world.nodes</c>, a list of groups of alike nodes; or <c>world.slots</c>, the short form for one.</summary>
internal static class NodesReader
{
    private const string Example = "[{count: 2, slots: 4, speed: 2}]";
    private const int MostGroups = 1000;
    private const int MostNodes = 10_000;

    /// <returns>At least one node, whatever was wrong.</returns>
    public static IReadOnlyList<WorldNode> Read(MapReader world)
    {
        var slots = world.Take("slots");
        var nodes = world.Take("nodes");
        if (nodes is null)
            return [new WorldNode((slots ?? Missing(world))?.Count(1, ExperimentRules.MostSlots) ?? 1)];
        slots?.Wrong("must not be there beside nodes: each has its own slots");
        if (nodes.IsEmptyList)
            nodes.Wrong($"names no node; write it such as {Example}");
        var all = new List<WorldNode>();
        foreach (var group in nodes.List(Example, MostGroups) ?? [])
        {
            if (Group(group) is var (count, node))
                all.AddRange(Enumerable.Repeat(node, Math.Min(count, MostNodes + 1 - all.Count)));
        }
        if (all.Count > MostNodes)
            nodes.Wrong($"are more than {MostNodes}");
        else if (all.Sum(node => (long)node.Slots) > ExperimentRules.MostSlots)
            nodes.Wrong($"have more than {ExperimentRules.MostSlots} slots together");
        return all.Count > 0 ? all : [new WorldNode(1)];
    }

    private static Field? Missing(MapReader world)
    {
        world.Missing("slots", $"is missing; give slots: 10, or nodes: {Example}");
        return null;
    }

    private static (int Count, WorldNode Node)? Group(Field field)
    {
        if (field.Map("{count: 2, slots: 4, speed: 2}") is not { } map)
            return null;
        var (leaves, dies, removed, failures) = (map.Take("leaves"), map.Take("dies"), map.Take("removed-after"), map.Take("failures"));
        var count = map.Take("count")?.Count(1, MostNodes) ?? 1;
        var node = new WorldNode(map.Take("slots")?.Count(1, ExperimentRules.MostSlots) ?? 1)
        {
            Speed = map.Take("speed")?.Number(1e-6, 1e6) ?? 1,
            Slow = Slow(map.Take("slow")),
            Joins = map.Take("joins")?.DurationOrNone() ?? TimeSpan.Zero,
            Leaves = leaves?.Duration(),
            Dies = dies?.Duration(),
            RemovedAfter = removed?.DurationOrNone() ?? TimeSpan.Zero,
            Failures = Failures(failures),
        };
        map.End();
        if (node.Leaves <= node.Joins)
            leaves!.Wrong($"must be after it joins, at {Durations.Format(node.Joins)}");
        if (node.Dies <= node.Joins)
            dies!.Wrong($"must be after it joins, at {Durations.Format(node.Joins)}");
        if (removed is not null && dies is null && failures is null)
            removed.Wrong("is for a node that dies or has failures");
        return (count, node);
    }

    private static Slowdown? Slow(Field? field)
    {
        if (field?.Map("{from: 100s, factor: 3}") is not { } map)
            return null;
        var from = map.Require("from")?.DurationOrNone();
        var factor = map.Require("factor")?.Number(1e-6, 1e6);
        map.End();
        return from is null || factor is null ? null : new Slowdown(from.Value, factor.Value);
    }

    private static NodeFailures? Failures(Field? field)
    {
        if (field?.Map("{mean-time-between: 10h, repair: 30m}") is not { } map)
            return null;
        var between = map.Require("mean-time-between")?.Duration();
        var repair = map.Require("repair")?.Duration();
        map.End();
        return between is null || repair is null ? null : new NodeFailures(between.Value, repair.Value);
    }
}
