using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Torture.Invariants;

/// <summary>A job is let out, and begins on a node, only once its start is in the journal; and it is the job that the journal says.</summary>
public sealed class NoStartBeforeItsDecision : Invariant
{
    private readonly Dictionary<(int Trial, int Attempt), JobStarted> _durable = [];

    public override string Name => "no start before its decision is durable";

    public override void Committed(TimeSpan now, IReadOnlyList<ExperimentEvent> events)
    {
        foreach (var started in events.OfType<JobStarted>())
            _durable[(started.Trial, started.Attempt)] = started;
    }

    public override void Ordered(TimeSpan now, StartJob job) => Look("is let out", job);

    public override void Began(TimeSpan now, NodeSlot slot, StartJob job) => Look($"begins on {slot}", job);

    private void Look(string what, StartJob job)
    {
        var isThere = _durable.TryGetValue((job.Trial, job.Attempt), out var started);
        Judge(isThere && (job.Start, job.Target, job.Checkpoint, job.GoesOn) == (started!.Start, started.Target, started.Checkpoint, started.GoesOn),
            $"attempt {job.Attempt} {what} ({job.Start} to {job.Target} from {job.Checkpoint?.ToString() ?? "nothing"}), and the journal {(isThere ? $"says {started}" : "has no such start")}", job.Trial);
    }
}
