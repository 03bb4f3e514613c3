using Akka.Actor;
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
/// <param name="self">Speaks.</param>
internal sealed class SlotDesk(ExperimentSetup setup, Experiment experiment, HeldSlots held, Outbox outbox, Unanswered unanswered, IActorRef self)
{
    private ShunnedNode[] _said = [];

    private ExperimentState State => experiment.State;

    /// <summary>Whether the experiment says from time to time how it stands (<see cref="Report"/>).</summary>
    private bool IsCompared => setup is { TakesOver: true, ResendInterval: not null };

    /// <summary>
    /// Takes slots that are granted; of those that are held already only the grant is new. One of a node that is shunned was granted before the supervisor heard of that: it is not taken, and the supervisor finds that out with the next report (<see cref="Report"/>);
    /// one of a version that does not know what is shunned grants it again then, and not at once.
    /// </summary>
    public void Take(TimeSpan now, IReadOnlyList<GrantSlot> slots)
    {
        var at = setup.Time?.GetUtcNow();
        foreach (var grant in slots)
            MakeRoom(now, grant);
        // What is back with its node is its try.
        foreach (var grant in State.Nodes.Unfit.IsEmpty ? slots : [.. slots.OrderByDescending(IsBack)])
        {
            if (!State.Slots.Contains(grant.Slot) && !State.Nodes.Unfit.IsEmpty && !IsWelcome(grant, now))
            {
                if (!IsCompared)
                    outbox.Send(setup.Supervisor, new ReturnSlot(setup.Origin.Run, grant.Slot, grant.Grant));
                continue;
            }
            held.Add(grant);
            if (State.Slots.Contains(grant.Slot))
                unanswered.Renewed(grant.Slot, self);
            else
                experiment.Join(now, grant.Slot, grant.Node, at, grant.Files, grant.Anew);
        }
    }

    /// <summary>Of a node that is shunned none is taken, but where an attempt is back that goes on; of one in quarantine that may be tried, one.</summary>
    private bool IsWelcome(GrantSlot grant, TimeSpan now)
    {
        if (IsBack(grant) || !State.Nodes.Unfit.TryGetValue(grant.Node, out var unfit))
            return true;
        if (!unfit.IsQuarantined)
            return !IsCompared || !State.Nodes.IsShunned(grant.Node, now);
        return (grant.Anew || !State.Nodes.IsShunned(grant.Node, now)) && State.Nodes.ConductOf(grant.Node) is null or { Slots: 0 };
    }

    /// <summary>Whether an attempt runs there that was lost with its node, and whose job was given to nobody else.</summary>
    private bool IsBack(GrantSlot grant)
        => grant.Running is { } job && job.Run == setup.Origin.Run && job.Trial >= 0 && job.Trial < State.Trials.Count && State.Trials[job.Trial] is { IsAstray: true } trial && trial.Attempt == job.Attempt;

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

    /// <summary>
    /// An attempt has ended while a node was shunned, or with the word that it is: what is idle there has left, and goes back. Where the experiment says how it stands, that is said so, and with it that the node is shunned: a slot that is returned alone
    /// would be granted again before that is known. Elsewhere that is said first.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="isNews">Other nodes are shunned than before.</param>
    public void LeftUnfit(TimeSpan now, bool isNews)
    {
        var gone = held.TakeGone(State.Slots);
        if (IsCompared)
        {
            if (isNews || gone.Count > 0)
                outbox.Send(self, HoldAgain.Now);
            return;
        }
        SayShuns(now);
        foreach (var slot in gone)
            outbox.Send(setup.Supervisor, new ReturnSlot(setup.Origin.Run, slot.Slot, slot.Grant));
    }

    public void Recall(RecallSlot recall) => held.Recall(recall);

    public void Keep(int slot) => held.Keep(slot);

    /// <summary>Returns what was recalled and is idle.</summary>
    /// <returns>Whether there was any.</returns>
    public bool ReturnRecalled(TimeSpan now)
    {
        var returned = held.ToReturn(State.Slots);
        foreach (var (slot, recalled) in returned)
        {
            var grant = held.Find(slot)!.Grant;
            Drop(now, slot);
            outbox.Send(setup.Supervisor, new ReturnSlot(setup.Origin.Run, slot, grant, recalled == slot ? null : recalled));
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

    /// <summary>Says to the supervisor, which may be a new one, that slots are taken, and which are held.</summary>
    public void Open() => outbox.Send(setup.Supervisor, OpeningOf(setup, State));

    /// <summary>Says how the slots stand, for the case that something was lost between here and the supervisor; and after the end that it is the end.</summary>
    public void Report(TimeSpan now, long heard)
    {
        if (State.Ended is not null)
            outbox.Send(setup.Supervisor, new CloseExperiment(setup.Origin.Run));
        else if (!IsCompared)
            SayShuns(now);
        else if (outbox.IsEmpty && Present(State) is var present)
            outbox.Send(setup.Supervisor, new HoldSlots(setup.Origin.Run, present, [.. present.Where(slot => State.Slots.PhaseOf(slot) == SlotPhase.Parked)], held.Wants, heard, State.Writer, Shuns(now)));
    }

    /// <summary>When the supervisor is to be told of shunned nodes otherwise than now, if nothing happens; <c>null</c>: never.</summary>
    public TimeSpan? NextChange(TimeSpan now) => State.Nodes.NextChange(now);

    /// <summary>Says which nodes are shunned, where that is another than what was said and nothing else tells.</summary>
    public void SayShuns(TimeSpan now)
    {
        if (IsCompared || (State.Nodes.Unfit.IsEmpty && _said.Length == 0))
            return;
        var shuns = Shuns(now) ?? [];
        if (shuns.SequenceEqual(_said))
            return;
        _said = shuns;
        outbox.Send(setup.Supervisor, new ShunNodes(setup.Origin.Run, shuns));
    }

    public static OpenExperiment OpeningOf(ExperimentSetup setup, ExperimentState state)
    {
        var opening = new OpenExperiment(setup.Origin.Run, setup.Weight, Priority: setup.Priority, MaxConcurrent: setup.MaxConcurrent, Demand: setup.Demand);
        return setup.ResendInterval is null ? opening : opening with { Writer = state.Writer, Held = state.Slots.Present == 0 ? null : Present(state) };
    }

    /// <summary>
    /// One in quarantine stays shunned when its time is over, but for one slot, until a job there succeeds. For others it is shut until then, too, while this run tries it or has had no time to; but not for ever, as this run may have nothing to try it with.
    /// </summary>
    private ShunnedNode[]? Shuns(TimeSpan now)
        => State.Nodes.Unfit.Values.Where(unfit => unfit.IsQuarantined || now < unfit.Until).Select(unfit => !unfit.IsQuarantined
            ? new ShunnedNode(unfit.Node, unfit.Detail.Split('\n')[0])
            : new ShunnedNode(
                unfit.Node, unfit.Detail.Split('\n')[0],
                IsQuarantined: now < unfit.Until + QuarantineRules.TimeToTry || State.Nodes.ConductOf(unfit.Node) is { Slots: > 0 }, IsTried: State.Nodes.IsTried(unfit.Node, now))).ToArray() is { Length: > 0 } shunned ? shunned : null;

    private static int[] Present(ExperimentState state) => [.. state.Slots.All.Select(slot => slot.Key)];

    /// <summary>A slot that is granted though the experiment has it joins anew where it was given up, or where what was lost is back there.</summary>
    private void MakeRoom(TimeSpan now, GrantSlot grant)
    {
        if (State.Slots.Contains(grant.Slot) && State.Slots.PhaseOf(grant.Slot) == SlotPhase.Lost)
            Drop(now, grant.Slot);
        if (grant.Running is not { } job || job.Run != setup.Origin.Run || job.Trial < 0 || job.Trial >= State.Trials.Count || State.Trials[job.Trial] is var trial && trial.Attempt != job.Attempt)
            return;
        if (trial.IsRunning && trial.Slot != grant.Slot)
            Lose(now, [trial.Slot]); // Its node has joined anew, and that word is on its way or lost.
        if (trial.IsAstray && State.Slots.IsIdle(grant.Slot))
            Drop(now, grant.Slot);
    }

    private void Drop(TimeSpan now, int slot, string? retired = null)
    {
        held.Remove(slot);
        experiment.Leave(now, slot, retired);
    }
}
