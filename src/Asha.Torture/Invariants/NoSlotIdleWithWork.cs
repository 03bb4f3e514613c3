using Asha.Core.Experiments;
using Asha.Torture.Invariants.Books;

namespace Asha.Torture.Invariants;

/// <summary>While a slot is idle there is nothing for it to do: no job that waits, nobody to promote, nothing to sample; judged from the journal alone, whenever nothing more happens and the journal keeps up.</summary>
/// <param name="bound">So long it may be otherwise; 0: never.</param>
public sealed class NoSlotIdleWithWork(TimeSpan bound) : Invariant
{
    private readonly RungBook _rungs = new();
    private readonly JobBook _jobs = new();
    private TimeSpan? _since;
    private TimeSpan _time;

    public override string Name => "no slot is idle with work for it";

    public override void Committed(TimeSpan now, IReadOnlyList<ExperimentEvent> events)
    {
        foreach (var happened in events)
        {
            _time = happened.Time;
            _rungs.Take(happened);
            _jobs.Take(happened);
        }
    }

    public override void Quiet(TimeSpan now, ExperimentState live, bool isHeld)
    {
        if (isHeld || _rungs.Spec is null || !(Idle && HasWork))
        {
            if (!isHeld)
                Judge(true, () => "");
            _since = null;
            return;
        }
        _since ??= now;
        Judge(now - _since < bound,
            () => $"since {_since} {_jobs.IdleSlots} slots are idle, and {(_jobs.Waiting > 0 ? $"{_jobs.Waiting} jobs wait" : _rungs.Offering.Count > 0 ? "a trial may go up" : "another trial may be sampled")}",
            _jobs.Waiting > 0 ? _jobs.Trials.FindIndex(trial => trial.Stage == JobStage.Waits) : null,
            _jobs.Slots.First(slot => slot.Value == SlotStage.Idle).Key);
    }

    /// <summary>Nothing starts at the moment at which all is cut.</summary>
    private bool Idle => _jobs.IdleSlots > 0 && _jobs is { Ended: null, IsStopping: false } && !(_time >= _rungs.Spec.Stop.After);

    private bool HasWork => _jobs.Waiting > 0 || _rungs.Offering.Count > 0 || _rungs.MaySample(_rungs.Brackets.Count - 1) || _rungs.MayOpen;
}
