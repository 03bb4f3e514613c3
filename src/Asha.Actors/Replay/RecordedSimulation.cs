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
        var pace = place.Node.Pace(job.Time);
        var length = pace == 1 ? course.Length : WorldRules.Of(new AttemptDraw(1, double.PositiveInfinity), (decimal)course.Length.TotalSeconds, pace).Length;
        return course.Failure is { } failed ? Fails(failed, length, job) : new SimulatedAttempt(length, course.Report, new TrialEnding(EndingCause.Exited));
    }

    /// <summary>A bad report is one of an attempt that ends in good order.</summary>
    private static SimulatedAttempt Fails(AttemptFailed failed, TimeSpan length, JobStarted job) => new(
        length, failed.Cause == FaultNames.BadReport && !job.GoesOn ? TrialReport.Rejected(failed.Detail) : null, new TrialEnding(FaultNames.CauseOf(failed.Cause) ?? EndingCause.Exit, failed.Detail));

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
