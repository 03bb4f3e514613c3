using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>What an experiment has to say to a node so that an attempt starts, or ends: where messages get lost with a number, and by which writer of the run's journal.</summary>
/// <param name="setup">Of the experiment.</param>
/// <param name="state">As it stands.</param>
internal sealed class JobOrders(ExperimentSetup setup, ExperimentState state)
{
    private readonly RunningStarts _starts = new();

    public bool CanLose => setup.ResendInterval is not null;

    /// <summary>The last attempts of idle slots whose process may be there, and wait for word.</summary>
    public IEnumerable<(int Slot, JobStarted Job)> MayWait => _starts.MayWait(state);

    private int Writer => CanLose ? state.Writer : 0;

    private string Run => setup.Origin.Run;

    /// <summary>What engines before have started.</summary>
    public void Remember(IReadOnlyList<ExperimentEvent> events)
    {
        if (CanLose)
            _starts.Take(events);
    }

    /// <summary>The trial's attempt runs on this slot now.</summary>
    public void Regained(int trial, int slot) => _starts.Regained(trial, slot);

    /// <summary>Starts a job, which was just decided, on the slot of this grant; <c>null</c>: it is not known where that is.</summary>
    public StartJob Start(JobStarted job, TrialState trial, GrantSlot? grant)
    {
        if (!CanLose)
            return StartOf(job, trial, grant, 0);
        _starts.Started(job, state.Attempts);
        return StartOf(job, trial, grant, state.Attempts);
    }

    /// <summary>The trial's last start once more: a node that has it hears who goes on with the run.</summary>
    public StartJob Again(TrialState trial) => StartOf(_starts.Of(trial.Trial), trial, null, _starts.NumberOf(trial.Trial)) with { Heard = trial.NextMessage };

    /// <summary>Ends the trial's attempt.</summary>
    public EndJob EndOf(TrialState trial) => CanLose
        ? new EndJob(trial.Trial, trial.Attempt, Number: _starts.NumberOf(trial.Trial), Run: Run, Writer: Writer)
        : new EndJob(trial.Trial, trial.Attempt, Run: Run);

    /// <summary>Ends what a node runs; without a number if its start is not known any more.</summary>
    public EndJob EndOf(RunningJob job) => new(job.Trial, job.Attempt, Number: _starts.NumberOf(job.Trial, job.Attempt), Run: Run, Writer: Writer);

    /// <summary>Ends an attempt that has told of itself, and that nobody wants any more.</summary>
    public EndJob EndOf(JobReport report) => new(report.Trial, report.Attempt, Run: Run, Writer: Writer);

    private StartJob StartOf(JobStarted job, TrialState trial, GrantSlot? grant, long number)
    {
        double? goal = state.Spec.Scheduler.Type == SchedulerType.Stopping && job.Target < state.Spec.Resource.Max ? state.Spec.Resource.Max : null;
        var (joining, granted) = number > 0 && grant is not null ? (grant.Joining, grant.Grant) : (0, 0);
        return new StartJob(
            grant?.Index ?? 0, job.Trial, job.Attempt, trial.RetryReason, state.Spec.SeedOf(job.Trial), trial.Parameters, job.Start, job.Target, job.Checkpoint, goal, job.GoesOn,
            Number: number, Joining: joining, Run: Run, Grant: granted, Writer: Writer, Program: setup.IsClustered ? state.Spec.Trial : null, Holder: job.Checkpoint is { } from ? HolderOf(trial, from) : null);
    }

    private string? HolderOf(TrialState trial, CheckpointRef checkpoint) => trial.NodeOf(checkpoint.Attempt) is { } node ? state.Nodes.FilesOf(node) : null;
}
