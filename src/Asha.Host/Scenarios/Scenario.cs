using Asha.Actors.Simulation;
using Asha.Core.Experiments;
using Asha.Core.Worlds;
using Asha.Host.ExperimentFiles;

namespace Asha.Host.Scenarios;

/// <summary>A scenario: an experiment, and the world that it is simulated in.</summary>
/// <param name="Spec">Its slots are the world's.</param>
/// <param name="Nodes">Where its trials run.</param>
/// <param name="Rules">What a job costs, and what the world adds to it.</param>
/// <param name="Table">What its trials would have reported, where that is known.</param>
/// <param name="Curves">What they report, where that is made up.</param>
internal sealed record Scenario(ExperimentSpec Spec, IReadOnlyList<WorldNode> Nodes, WorldRules Rules, CurveTable? Table, PowerLawCurves? Curves)
{
    /// <summary>The same world with other draws.</summary>
    public Scenario WithSeed(long seed) => this with { Spec = Spec with { Seed = seed } };

    /// <summary>A run of it.</summary>
    public SimulatedRun Run(Action<ExperimentEvent> told, Func<Stream>? events = null, Action<TimeSpan, string, string>? trace = null) => new(Spec, Nodes, Attempt) { Told = told, Events = events, Trace = trace };

    /// <summary>How an attempt goes.</summary>
    private SimulatedAttempt Attempt(JobStarted job, AttemptPlace place)
    {
        var course = WorldRules.Of(Rules.Draw(Spec.Seed, job), Table?.Seconds(job.Trial, job.Start, job.Target) ?? Rules.Seconds(job), place.Node.Pace(job.Time));
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
    public static ScenarioReading Load(string path, IReadOnlyList<Override> overrides)
        => ExperimentFile.Load(path, (text, folder) => Read(text, path, folder, overrides), problem => new ScenarioReading(null, [problem], []));

    private static ScenarioReading Read(string text, string fileName, string folder, IReadOnlyList<Override> overrides)
    {
        var (scenario, reading) = ExperimentFile.ReadMap(text, fileName, overrides, "name: table-asha", (file, reading) =>
        {
            var world = WorldReader.Read(file.Require("world"), folder);
            return ExperimentReader.Read(file, folder, new Machine(1, 0), reading, world) is { } spec ? new Scenario(spec, world.Nodes, world.Rules, world.Table, world.Curves) : null;
        });
        return new ScenarioReading(scenario, reading.Problems, reading.WarningLines);
    }
}
