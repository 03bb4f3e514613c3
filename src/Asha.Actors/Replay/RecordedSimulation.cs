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

    private readonly HashSet<(int Trial, int Attempt)> _unknown = [];

    /// <summary>Of attempts that were not recorded as they started, or not to their end: until when they are known.</summary>
    private readonly Dictionary<(int Trial, int Attempt), TimeSpan> _knownUntil = [];

    /// <summary>The way of a report.</summary>
    public TimeSpan DecisionLatency { get; init; }

    /// <summary>Told of every event.</summary>
    public Action<ExperimentEvent>? Told { get; init; }

    /// <summary>Jobs whose result was never recorded, and which had one here: it ranked last.</summary>
    public int Unknown { get; private set; }

    /// <summary>Jobs that were not recorded as they start here, or not to their end: how long they last, or what they bring, is not known.</summary>
    public int Estimated { get; private set; }

    /// <summary>Until then everything is as good as the recording; later than the run's end: all of it is.</summary>
    public TimeSpan KnownUntil { get; private set; } = TimeSpan.MaxValue;

    /// <summary>Runs until nothing can happen any more.</summary>
    public void Run() => new SimulatedRun(spec, nodes, Attempt) { DecisionLatency = DecisionLatency, Told = Take }.Run();

    private SimulatedAttempt Attempt(JobStarted job, AttemptPlace place)
    {
        var course = world.Attempt(job);
        if (!course.IsKnown)
            _unknown.Add((job.Trial, job.Attempt));
        if (course.KnownFor is { } known)
            _knownUntil[(job.Trial, job.Attempt)] = job.Time + known;
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
            Earlier = [.. course.Earlier.Select(earlier => (At(earlier.After, pace), new TrialReport(earlier.Resource, earlier.Metric, earlier.HasCheckpoint ? "recorded" : null)))],
        };
    }

    private static TimeSpan At(TimeSpan recorded, decimal pace) => pace == 1 ? recorded : WorldRules.Of(AttemptDraw.None, (decimal)recorded.TotalSeconds, pace).Length;

    /// <summary>A bad report is one of an attempt that ends in good order.</summary>
    private static (TrialReport? Report, TrialEnding Ending) Failed((string Cause, string Detail) fault, JobStarted job)
        => (fault.Cause == FaultNames.BadReport && !job.GoesOn ? TrialReport.Rejected(fault.Detail) : null, new TrialEnding(FaultNames.CauseOf(fault.Cause) ?? EndingCause.Exit, fault.Detail));

    private void Take(ExperimentEvent happened)
    {
        switch (happened)
        {
            case JobCompleted done:
                Unknown += _unknown.Remove((done.Trial, done.Attempt)) ? 1 : 0;
                Over(done.Trial, done.Attempt, done.Time);
                break;
            case AttemptFailed failed:
                Over(failed.Trial, failed.Attempt, failed.Time);
                break;
            case AttemptLost lost:
                Over(lost.Trial, lost.Attempt, lost.Time);
                break;
            case JobCut cut:
                Over(cut.Trial, cut.Attempt, cut.Time);
                break;
        }
        Told?.Invoke(happened);
    }

    /// <summary>One that was cut or lost in the recording, and is so again, is as known as any.</summary>
    private void Over(int trial, int attempt, TimeSpan end)
    {
        if (!_knownUntil.Remove((trial, attempt), out var until) || until >= end)
            return;
        Estimated++;
        KnownUntil = until < KnownUntil ? until : KnownUntil;
    }
}
