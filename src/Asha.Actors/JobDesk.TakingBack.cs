using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>What runs on nodes already: it was started by another coordinator, or is back with its node.</summary>
internal sealed partial class JobDesk
{
    /// <summary>What engines before have started: it may run, or be back with its node.</summary>
    public void Remember(IReadOnlyList<ExperimentEvent> events) => _orders.Remember(events);

    /// <summary>Another coordinator goes on, and the nodes run on. What is under way was told to them, or was to be; what has reached its level and waits for word is ended, as nobody knows any more that it waits.</summary>
    public void TakeOver()
    {
        foreach (var trial in State.Running)
            unanswered.WasTold(trial.Slot, _orders.Again(trial), trial.Trial, trial.Attempt);
        foreach (var (slot, job) in _orders.MayWait)
            unanswered.WasTold(slot, _orders.EndOf(State.Trials[job.Trial]), job.Trial, job.Attempt);
        if (State.Stopping is not null)
            EndRunning();
    }

    /// <summary>Slots were granted on which something runs already: it goes on if it is this run's and was given to nobody else, and is ended otherwise.</summary>
    public void TakeBack(TimeSpan now, IReadOnlyList<GrantSlot> slots)
    {
        foreach (var grant in slots.Where(grant => grant.Running?.Run == setup.Origin.Run))
        {
            var (slot, job) = (grant.Slot, grant.Running!);
            // The node has it, but may not have heard yet from us who goes on with the run: that says its own answer alone.
            if (State.Slots.TrialOn(slot) == job.Trial && State.Trials[job.Trial] is { IsRunning: true } runs && runs.Attempt == job.Attempt)
                continue;
            if (_undecided is var (_, _, end) && (end.Trial, end.Attempt) == (job.Trial, job.Attempt))
                continue;
            // One that was not taken, as its node is shunned, runs nothing of ours any more either.
            if (State.Slots.IsIdle(slot) && experiment.Regain(now, job.Trial, job.Attempt, slot))
                Regained(slot, job);
            else
                EndUnwanted(grant, job);
        }
    }

    /// <summary>One whose start is not known any more is ended by the next start there at the latest: said with a number, it might keep that from running.</summary>
    private void EndUnwanted(GrantSlot grant, RunningJob job)
    {
        var end = _orders.EndOf(job);
        if (end.Number > 0)
            unanswered.Tell(grant.Slot, end, job.Trial, job.Attempt, grant);
        else
            outbox.Send(grant.Address, end);
    }

    /// <summary>Its node hears who goes on with the run, and says again what is not stored.</summary>
    private void Regained(int slot, RunningJob job)
    {
        if (!_orders.CanLose)
            return;
        _orders.Regained(job.Trial, slot);
        var trial = State.Trials[job.Trial];
        unanswered.Tell(slot, State.Stopping is null ? _orders.Again(trial) : _orders.EndOf(trial), job.Trial, job.Attempt);
    }
}
