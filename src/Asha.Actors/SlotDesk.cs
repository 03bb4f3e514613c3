using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Core.Scheduling;

namespace Asha.Actors;

/// <summary>
/// How an experiment's slots come and go: those that the supervisor grants are taken, those that it wants back are returned as soon as they are idle, those that there is nothing for are parked, and more are asked for where only these are missing.
/// </summary>
/// <param name="setup">Whom the experiment talks to.</param>
/// <param name="experiment">Decides, and holds what was decided.</param>
/// <param name="held">The slots.</param>
/// <param name="outbox">What the supervisor is told waits there for the journal.</param>
/// <param name="unanswered">What was said to a node that does not answer is not said again.</param>
internal sealed class SlotDesk(ExperimentSetup setup, Experiment experiment, HeldSlots held, Outbox outbox, Unanswered unanswered)
{
    private ExperimentState State => experiment.State;

    public void Take(TimeSpan now, IReadOnlyList<GrantSlot> slots)
    {
        foreach (var grant in slots)
        {
            held.Add(grant);
            experiment.Join(now, grant.Slot, grant.Node);
        }
    }

    /// <summary>Another engine goes on: the slots of the one before are gone.</summary>
    public void Resume()
    {
        held.KeepPresent(State.Slots);
        held.Wants = true;
    }

    /// <summary>Their node does not answer.</summary>
    public void Doubt(TimeSpan now, IReadOnlyList<int> slots)
    {
        foreach (var slot in slots)
        {
            if (State.Slots.TrialOn(slot) is { } trial)
                unanswered.Over(trial, State.Trials[trial].Attempt);
        }
        experiment.Lose(now, slots);
    }

    /// <summary>Their node is gone.</summary>
    public void Lose(TimeSpan now, IReadOnlyList<int> slots)
    {
        Doubt(now, slots);
        foreach (var slot in slots.Where(State.Slots.Contains))
            Drop(now, slot);
    }

    /// <summary>An attempt that was given the slot tells so itself, in its own ending; this is for one that is idle.</summary>
    public void Retire(TimeSpan now, SlotRetired retired)
    {
        if (State.Slots.IsIdle(retired.Slot))
            Drop(now, retired.Slot, retired.Reason);
    }

    /// <summary>An attempt has told so.</summary>
    public void RetiredWithAttempt() => held.KeepPresent(State.Slots);

    public void Recall(int slot) => held.Recall(slot);

    /// <summary>Returns what was recalled and is idle.</summary>
    /// <returns>Whether there was any.</returns>
    public bool ReturnRecalled(TimeSpan now)
    {
        var returned = held.ToReturn(State.Slots);
        foreach (var slot in returned)
        {
            Drop(now, slot);
            outbox.Send(setup.Supervisor, new ReturnSlot(setup.Origin.Run, slot));
        }
        return returned.Count > 0;
    }

    /// <summary>A slot that was parked has a job.</summary>
    public void Unpark(int slot) => outbox.Send(setup.Supervisor, new UseSlot(setup.Origin.Run, slot));

    /// <summary>There is nothing to do now: parks the idle slots, and asks for more where only these are missing.</summary>
    /// <param name="now">The time.</param>
    /// <param name="heads">Whom the rungs would promote.</param>
    public void Rest(TimeSpan now, RungHeads heads)
    {
        foreach (var slot in State.Slots.Undecided)
        {
            outbox.Send(setup.Supervisor, new ParkSlot(setup.Origin.Run, slot));
            held.Wants = false;
        }
        experiment.Park(now);
        if (State.Stopping is null && !held.Wants && State.Slots.FirstIdle is null && NextStep.HasWork(State, heads))
        {
            outbox.Send(setup.Supervisor, new WantSlots(setup.Origin.Run));
            held.Wants = true;
        }
    }

    private void Drop(TimeSpan now, int slot, string? retired = null)
    {
        held.Remove(slot);
        experiment.Leave(now, slot, retired);
    }
}
