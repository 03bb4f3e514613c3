using System.Globalization;
using Asha.Core.Experiments;
using Asha.Core.Scheduling;
using Asha.Core.Worlds;

namespace Asha.TestKit;

/// <summary>Finds everything that is wrong with a scenario, at once.</summary>
internal sealed class ScenarioChecks
{
    private const int MostTrials = 1_000_000;
    private const int MostSlots = 100_000;

    private readonly List<string> _problems = [];

    /// <exception cref="InvalidScenarioException">Something is wrong.</exception>
    public static void Check(Scenario scenario)
    {
        var checks = new ScenarioChecks();
        checks._problems.AddRange(scenario.TableProblems);
        checks.Scheduler(scenario);
        checks.Nodes(scenario);
        checks.Rules(scenario);
        checks.Stop(scenario);
        checks.Recorded(scenario);
        if (checks._problems.Count == 0)
            checks.Rungs(scenario, RungLadder.Levels(scenario.Levels, scenario.Scheduler.ReductionFactor));
        if (checks._problems.Count > 0)
            throw new InvalidScenarioException(checks._problems);
    }

    private void Scheduler(Scenario scenario)
    {
        var spec = scenario.Scheduler;
        Range("reductionFactor", spec.ReductionFactor, 2, 1000);
        if (spec.Trials is { } trials)
            Range("trials", trials, 1, MostTrials);
        if (spec.Repeat != BracketRepeat.None && spec.Type != SchedulerType.Sha)
            _problems.Add($"Repeat: is for SHA; {spec.Name} has a single bracket");
        if (spec.Repeat == BracketRepeat.None && spec.MostTrials is not null)
            _problems.Add("Repeat: mostTrials is for repeated brackets; here trials says how many there are");
        if (spec.MostTrials is { } most)
            Range("Repeat: mostTrials", most, 1, MostTrials);
        var resource = scenario.Levels;
        Range("Resource: min", resource.Min, 1e-9, 1e15);
        Range("Resource: max", resource.Max, 1e-9, 1e15);
        if (resource.Max < resource.Min)
            _problems.Add(string.Create(CultureInfo.InvariantCulture, $"Resource: max must be at least min, but {resource.Max} is less than {resource.Min}"));
        Range("Seed", scenario.SeedNumber, 0, long.MaxValue);
    }

    private void Nodes(Scenario scenario)
    {
        if (scenario.NodeList.Count == 0)
            _problems.Add("Nodes: there must be at least one node");
        for (var number = 0; number < scenario.NodeList.Count; number++)
            Node($"Nodes: node-{number}", scenario.NodeList[number]);
        if (scenario.NodeList.Sum(node => (long)node.World.Slots) > MostSlots)
            _problems.Add($"Nodes: there may be at most {MostSlots} slots");
    }

    private void Node(string name, Node node)
    {
        var world = node.World;
        Range($"{name}: slots", world.Slots, 1, MostSlots);
        Positive($"{name}: speed", world.Speed);
        if (world.Slow is { } slow)
        {
            Time($"{name}: SlowFrom", slow.From);
            Positive($"{name}: SlowFrom: times", slow.Factor);
        }
        if (node.SlowRung is var (rung, times))
        {
            Range($"{name}: SlowAtRung: rung", rung, 0, 1000);
            Positive($"{name}: SlowAtRung: times", times);
        }
        Time($"{name}: Joins", world.Joins);
        Later($"{name}: Leaves", world.Leaves, world.Joins);
        Later($"{name}: Dies", world.Dies, world.Joins);
        Time($"{name}: Dies: removedAfter", world.RemovedAfter);
    }

    private void Rules(Scenario scenario)
    {
        Range("SecondsPerUnit", scenario.UnitSeconds, 0, Seconds.Most);
        Range("Overheads: startUp", scenario.StartUpSeconds, 0, Seconds.Most);
        Range("Overheads: checkpoint", scenario.CheckpointSeconds, 0, Seconds.Most);
        if (scenario.CheckpointSeconds > 0 && scenario.Rules.Cost == JobCost.Restart)
            _problems.Add("Overheads: checkpoint: trials that restart leave none");
        Range("DecisionLatency", scenario.LatencySeconds, 0, Seconds.Most);
        Range("Stragglers: sigma", scenario.Rules.Sigma, 0, 10);
        Range("Drops", scenario.Rules.Drops, 0, 1);
        Range("MaxAttempts", scenario.Attempts, 1, 1000);
        foreach (var failure in scenario.Failures)
        {
            var name = $"Fails: trial {failure.Trial} at rung {failure.Rung}";
            Range($"{name}: trial", failure.Trial, 0, scenario.Scheduler.Total - 1 ?? MostTrials);
            Range($"{name}: rung", failure.Rung, 0, 1000);
            Range($"{name}: after", failure.After, 0, Seconds.Most);
            Range($"{name}: attempts", failure.Attempts, 1, 1000);
            if (failure.Cause is EndingCause.Exited or EndingCause.Stopped or EndingCause.LevelReached or EndingCause.SlotRetired or EndingCause.NodeUnfit)
                _problems.Add($"{name}: cause: {failure.Cause} is no failure; say Crash, Exit, TimeLimit, Silence, Dropped or CheckpointMissing");
        }
    }

    /// <summary>A recording says how long trials take, and what they report.</summary>
    private void Recorded(Scenario scenario)
    {
        if (scenario.Recorded is null)
            return;
        (string Name, bool IsSaid)[] others =
        [
            ("Metrics", scenario.MetricOf is not null), ("Table", scenario.CurvesTable is not null), ("Curves", scenario.MadeUp is not null), ("Lengths", scenario.SecondsOf is not null), ("SecondsPerUnit", scenario.UnitSeconds != 1),
            ("Overheads", scenario.StartUpSeconds > 0 || scenario.CheckpointSeconds > 0), ("Restarts, Stragglers, Drops", scenario.Rules != new WorldRules(JobCost.Resume)), ("Maximize", scenario.Mode != scenario.Recorded.Spec.Metric.Mode),
            ("Seed", scenario.SeedNumber != scenario.Recorded.Spec.Seed),
        ];
        foreach (var (name, _) in others.Where(other => other.IsSaid))
            _problems.Add($"{name}: not in the world of a recording, which says it itself");
    }

    private void Stop(Scenario scenario)
    {
        if (scenario.After is { } after)
            Positive("StopAfter", after);
        if (scenario.Stop.Trials is { } trials)
            Range("StopAtTrials", trials, 1, MostTrials);
        if (scenario.Stop.Resource is { } resource)
            Positive("StopAtResource", resource);
        if (scenario.Stop.Metric is { } metric && !double.IsFinite(metric))
            _problems.Add("StopAtMetric: must be a finite number");
        var isBounded = scenario.Scheduler.Total is not null || scenario.CurvesTable is not null || scenario.Scheduler is { Type: SchedulerType.Sha, Repeat: BracketRepeat.None };
        if (!isBounded && scenario.After is null && !scenario.Stop.EndsGoodRuns)
            _problems.Add("Nothing would end this run: give a number of trials, or a rule such as StopAfter");
    }

    /// <summary>What can only be said once the rungs' levels are known.</summary>
    private void Rungs(Scenario scenario, IReadOnlyList<double> levels)
    {
        if (scenario.CurvesTable is { } table)
        {
            foreach (var (trial, level) in table.Missing(levels).Take(20))
                _problems.Add(string.Create(CultureInfo.InvariantCulture, $"Table: trial {trial} has no row at {level}, the level of rung {levels.ToList().IndexOf(level)}"));
            if (scenario.Scheduler.Total > table.Trials)
                _problems.Add($"Table: has {table.Trials} trials, but {scenario.Scheduler.Total} are asked for");
        }
        var rungs = string.Create(CultureInfo.InvariantCulture, $"there are {levels.Count}, 0 to {levels.Count - 1}, at {string.Join(", ", levels.Select(level => level.ToString("R", CultureInfo.InvariantCulture)))}");
        for (var number = 0; number < scenario.NodeList.Count; number++)
        {
            if (scenario.NodeList[number].SlowRung is { } slow && slow.Rung >= levels.Count)
                _problems.Add($"Nodes: node-{number}: SlowAtRung: there is no rung {slow.Rung}: {rungs}");
        }
        foreach (var failure in scenario.Failures.Where(failure => failure.Rung >= levels.Count))
            _problems.Add($"Fails: trial {failure.Trial}: there is no rung {failure.Rung}: {rungs}");
    }

    private void Range(string name, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
            _problems.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: must be {least} to {most}, but is {value}"));
    }

    private void Positive(string name, double value)
    {
        if (!(value > 0 && value <= Seconds.Most))
            _problems.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: must be more than 0 and at most {Seconds.Most}, but is {value}"));
    }

    private void Time(string name, TimeSpan value)
    {
        if (value < TimeSpan.Zero)
            _problems.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: must be seconds, 0 to {Seconds.Most}"));
    }

    private void Later(string name, TimeSpan? value, TimeSpan joins)
    {
        if (value is { } time && time <= joins)
            _problems.Add($"{name}: must be seconds after the node joined, at {Seconds.Text(joins < TimeSpan.Zero ? TimeSpan.Zero : joins)}, and at most {Seconds.Most.ToString(CultureInfo.InvariantCulture)}");
    }
}
