using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Torture.Invariants.Books;

namespace Asha.Torture.Invariants;

/// <summary>A node forgets what is acknowledged: then it is in the journal at that moment, or its attempt was over there before, and so it is after every crash.</summary>
public sealed class NothingAcknowledgedIsLost : Invariant
{
    private readonly JobBook _jobs = new();

    /// <summary>What the acknowledgement said, and whether the attempt was over then.</summary>
    private readonly Dictionary<ReportStored, bool> _acknowledged = [];

    public override string Name => "no acknowledged result is lost";

    public override void Committed(TimeSpan now, IReadOnlyList<ExperimentEvent> events)
    {
        foreach (var happened in events)
            _jobs.Take(happened);
    }

    public override void Acknowledged(TimeSpan now, ReportStored stored)
    {
        Judge(Holds(_jobs, stored, out var isOver), $"message {stored.Message} of attempt {stored.Attempt} was acknowledged; the journal has {Known(_jobs, stored)}", stored.Trial);
        _acknowledged[stored] = isOver;
    }

    public override void Crashed(TimeSpan now, IReadOnlyList<ExperimentEvent> durable, ExperimentState live) => Look(durable);

    public override void Changed(TimeSpan now, IReadOnlyList<ExperimentEvent> durable, ExperimentState live) => Look(durable);

    public override void Ended(TimeSpan now, IReadOnlyList<ExperimentEvent> durable, ExperimentState live) => Look(durable);

    private void Look(IReadOnlyList<ExperimentEvent> durable)
    {
        var jobs = new JobBook();
        foreach (var happened in durable)
            jobs.Take(happened);
        foreach (var (stored, wasOver) in _acknowledged)
        {
            Judge(Holds(jobs, stored, out var isOver) && (isOver || !wasOver),
                $"message {stored.Message} of attempt {stored.Attempt} had been acknowledged; now the journal has {Known(jobs, stored)}", stored.Trial);
        }
    }

    private static bool Holds(JobBook jobs, ReportStored stored, out bool isOver)
    {
        isOver = false;
        if (jobs.Find(stored.Trial) is not { } trial || stored.Attempt > trial.Attempt)
            return false;
        // One that was lost with its node may be back with it: what it says is not to be forgotten yet.
        isOver = stored.Attempt < trial.Attempt || (trial.Stage != JobStage.Runs && (!trial.IsAstray || (jobs.Ended is { } ended && FinalOutcome.IsFinal(ended))));
        return isOver || stored.Message < trial.NextMessage;
    }

    private static string Known(JobBook jobs, ReportStored stored) => jobs.Find(stored.Trial) is not { } trial ? "no such trial"
        : $"attempt {trial.Attempt}, which {(trial.Stage == JobStage.Runs ? "runs" : "is over")}, and of it the messages before {trial.NextMessage}";
}
