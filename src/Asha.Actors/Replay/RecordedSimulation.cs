using Asha.Actors.Simulation;
using Asha.Core.Experiments;
using Asha.Core.Recordings;
using Asha.Core.Worlds;

namespace Asha.Actors.Replay;

/// <summary>
/// A run in virtual time in a recorded world, by the same actors as any: what another specification, or other nodes, would have made of the recorded curves and durations (docs/decisions/015-replay.md).
/// </summary>
/// <param name="spec">The experiment.</param>
/// <param name="nodes">Where it runs.</param>
/// <param name="world">For this run alone: it counts attempts.</param>
public sealed class RecordedSimulation(ExperimentSpec spec, IReadOnlyList<WorldNode> nodes, RecordedWorld world)
{
    private static readonly TrialEnding _exited = new(EndingCause.Exited);

    /// <summary>The way of a report.</summary>
    public TimeSpan DecisionLatency { get; init; }

    /// <summary>Told of every event.</summary>
    public Action<ExperimentEvent>? Told { get; init; }

    /// <summary>How much of it is known, so far.</summary>
    public RecordedKnowledge Knowledge { get; } = new();

    /// <summary>Runs until nothing can happen any more.</summary>
    public void Run() => new SimulatedRun(spec, nodes, Attempt) { DecisionLatency = DecisionLatency, Told = Take }.Run();

    private SimulatedAttempt Attempt(JobStarted job, AttemptPlace place)
    {
        var course = world.Attempt(job);
        Knowledge.Begins(job, course);
        return Goes(course, job, place.Node.Pace(job.Time));
    }

    /// <summary>A recorded course on a node of that pace.</summary>
    internal static SimulatedAttempt Goes(RecordedCourse course, JobStarted job, decimal pace)
    {
        var (report, ending) = course.Fault is { } fault ? Failed(fault, job) : (course.Report, _exited);
        if (course.Retires is { } reason)
            ending = ending with { Retires = reason };
        return new SimulatedAttempt(At(course.Length, pace), report, ending)
        {
            Earlier = [.. course.Earlier.Select(earlier => (At(earlier.After, pace), new TrialReport(earlier.Resource, earlier.Metric, PathOf(earlier), CheckpointBytes: earlier.CheckpointBytes)))],
        };
    }

    private static TimeSpan At(TimeSpan recorded, decimal pace) => pace == 1 ? recorded : WorldRules.Of(AttemptDraw.None, (decimal)recorded.TotalSeconds, pace).Length;

    /// <summary>Those of an engine that measures checkpoints have one before, so that no two may have one name.</summary>
    private static string? PathOf(TimedReport earlier) => !earlier.HasCheckpoint ? null : earlier.CheckpointBytes is null ? "recorded" : $"recorded-{earlier.Resource:R}";

    /// <summary>A bad report is one of an attempt that ends in good order.</summary>
    private static (TrialReport? Report, TrialEnding Ending) Failed((string Cause, string Detail) fault, JobStarted job)
        => (fault.Cause == FaultNames.BadReport && !job.GoesOn ? TrialReport.Rejected(fault.Detail) : null, new TrialEnding(FaultNames.CauseOf(fault.Cause) ?? EndingCause.Exit, fault.Detail));

    private void Take(ExperimentEvent happened)
    {
        Knowledge.Take(happened);
        Told?.Invoke(happened);
    }
}
