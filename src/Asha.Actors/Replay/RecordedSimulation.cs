using Asha.Actors.Simulation;
using Asha.Core.Experiments;
using Asha.Core.Recordings;
using Asha.Core.Worlds;

namespace Asha.Actors.Replay;

/// <summary>
/// A run in virtual time in a recorded world, by the same actors as any: what another specification, or other nodes, would have made of the recorded curves and durations (docs/decisions/015-replay.md).
/// </summary>
/// <param name="spec">The experiment; it may sample as many trials as were recorded.</param>
/// <param name="nodes">Where it runs.</param>
/// <param name="world">For this run alone: it counts failures.</param>
public sealed class RecordedSimulation(ExperimentSpec spec, IReadOnlyList<WorldNode> nodes, RecordedWorld world)
{
    private static readonly TrialEnding _exited = new(EndingCause.Exited);
    private static readonly AttemptDraw _undrawn = new(1, double.PositiveInfinity);

    private readonly HashSet<(int Trial, int Attempt)> _unknown = [];

    /// <summary>The way of a report.</summary>
    public TimeSpan DecisionLatency { get; init; }

    /// <summary>Told of every event.</summary>
    public Action<ExperimentEvent>? Told { get; init; }

    /// <summary>Jobs whose result was never recorded, and which had one here: it ranked last.</summary>
    public int Unknown { get; private set; }

    /// <summary>When the first of them had; until then everything is as good as the recording. <c>null</c>: none had.</summary>
    public TimeSpan? FirstUnknown { get; private set; }

    /// <summary>Runs until nothing can happen any more.</summary>
    public void Run() => new SimulatedRun(spec, nodes, Attempt) { DecisionLatency = DecisionLatency, Told = Take }.Run();

    private SimulatedAttempt Attempt(JobStarted job, AttemptPlace place)
    {
        var course = world.Attempt(job);
        if (!course.IsKnown)
            _unknown.Add((job.Trial, job.Attempt));
        return Goes(course, job, place.Node.Pace(job.Time));
    }

    /// <summary>A recorded course on a node of that pace.</summary>
    internal static SimulatedAttempt Goes(RecordedCourse course, JobStarted job, decimal pace)
    {
        var (report, ending) = course.Failure is { } failed ? Failed(failed, job) : (course.Report, _exited);
        return new SimulatedAttempt(At(course.Length, pace), report, ending)
        {
            Earlier = [.. course.Earlier.Select(earlier => (At(earlier.After, pace), new TrialReport(earlier.Resource, earlier.Metric, earlier.HasCheckpoint ? "recorded" : null)))],
        };
    }

    private static TimeSpan At(TimeSpan recorded, decimal pace) => pace == 1 ? recorded : WorldRules.Of(_undrawn, (decimal)recorded.TotalSeconds, pace).Length;

    /// <summary>A bad report is one of an attempt that ends in good order.</summary>
    private static (TrialReport? Report, TrialEnding Ending) Failed(AttemptFailed failed, JobStarted job)
        => (failed.Cause == FaultNames.BadReport && !job.GoesOn ? TrialReport.Rejected(failed.Detail) : null, new TrialEnding(FaultNames.CauseOf(failed.Cause) ?? EndingCause.Exit, failed.Detail));

    private void Take(ExperimentEvent happened)
    {
        if (happened is JobCompleted done && _unknown.Remove((done.Trial, done.Attempt)))
        {
            Unknown++;
            FirstUnknown ??= done.Time;
        }
        Told?.Invoke(happened);
    }
}
