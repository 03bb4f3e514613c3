using System.Globalization;
using Asha.Actors.Replay;
using Asha.Actors.Simulation;
using Asha.Core.Experiments;
using Asha.Core.Recordings;
using Asha.Core.Scheduling;
using Asha.Core.Spaces;
using Asha.Core.Worlds;

namespace Asha.TestKit;

/// <summary>A scenario as the engine takes it: the experiment, the nodes, and how each attempt goes.</summary>
internal sealed class ScenarioWorld
{
    private readonly Scenario _scenario;
    private readonly WorldRules _rules;
    private readonly ExperimentSpec _spec;
    private readonly Dictionary<WorldNode, Node> _nodes = new(ReferenceEqualityComparer.Instance);

    /// <summary>How many attempts of a job have begun, where some of them are to fail.</summary>
    private readonly Dictionary<(int Trial, int Rung), int> _begun = [];

    private readonly RecordedWorld? _recorded;

    private readonly RecordedKnowledge _knowledge;

    private ScenarioWorld(Scenario scenario, RecordedKnowledge knowledge)
    {
        (_scenario, _knowledge) = (scenario, knowledge);
        _rules = scenario.Rules with
        {
            PerUnit = new UnitCost(scenario.UnitSeconds),
            StartUp = Seconds.Span(scenario.StartUpSeconds),
            Checkpoint = Seconds.Span(scenario.CheckpointSeconds),
        };
        var scheduler = scenario.Scheduler;
        if (scheduler.Total is null && scenario.CurvesTable is { } table)
            scheduler = scheduler.Repeat == BracketRepeat.None ? scheduler with { Trials = table.Trials } : scheduler with { MostTrials = table.Trials };
        _recorded = scenario.Recorded is { } recording ? new RecordedWorld(recording.Attempts.All) : null;
        _spec = new ExperimentSpec
        {
            Name = "scenario",
            Seed = scenario.SeedNumber,
            Metric = new MetricSpec("metric", scenario.Mode),
            Resource = scenario.Levels,
            Scheduler = scheduler,
            Space = scenario.Recorded?.Spec.Space ?? new SearchSpace([]),
            Initial = scenario.Recorded?.Spec.Initial ?? [],
            Trial = new TrialSpec { Command = [], Directory = "", MaxAttempts = scenario.Attempts },
            Slots = scenario.NodeList.Sum(node => node.World.Slots),
            Stop = scenario.Stop with { After = scenario.After is { } after ? Seconds.Span(after) : null },
        };
    }

    /// <summary>A run of the scenario, each time anew.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="told">Told of every event.</param>
    /// <param name="knowledge">Learns how much of it is known, before each event is told, where it is in the world of a recording.</param>
    /// <exception cref="InvalidScenarioException">Something is wrong with it.</exception>
    public static SimulatedRun Run(Scenario scenario, Action<ExperimentEvent> told, RecordedKnowledge knowledge)
    {
        ScenarioChecks.Check(scenario);
        var world = new ScenarioWorld(scenario, knowledge);
        return new SimulatedRun(world._spec, world.Nodes(), world.Attempt)
        {
            DecisionLatency = Seconds.Span(scenario.LatencySeconds),
            Told = happened =>
            {
                knowledge.Take(happened);
                told(happened);
            },
            Levels = [.. RungLadder.Levels(scenario.Levels, scenario.Scheduler.ReductionFactor)],
        };
    }

    /// <summary>A node may stand in the list more than once; each place has a node of its own.</summary>
    private List<WorldNode> Nodes()
    {
        var nodes = new List<WorldNode>();
        foreach (var node in _scenario.NodeList)
        {
            nodes.Add(node.World with { });
            _nodes[nodes[^1]] = node;
        }
        return nodes;
    }

    private SimulatedAttempt Attempt(JobStarted job, AttemptPlace place)
    {
        var pace = place.Node.Pace(job.Time) * (_nodes[place.Node].SlowRung is var (rung, times) && rung == job.Rung ? (decimal)times : 1);
        if (Failure(job) is { } failure)
            return new SimulatedAttempt(Seconds.Span(failure.After), null, new TrialEnding(failure.Cause, "as the scenario says"));
        if (_recorded is not null)
            return Recorded(_recorded.Attempt(job), job, pace);
        var course = WorldRules.Of(_rules.Draw(_spec.Seed, job), SecondsOf(job), pace, _rules.Fixed(job));
        if (course.IsDropped)
            return new SimulatedAttempt(course.Length, null, new TrialEnding(EndingCause.Dropped, $"dropped after {Seconds.Text(course.Length)} s"));
        return SimulatedRun.Completes(job, course.Length, Metric(job), resumes: _rules.Cost == JobCost.Resume);
    }

    private SimulatedAttempt Recorded(RecordedCourse course, JobStarted job, decimal pace)
    {
        _knowledge.Begins(job, course);
        return RecordedSimulation.Goes(course, job, pace);
    }

    private decimal SecondsOf(JobStarted job)
    {
        if (_scenario.SecondsOf is not { } lengths)
            return _scenario.CurvesTable is { } table ? table.Seconds(job.Trial, job.Start, job.Target) : _rules.Seconds(job);
        var seconds = lengths(job);
        return seconds >= 0 && seconds <= Seconds.Most ? (decimal)seconds
            : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Lengths: an attempt must take 0 to {Seconds.Most} s, but trial {job.Trial} at rung {job.Rung} takes {seconds}"));
    }

    private double Metric(JobStarted job)
        => _scenario.CurvesTable?.Metric(job.Trial, job.Target) ?? _scenario.MadeUp?.Metric(_spec.Seed, job.Trial, job.Rung, job.Target) ?? _scenario.MetricOf?.Invoke(job.Trial, job.Target) ?? job.Trial;

    private PlannedFailure? Failure(JobStarted job)
    {
        if (_scenario.Failures.FirstOrDefault(failure => failure.Trial == job.Trial && failure.Rung == job.Rung) is not { } failure)
            return null;
        var before = _begun.GetValueOrDefault((job.Trial, job.Rung));
        _begun[(job.Trial, job.Rung)] = before + 1;
        return before < failure.Attempts ? failure : null;
    }
}
