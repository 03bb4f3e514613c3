using Asha.Core.Experiments;
using Asha.Torture.Invariants.Books;

namespace Asha.Torture.Invariants;

/// <summary>Before a new trial, a new bracket, a slot without work, or the end with nothing left to do, whoever may go up has gone, and whoever may start has started.</summary>
public sealed class NobodyIsPassedOver : Invariant
{
    private readonly RungBook _rungs = new();
    private readonly JobBook _jobs = new();

    public override string Name => "nobody is passed over";

    public override void Committed(TimeSpan now, IReadOnlyList<ExperimentEvent> events)
    {
        foreach (var happened in events)
        {
            if (happened is TrialSampled or BracketOpened or JobStarted)
                Judge(!_jobs.IsStopping, () => $"{happened}, and the user ends the run");
            switch (happened)
            {
                case TrialSampled sampled:
                    Judge(sampled.Bracket < _rungs.Brackets.Count && _rungs.MaySample(sampled.Bracket), $"bracket {sampled.Bracket} has all its trials", sampled.Trial);
                    Judge(_jobs.Waiting == 0 && (_rungs.Type == SchedulerType.Sha ? !OffersBefore(sampled.Bracket + 1) : !Offers), $"it is sampled, and {Left}", sampled.Trial);
                    break;
                case BracketOpened:
                    Judge(_rungs.MayOpen && _jobs.Waiting == 0 && !Offers && !_rungs.MaySample(_rungs.Brackets.Count - 1), $"another bracket opens, and {Left}");
                    break;
                // Nothing starts at the moment at which all is cut.
                case SlotParked parked when !_jobs.IsStopping && !(parked.Time >= _rungs.Spec.Stop.After):
                    Judge(!HasWork, $"slot {parked.Slot} is parked, and {Left}", slot: parked.Slot);
                    break;
                case ExperimentEnded { Outcome: "completed" or "failed", Reason: "" } ended:
                    Judge(!HasWork && _jobs.Running == 0 && _jobs.BackingOff == 0, $"it ends with nothing left to do, and {Left}");
                    break;
            }
            _rungs.Take(happened);
            _jobs.Take(happened);
        }
    }

    private bool Offers => _rungs.Offering.Count > 0 || _rungs.GoesOn is not null;

    private bool HasWork => _jobs.Waiting > 0 || Offers || _rungs.MaySample(_rungs.Brackets.Count - 1) || _rungs.MayOpen;

    private string Left => _jobs.Waiting > 0 ? $"{_jobs.Waiting} jobs wait"
        : _rungs.GoesOn is { } on ? $"trial {on.Trial} was to go on from rung {on.Rung}"
        : _rungs.Offering.Count > 0 ? string.Join(", ", _rungs.Offering.Select(offer => $"trial {_rungs.Brackets[offer.Bracket].Rungs[offer.Rung].BestOpen} may go up from rung {offer.Rung} of bracket {offer.Bracket}"))
        : _jobs.Running + _jobs.BackingOff > 0 ? $"{_jobs.Running} jobs run, {_jobs.BackingOff} wait out a back-off"
        : "another trial may be sampled, or another bracket opened";

    /// <summary>Brackets are asked oldest first.</summary>
    private bool OffersBefore(int bracket) => _rungs.Offering.Any(offer => offer.Bracket < bracket);
}
