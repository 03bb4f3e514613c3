namespace Asha.Core.Experiments;

/// <summary>What nodes report: which message counts, and what of it.</summary>
public sealed partial class Experiment
{
    /// <summary>Since the last event that told of them.</summary>
    private IgnoredReports _ignored;

    /// <summary>An attempt is over; its report will follow. One of another attempt changes nothing.</summary>
    public void Await(TimeSpan now, int trial, int attempt)
    {
        if (trial >= 0 && trial < State.Trials.Count && State.Trials[trial] is { IsRunning: true } running && running.Attempt == attempt && State.Slots.PhaseOf(running.Slot) == SlotPhase.Busy)
            Decide(new ReportAwaited(now, trial, attempt, running.Slot));
    }

    /// <summary>What a message is: only the next one of the attempt under way counts.</summary>
    public MessageStanding StandingOf(JobReport message)
    {
        if (message.Trial < 0 || message.Trial >= State.Trials.Count || message.Attempt < 1 || message.Message < 0)
            return MessageStanding.Unknown;
        var trial = State.Trials[message.Trial];
        if (message.Attempt > trial.Attempt)
            return MessageStanding.Unknown;
        // The next attempt is decided before the answer to the one before it is let out.
        if (message.Attempt < trial.Attempt)
            return message.Attempt == trial.Attempt - 1 && trial.HadEnded ? MessageStanding.Duplicate : MessageStanding.Stale;
        if (message.Message < trial.NextMessage || trial.HasEnded)
            return MessageStanding.Duplicate;
        if (trial.IsAstray)
            return MessageStanding.Early;
        return !trial.IsRunning ? MessageStanding.Late : message.Message > trial.NextMessage ? MessageStanding.Early : MessageStanding.Next;
    }

    /// <summary>
    /// Takes what a node says. Returns the trial whose rung has a new result to rank (its own metric, or NaN if it failed for good), or <c>null</c>.
    /// A message of another attempt, or one that was counted before, changes nothing; how many those are is kept.
    /// </summary>
    public TrialState? Receive(TimeSpan now, JobReport message)
    {
        var standing = StandingOf(message);
        _ignored = _ignored.With(standing);
        if (standing != MessageStanding.Next)
            return null;
        var trial = State.Trials[message.Trial];
        if (message.Ending is not null)
            TellIgnored(now); // Before what the message brings: that is one fact.
        for (var report = 0; report < message.Reports.Count; report++)
            Take(now, trial, message.Reports[report], message.Message);
        // Reports behind the result are ignored; but that the message came has to be in the journal.
        if (message.Reports.Count > 0 && trial.NextMessage == message.Message)
            Decide(new ReportRejected(now, trial.Trial, trial.Attempt, "it came after the result", message.Message));
        return message.Ending is { } ending ? End(now, trial, ending) : null;
    }

    private void TellIgnored(TimeSpan now)
    {
        if (_ignored.Total > 0)
            Decide(new ReportsIgnored(now, _ignored.Duplicate, _ignored.Late, _ignored.Stale, _ignored.Unknown));
        _ignored = default;
    }

    private void Take(TimeSpan now, TrialState trial, TrialReport report, int message)
    {
        if (trial.HasResult)
            return;
        // A trial that goes on from beyond its level need not train for it: what it reported there is the result of this job as well.
        var wasBeyond = trial.Start >= trial.Target && report.Resource == trial.Start;
        var problem = report.Problem ?? (report.Resource > trial.Resource || wasBeyond
            ? null
            : $"resource {report.Resource:R} does not rise: it was {trial.Resource:R} already");
        if (problem is null)
            Decide(new ReportAccepted(now, trial.Trial, trial.Attempt, report.Resource, report.Metric, report.Checkpoint, message, report.Checkpoint is null ? null : report.CheckpointBytes));
        else
            Decide(new ReportRejected(now, trial.Trial, trial.Attempt, problem, message));
    }
}
