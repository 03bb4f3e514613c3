using Asha.Core.Experiments;

namespace Asha.Core.Recordings;

/// <summary>How an attempt goes in a recorded world.</summary>
/// <param name="Length">How long it lasts.</param>
/// <param name="Report">What it reports at the last; <c>null</c>: it fails.</param>
/// <param name="Failure">The recorded failure; <c>null</c>: it brings a result.</param>
/// <param name="IsKnown">Whether its result was recorded; otherwise its metric is NaN, and its length as its trial's pace says.</param>
public readonly record struct RecordedCourse(TimeSpan Length, TrialReport? Report, AttemptFailed? Failure, bool IsKnown)
{
    /// <summary>What it reports before, at rising times before its end.</summary>
    public IReadOnlyList<TimedReport> Earlier { get; init; } = [];
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
        if (own is { End: AttemptFailed failure })
            return new RecordedCourse(own.Length, null, failure, IsKnown: true) { Earlier = Earlier(own, job, own.Length) };
        var known = Result(job, recorded);
        var length = Length(job, known?.Resource ?? job.Target, recorded, own);
        var earlier = own is null ? [] : Earlier(own, job, length);
        return known is { } result
            ? new RecordedCourse(length, new TrialReport(result.Resource, result.Metric, result.HasCheckpoint ? "recorded" : null), null, IsKnown: true) { Earlier = earlier }
            : new RecordedCourse(length, new TrialReport(job.Target, double.NaN, "recorded"), null, IsKnown: false) { Earlier = earlier };
    }

    /// <summary>The attempt's own reports below its level, where it was recorded so; those of one time come a tick apart.</summary>
    private static List<TimedReport> Earlier(RecordedAttempt own, JobStarted job, TimeSpan length)
    {
        var earlier = new List<TimedReport>();
        foreach (var report in own.Job.Start == job.Start ? own.Reports : [])
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
    private TimeSpan Length(JobStarted job, double to, List<RecordedAttempt> recorded, RecordedAttempt? own)
    {
        // One that was over, whatever became of the news, lasted as long as it did.
        var done = own is { IsCutShort: false } ? own : recorded.FirstOrDefault(attempt => attempt.HasResult);
        var length = done is not null && done.Job.Start == job.Start ? done.Length : TimeSpan.FromSeconds(_pace.Seconds(job.Trial, job.Start, to, job.GoesOn));
        if (_stragglers is { } most && TimeSpan.FromSeconds(_pace.Usual(job.Start, to, job.GoesOn, most)) is var longest && longest < length)
            return longest;
        return own is { IsCutShort: true } && own.Job.Start == job.Start && length <= own.Length ? own.Length + TimeSpan.FromTicks(1) : length;
    }

    /// <summary>The result of that job, or the first report of the trial that is at the level or beyond; <c>null</c>: it never came so far.</summary>
    private TimedReport? Result(JobStarted job, List<RecordedAttempt> recorded)
    {
        if (recorded.FirstOrDefault(attempt => attempt.HasResult) is { End: JobCompleted own } done)
            return new TimedReport(default, own.Resource, own.Metric, done.Reports.Any(report => report.HasCheckpoint));
        foreach (var report in _curves.GetValueOrDefault(job.Trial) ?? [])
        {
            if (report.Resource >= job.Target)
                return report;
        }
        return null;
    }
}
