using Asha.Core.Experiments;

namespace Asha.Core.Recordings;

/// <summary>How an attempt goes in a recorded world.</summary>
/// <param name="Length">How long it lasts.</param>
/// <param name="Report">What it reports at the last; <c>null</c>: it fails.</param>
/// <param name="Fault">Cause and words of the recorded failure or loss; <c>null</c>: it brings a result.</param>
/// <param name="IsKnown">Whether its result was recorded; otherwise its metric is NaN.</param>
public readonly record struct RecordedCourse(TimeSpan Length, TrialReport? Report, (string Cause, string Detail)? Fault, bool IsKnown)
{
    /// <summary>What it reports before, at rising times before its end.</summary>
    public IReadOnlyList<TimedReport> Earlier { get; init; } = [];

    /// <summary>Why it takes its slot along; <c>null</c>: it does not.</summary>
    public string? Retires { get; init; }

    /// <summary>So long after its beginning it is as it was recorded; beyond that its length or its result is not known. <c>null</c>: all of it is.</summary>
    public TimeSpan? KnownFor { get; init; }
}

/// <summary>
/// A recording as a world in which other decisions can be made: what each trial reported, and how long it took (docs/decisions/015-replay.md). It counts the attempts of each job, so that each run needs one of its own.
/// </summary>
public sealed class RecordedWorld
{
    private readonly Dictionary<(int Trial, double Target), List<RecordedAttempt>> _jobs;
    private readonly Dictionary<int, TimedReport[]> _curves;
    private readonly double? _stragglers;
    private readonly Dictionary<(int Trial, double Target), int> _started = [];
    private readonly RecordedPace _pace;

    /// <param name="attempts">All of the recording.</param>
    /// <param name="stragglers">No unit of resource takes longer than so many times the median of the run's jobs, ≥ 1; <c>null</c>: each job lasts as long as it did.</param>
    public RecordedWorld(IReadOnlyList<RecordedAttempt> attempts, double? stragglers = null)
    {
        _pace = new RecordedPace(attempts);
        _jobs = attempts.GroupBy(attempt => (attempt.Job.Trial, attempt.Job.Target)).ToDictionary(job => job.Key, job => job.OrderBy(attempt => attempt.Job.Attempt).ToList());
        _curves = attempts.GroupBy(attempt => attempt.Job.Trial).ToDictionary(trial => trial.Key, trial => trial.SelectMany(attempt => attempt.Reports).OrderBy(report => report.Resource).ToArray());
        _stragglers = stragglers;
    }

    /// <summary>How the attempt goes that starts: the first one of a job as the first one went, and so on.</summary>
    public RecordedCourse Attempt(JobStarted job)
    {
        var recorded = _jobs.GetValueOrDefault((job.Trial, job.Target)) ?? [];
        var started = _started[(job.Trial, job.Target)] = _started.GetValueOrDefault((job.Trial, job.Target)) + 1;
        var own = started <= recorded.Count ? recorded[started - 1] : null;
        if (own is { Fault: { } fault })
            return new RecordedCourse(own.Length, null, fault, IsKnown: true) { Earlier = Earlier(own, job, own.Length), Retires = own.Retires, KnownFor = own.IsOf(job) ? null : TimeSpan.Zero };
        var known = Result(job, recorded);
        var to = known?.Resource ?? job.Target;
        var (length, isRecorded) = Length(job, to, recorded, own);
        var report = known is { } result ? new TrialReport(result.Resource, result.Metric, result.HasCheckpoint ? "recorded" : null, CheckpointBytes: result.CheckpointBytes) : new TrialReport(job.Target, double.NaN, "recorded");
        return new RecordedCourse(length, report, null, known is not null)
        {
            Earlier = own?.IsOf(job) == true ? Earlier(own, job, length) : Estimated(job, to, length),
            Retires = own is { HasResult: true } ? own.Retires : null,
            KnownFor = isRecorded && known is not null ? null : own?.IsOf(job) == true ? own.Seen : TimeSpan.Zero,
        };
    }

    /// <summary>Of a job that was put together, the last checkpoint below its result, at the time that the pace gives it: a retry, or the next job, may go on from there.</summary>
    private TimedReport[] Estimated(JobStarted job, double to, TimeSpan length)
        => _curves.TryGetValue(job.Trial, out var curve) && curve.LastOrDefault(report => report.HasCheckpoint && report.Resource > job.Start && report.Resource < Math.Min(to, job.Target)) is { Resource: > 0 } kept && length > TimeSpan.Zero
            ? [kept with { After = length * ((kept.Resource - job.Start) / (to - job.Start)) }]
            : [];

    /// <summary>The attempt's own reports below its level, where it was recorded so; those of one time come a tick apart.</summary>
    private static List<TimedReport> Earlier(RecordedAttempt own, JobStarted job, TimeSpan length)
    {
        var earlier = new List<TimedReport>();
        foreach (var report in own.Reports)
        {
            if (report.Resource >= job.Target)
                break;
            var after = own.Length > length ? report.After * (length / own.Length) : report.After;
            if (earlier.Count > 0 && after <= earlier[^1].After)
                after = earlier[^1].After + TimeSpan.FromTicks(1);
            if (after < length)
                earlier.Add(report with { After = after });
        }
        return earlier;
    }

    /// <summary>As long as that job took, or as the trial's pace says. An attempt that was cut or lost would have lasted longer than could be seen.</summary>
    private (TimeSpan Length, bool IsRecorded) Length(JobStarted job, double to, List<RecordedAttempt> recorded, RecordedAttempt? own)
    {
        // One that was over, whatever became of the news, lasted as long as it did.
        var done = own is { IsCutShort: false } ? own : recorded.FirstOrDefault(attempt => attempt.HasResult);
        var isSame = done?.IsOf(job) == true;
        var length = isSame ? done!.Length : TimeSpan.FromSeconds(_pace.Seconds(job.Trial, job.Start, to, job.GoesOn));
        if (_stragglers is { } most && TimeSpan.FromSeconds(_pace.Usual(job.Start, to, job.GoesOn, most)) is var longest && longest < length)
            return (longest, isSame);
        var isCut = own is { IsCutShort: true } && own.IsOf(job);
        return (isCut && length <= own!.Length ? own.Length + TimeSpan.FromTicks(1) : length, isSame && !isCut);
    }

    /// <summary>The result of that job, or the first report of the trial that is at the level or beyond; <c>null</c>: it never came so far.</summary>
    private TimedReport? Result(JobStarted job, List<RecordedAttempt> recorded)
    {
        if (recorded.FirstOrDefault(attempt => attempt.HasResult) is { End: JobCompleted own } done)
            return new TimedReport(default, own.Resource, own.Metric, done.Reports is [.., { HasCheckpoint: true }]) { CheckpointBytes = done.Reports is [.., var last] ? last.CheckpointBytes : null };
        foreach (var report in _curves.GetValueOrDefault(job.Trial) ?? [])
        {
            if (report.Resource >= job.Target)
                return report;
        }
        return null;
    }
}
