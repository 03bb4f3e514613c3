using Asha.Actors.Simulation;
using Asha.Core.Experiments;
using Asha.Core.Worlds;
using Asha.Host.ExperimentFiles;

namespace Asha.Host.Scenarios;

/// <summary>A scenario: an experiment, and the world that it is simulated in.</summary>
/// <param name="Spec">Its slots are those of all nodes.</param>
/// <param name="World">How its trials go, and where.</param>
internal sealed record Scenario(ExperimentSpec Spec, WorldReading World)
{
    /// <summary>What a job costs, and what the world adds to it.</summary>
    public WorldRules Rules => World.Rules;

    /// <summary>What its trials would have reported, where that is known.</summary>
    public CurveTable? Table => World.Table;

    /// <summary>What they report, where that is made up.</summary>
    public MadeUpCurves? Curves => World.Curves;

    /// <summary>How many seeds are run where the command does not say.</summary>
    public int? Repetitions => World.Repetitions;

    /// <summary>Whether another seed is another world.</summary>
    public bool IsDrawn => Curves is not null || Rules.Sigma > 0 || Rules.Drops > 0 || World.Nodes.Any(node => node.Failures is not null);

    /// <summary>The same world with other draws.</summary>
    public Scenario WithSeed(long seed) => this with { Spec = Spec with { Seed = seed } };

    /// <summary>A run of it.</summary>
    /// <param name="told">Told of each event.</param>
    /// <param name="events">Where the events are written, if anywhere.</param>
    /// <param name="trace">Told of each message that an actor takes.</param>
    /// <param name="drawn">Told of each attempt that begins what chance gives to it.</param>
    public SimulatedRun Run(Action<ExperimentEvent> told, Func<Stream>? events = null, Action<TimeSpan, string, string>? trace = null, Action<JobStarted, AttemptDraw>? drawn = null)
        => new(Spec, World.Nodes, (job, place) => Attempt(job, place, drawn)) { DecisionLatency = World.DecisionLatency, Told = told, Events = events, Trace = trace };

    /// <summary>How an attempt goes.</summary>
    private SimulatedAttempt Attempt(JobStarted job, AttemptPlace place, Action<JobStarted, AttemptDraw>? drawn)
    {
        var draw = Rules.Draw(Spec.Seed, job);
        drawn?.Invoke(job, draw);
        var seconds = Table is { HasSeconds: true } table ? table.Seconds(job.Trial, job.Start, job.Target) : Rules.Seconds(job, place.Parameters);
        var course = WorldRules.Of(draw, seconds, place.Node.Pace(job.Time), Rules.Fixed(job));
        if (course.IsDropped)
            return new SimulatedAttempt(course.Length, null, new TrialEnding(EndingCause.Dropped, $"dropped after {course.Length.TotalSeconds:R} s"));
        var metric = Table?.Metric(job.Trial, job.Target) ?? Curves!.Metric(Spec.Seed, job.Trial, job.Rung, job.Target);
        return SimulatedRun.Completes(job, course.Length, metric, resumes: Rules.Cost == JobCost.Resume);
    }
}

/// <summary>What came of reading a scenario file; <paramref name="Scenario"/> is <c>null</c> where there are problems.</summary>
internal sealed record ScenarioReading(Scenario? Scenario, IReadOnlyList<FileProblem> Problems, IReadOnlyList<string> Warnings);

/// <summary>Scenario files: the keys of an experiment file, and <c>world</c> (docs/scenarios.md).</summary>
internal static class ScenarioFile
{
    /// <summary>For those who wrote something else than a map.</summary>
    public const string Example = "name: table-asha";

    public static ScenarioReading Load(string path, IReadOnlyList<Override> overrides)
        => ExperimentFile.Load(path, (text, folder) => Read(text, path, folder, overrides), problem => new ScenarioReading(null, [problem], []));

    private static ScenarioReading Read(string text, string fileName, string folder, IReadOnlyList<Override> overrides)
    {
        var (scenario, reading) = ExperimentFile.ReadMap(text, fileName, overrides, Example, (file, reading) => Of(file, folder, reading, new Tables()));
        return new ScenarioReading(scenario, reading.Problems, reading.WarningLines);
    }

    /// <summary>Reads the keys of a scenario; <c>null</c> where there are mistakes.</summary>
    public static Scenario? Of(MapReader file, string folder, Reading reading, Tables tables)
    {
        // Which schedulers are compared is for asha compare to say; here it need only be such a list.
        ContendersReader.Check(file.Take(ContendersReader.Key));
        // And what is swept, for asha sweep.
        SweepReader.Check(file.Take(SweepReader.Key));
        var world = WorldReader.Read(file.Require("world"), folder, tables);
        return ExperimentReader.Read(file, folder, new Machine(1, 0), reading, world) is { } spec ? new Scenario(spec, world) : null;
    }
}
