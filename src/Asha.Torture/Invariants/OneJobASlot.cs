using Asha.Actors.Messages;
using Asha.Core.Experiments;
using Asha.Torture.Invariants.Books;

namespace Asha.Torture.Invariants;

/// <summary>No slot runs two jobs, no attempt is on two slots, no trial has two attempts that count: in the journal, and on the nodes themselves.</summary>
public sealed class OneJobASlot : Invariant
{
    private readonly JobBook _jobs = new();
    private readonly Dictionary<NodeSlot, (int Trial, int Attempt)> _on = [];
    private readonly Dictionary<(int Trial, int Attempt), NodeSlot> _began = [];

    public override string Name => "a slot runs one job, and a job runs on one slot";

    public override void Committed(TimeSpan now, IReadOnlyList<ExperimentEvent> events)
    {
        foreach (var happened in events)
        {
            switch (happened)
            {
                case SlotJoined joined:
                    Judge(!_jobs.Slots.ContainsKey(joined.Slot), $"slot {joined.Slot} joins, and is there already", slot: joined.Slot);
                    break;
                case JobStarted started:
                    var trial = _jobs.Find(started.Trial);
                    Judge(_jobs.Slots.TryGetValue(started.Slot, out var slot) && slot == SlotStage.Idle, $"{started}, and the slot is {What(started.Slot)}", started.Trial, started.Slot);
                    Judge(trial is { Stage: JobStage.Waits }, $"{started}, and its job {(trial is null ? "is of no trial" : trial.Stage == JobStage.Runs ? $"runs on slot {trial.Slot}" : "does not wait for a start")}", started.Trial, started.Slot);
                    Judge(!started.GoesOn || trial!.Slot == started.Slot, $"it goes on on slot {started.Slot}, and ran on {trial!.Slot}", started.Trial, started.Slot);
                    break;
                case AttemptRegained regained:
                    var back = _jobs.Find(regained.Trial);
                    Judge(_jobs.Slots.TryGetValue(regained.Slot, out var place) && place == SlotStage.Idle, $"{regained}, and the slot is {What(regained.Slot)}", regained.Trial);
                    Judge(back is { Stage: JobStage.Waits } && back.Attempt == regained.Attempt, $"{regained}, and of its trial attempt {back?.Attempt} {(back?.Stage == JobStage.Runs ? "runs" : "was the last")}", regained.Trial);
                    break;
                case SlotParked parked:
                    Judge(_jobs.Slots.TryGetValue(parked.Slot, out var idle) && idle == SlotStage.Idle, $"slot {parked.Slot} is parked, and is {What(parked.Slot)}", slot: parked.Slot);
                    break;
                case SlotLost lost:
                    Judge(_jobs.Slots.TryGetValue(lost.Slot, out var known) && known is not (SlotStage.Busy or SlotStage.Awaits), $"slot {lost.Slot} is lost, and {What(lost.Slot)}", slot: lost.Slot);
                    break;
                case SlotLeft left:
                    Judge(_jobs.Slots.TryGetValue(left.Slot, out var gone) && gone is not (SlotStage.Busy or SlotStage.Awaits), $"slot {left.Slot} leaves, and is {What(left.Slot)}", slot: left.Slot);
                    break;
            }
            _jobs.Take(happened);
        }
    }

    public override void Began(TimeSpan now, NodeSlot slot, StartJob job)
    {
        var isTaken = _on.TryGetValue(slot, out var there);
        Judge(job.GoesOn ? isTaken && there == (job.Trial, job.Attempt - 1) : !isTaken, $"attempt {job.Attempt} begins on {slot}, where {(isTaken ? $"attempt {there.Attempt} of trial {there.Trial} runs" : "nothing runs")}", job.Trial, SlotOf(job.Trial, job.Attempt));
        Judge(_began.TryAdd((job.Trial, job.Attempt), slot), $"attempt {job.Attempt} begins on {slot}, and had begun on {_began[(job.Trial, job.Attempt)]}", job.Trial, SlotOf(job.Trial, job.Attempt));
        _on[slot] = (job.Trial, job.Attempt);
    }

    public override void Gone(TimeSpan now, NodeSlot slot, int trial, int attempt)
    {
        Judge(_on.Remove(slot, out var there) && there.Trial == trial, $"attempt {attempt} is gone from {slot}, where it did not run", trial, SlotOf(trial, attempt));
    }

    /// <summary>By the run's number; <c>null</c>: another attempt of the trial came after this one.</summary>
    private int? SlotOf(int trial, int attempt) => _jobs.Find(trial) is { Slot: >= 0 } known && known.Attempt == attempt ? known.Slot : null;

    private string What(int slot) => _jobs.Slots.TryGetValue(slot, out var stage) ? stage.ToString().ToLowerInvariant() : "not there";
}
