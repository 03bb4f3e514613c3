using Asha.Core.Experiments;
using Asha.Core.Scheduling;
using Asha.Core.Spaces;
using Asha.Core.Worlds;
using Asha.Host.ExperimentFiles;

namespace Asha.Host.Scenarios;

/// <summary>What could be read of <c>world</c>.</summary>
/// <param name="Map">Where it stands; <c>null</c> where there is no such map.</param>
internal sealed record WorldReading(MapReader? Map)
{
    /// <summary>No job of a world may take longer, stragglers apart, in seconds: 31 years.</summary>
    public const double LongestJob = 1e9;

    /// <summary>The most failures of nodes that may be expected in a run.</summary>
    private const double MostFailures = 1_000_000;

    private const int MostShown = 20;

    /// <summary>Where trials run; at least one.</summary>
    public IReadOnlyList<WorldNode> Nodes { get; init; } = [new WorldNode(1)];

    /// <summary>What a job costs, and what the world adds to it.</summary>
    public WorldRules Rules { get; init; } = new(JobCost.Resume);

    /// <summary>The trials' curves, where they are in a table and right.</summary>
    public CurveTable? Table { get; init; }

    /// <summary>Where the table is named.</summary>
    public Field? TableField { get; init; }

    /// <summary>The trials' curves, where they are made up.</summary>
    public MadeUpCurves? Curves { get; init; }

    /// <summary>The way of a report: so long a slot is idle before its next job can be decided.</summary>
    public TimeSpan DecisionLatency { get; init; }

    /// <summary>When all is cut.</summary>
    public TimeSpan? Horizon { get; init; }

    /// <summary>How many seeds are run where the command does not say.</summary>
    public int? Repetitions { get; init; }

    /// <summary>Names of parameters that the cost of a unit depends on, and where they stand.</summary>
    public IReadOnlyList<(ScalarNode Key, Field Value)> CostParameters { get; init; } = [];

    /// <summary>The slots of all nodes, though they may not all be there at a time.</summary>
    public int Slots => Nodes.Sum(node => node.Slots);

    /// <summary>What can only be said with the rest of the file; <c>null</c> is what was wrong there.</summary>
    public void Check(ResourceSpec? resource, SchedulerSpec? scheduler, StopSpec? stop, SearchSpace? space)
    {
        if (Map is null)
            return;
        CheckLevels(resource, scheduler);
        if (stop is { After: null } && Nodes.Any(node => node.Failures is not null))
            Map.Missing("horizon", "is missing: where nodes fail by chance, a job that is longer than they live would be tried for ever; give one, such as 100h", "stop.after");
        if (space is not null && CheckCost(space) && resource is not null)
            CheckLength(resource, scheduler, stop, space);
        if (stop is not null)
            CheckFailures(stop);
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

    /// <summary>The cost of a unit is a product of powers: of numbers above 0 only.</summary>
    private bool CheckCost(SearchSpace space)
    {
        var right = true;
        foreach (var (key, value) in CostParameters)
        {
            var parameter = space.Parameters.FirstOrDefault(own => own.Name == key.Text);
            if (parameter is null)
                value.WrongKey(key, space.Parameters.Count == 0 ? "is no parameter: there is no space" : "is no parameter of the space", [.. space.Parameters.Select(own => own.Name)]);
            else if (JobLengths.Bounds(parameter.Domain) is not { } bounds)
                value.WrongKey(key, "is a parameter with values that are no numbers");
            else if (bounds.Least <= 0)
                value.WrongKey(key, $"is a parameter with values that are not above 0, such as {FieldValues.Shown(bounds.Least)}");
            else
                continue;
            right = false;
        }
        return right;
    }

    private void CheckLength(ResourceSpec resource, SchedulerSpec? scheduler, StopSpec? stop, SearchSpace space)
    {
        var lengths = new JobLengths(this, resource, space);
        var slowest = Nodes.Any(node => node.SlowestPace != 1) ? " where nodes are slowest" : "";
        if (Table is { HasSeconds: true })
        {
            if (lengths.LongestOfTable is { Seconds: > LongestJob } longest)
                TableField!.Wrong($"would make trial {longest.Trial} take {FieldValues.Shown(longest.Seconds)} s up to {FieldValues.Shown(resource.Max)} {resource.Name}{slowest}; at most {FieldValues.Shown(LongestJob)}");
            return;
        }
        if (!(lengths.Longest <= LongestJob))
            Map!.Wrong("seconds-per-unit", $"would make a job of {FieldValues.Shown(resource.Max)} {resource.Name} take {FieldValues.Shown(lengths.Longest)} s{slowest}; at most {FieldValues.Shown(LongestJob)}");
        else if (scheduler is { Total: null } && stop is { Trials: null, Resource: null } && lengths.ShortestFirst == TimeSpan.Zero)
            Map!.Wrong("seconds-per-unit", $"would make a first job, of {FieldValues.Shown(resource.Min)} {resource.Name}, take no time, so that without a limit to the trials more and more would be sampled and time never move; say more, or give scheduler.trials");
    }

    /// <summary>Each failure and each return is an event, whether or not there is work.</summary>
    private void CheckFailures(StopSpec stop)
    {
        var lives = Nodes.Sum(node => node.Failures is { } failures && stop.After is { } after ? after / (failures.MeanTimeBetween + failures.Repair) : 0);
        if (lives > MostFailures)
            Map!.Wrong("nodes", FormattableString.Invariant($"would fail about {lives:0.#e+0} times until the horizon; at most {MostFailures:#,0}"));
    }
}
