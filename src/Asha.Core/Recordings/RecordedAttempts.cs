using Asha.Core.Experiments;

namespace Asha.Core.Recordings;

/// <summary>A report that counted, so long after its attempt's beginning.</summary>
public readonly record struct TimedReport(TimeSpan After, double Resource, double Metric, bool HasCheckpoint)
{
    /// <summary>What its checkpoint took on the disk; <c>null</c>: it has none, or nobody measured it.</summary>
    public long? CheckpointBytes { get; init; }
}

/// <summary>An attempt as it was recorded. It begins with the fact that led to its start: what the engine needed to decide is part of it.</summary>
/// <param name="Job">Its start.</param>
/// <param name="Length">From its beginning until its slot was idle, or until it was cut or lost.</param>
/// <param name="Reports">Those that counted, in order.</param>
/// <param name="End">What ended it; <c>null</c>: the recording.</param>
/// <param name="WasOver">It had ended by itself, and the news of it was on its way.</param>
public sealed record RecordedAttempt(JobStarted Job, TimeSpan Length, IReadOnlyList<TimedReport> Reports, ExperimentEvent? End, bool WasOver = false)
{
    /// <summary>Whether it would have lasted longer than could be seen: it was cut, or lost with its node.</summary>
    public bool IsCutShort => !WasOver && (End is null or JobCut || End is AttemptLost lost && FaultNames.IsFromOutside(lost.Cause));

    /// <summary>From its beginning until what became of it was known, or it was seen no more.</summary>
    public TimeSpan Seen { get; init; } = Length;

    /// <summary>Why it took its slot along; <c>null</c>: it did not.</summary>
    public string? Retires { get; init; }

    /// <summary>The cause and the words of its failure, or of its loss by something else than its node; <c>null</c>: neither.</summary>
    public (string Cause, string Detail)? Fault => End switch
    {
        AttemptFailed failed => (failed.Cause, failed.Detail),
        AttemptLost lost when !FaultNames.IsFromOutside(lost.Cause) => (lost.Cause, lost.Detail ?? ""),
        _ => null,
    };

    /// <summary>Whether it was made of that job: from the same resource, and started, or going on, alike.</summary>
    public bool IsOf(JobStarted job) => (Job.Trial, Job.Start, Job.Target, Job.GoesOn) == (job.Trial, job.Start, job.Target, job.GoesOn);

    /// <summary>Whether it brought its result.</summary>
    public bool HasResult => End is JobCompleted;
}

/// <summary>Collects the attempts of a recording, each when it is over.</summary>
public sealed class RecordedAttempts
{
    private sealed record Open(JobStarted Job, TimeSpan Began, List<TimedReport> Reports)
    {
        /// <summary>When its slot was idle, if that was before what came of it was known.</summary>
        public TimeSpan? Over { get; set; }
    }

    private readonly Dictionary<int, Open> _open = [];
    private readonly List<RecordedAttempt> _all = [];
    private TimeSpan _fact;

    /// <summary>Those that are over, in the order of their ends.</summary>
    public IReadOnlyList<RecordedAttempt> All => _all;

    /// <summary>Time between an attempt's end and the news of it, the longest; 0 in a recording that knows none.</summary>
    public TimeSpan Latency { get; private set; }

    /// <summary>All of a recording.</summary>
    public static RecordedAttempts Of(IReadOnlyList<ExperimentEvent> events)
    {
        var attempts = new RecordedAttempts();
        foreach (var happened in events)
            attempts.Take(happened);
        attempts.End(events[^1].Time);
        return attempts;
    }

    /// <summary>Takes the next event. O(1).</summary>
    public void Take(ExperimentEvent next)
    {
        if (next.IsFact())
            _fact = next.Time;
        switch (next)
        {
            case JobStarted started:
                _open[started.Trial] = new Open(started, _fact, []);
                break;
            case ReportAccepted report when _open.TryGetValue(report.Trial, out var open):
                open.Reports.Add(new TimedReport(report.Time - open.Began, report.Resource, report.Metric, report.Checkpoint is not null) { CheckpointBytes = report.CheckpointBytes });
                break;
            case AttemptRegained back:
                Reopen(back.Trial);
                break;
            case ReportAwaited awaited when _open.TryGetValue(awaited.Trial, out var open):
                open.Over = awaited.Time;
                break;
            // Nothing stands between an ending and the slot that went with it.
            case SlotLeft { Reason: { } reason } left when _all.Count > 0 && _all[^1] is { End: { } end } last && end.Time == left.Time && last.Job.Slot == left.Slot:
                _all[^1] = last with { Retires = reason };
                break;
            default:
                if (next.EndedAttempt() is var (trial, _))
                    Close(trial, next);
                break;
        }
    }

    /// <summary>The recording ends here; what is still open was under way.</summary>
    public void End(TimeSpan time)
    {
        foreach (var open in _open.Values.OrderBy(open => open.Job.Trial))
            _all.Add(new RecordedAttempt(open.Job, (open.Over ?? time) - open.Began, open.Reports, null, open.Over is not null) { Seen = time - open.Began });
        _open.Clear();
    }

    /// <summary>It was lost with its node, and goes on.</summary>
    private void Reopen(int trial)
    {
        var at = _all.FindLastIndex(attempt => attempt.Job.Trial == trial);
        var lost = _all[at];
        _open[trial] = new Open(lost.Job, lost.End!.Time - lost.Seen, [.. lost.Reports]);
        _all.RemoveAt(at);
    }

    private void Close(int trial, ExperimentEvent end)
    {
        if (!_open.Remove(trial, out var open))
            return;
        if (open.Over is { } over && end.Time - over > Latency)
            Latency = end.Time - over;
        _all.Add(new RecordedAttempt(open.Job, (open.Over ?? end.Time) - open.Began, open.Reports, end, open.Over is not null) { Seen = end.Time - open.Began });
    }
}
