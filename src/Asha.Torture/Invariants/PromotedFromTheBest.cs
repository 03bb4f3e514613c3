using Asha.Core.Experiments;
using Asha.Torture.Invariants.Books;

namespace Asha.Torture.Invariants;

/// <summary>No trial goes up twice from a rung, and each is among the best of its rung at that moment: of m results ⌊m/η⌋, with SHA once all are there, with trials that cannot be resumed at least one and the newest; and no better one is left behind.</summary>
public sealed class PromotedFromTheBest : Invariant
{
    private readonly RungBook _rungs = new();

    public override string Name => "who goes up is among the best";

    public override void Committed(TimeSpan now, IReadOnlyList<ExperimentEvent> events)
    {
        foreach (var happened in events)
        {
            if (happened is TrialPromoted up)
                Judge(up);
            _rungs.Take(happened);
        }
    }

    private void Judge(TrialPromoted up)
    {
        var known = up.Trial >= 0 && up.Trial < _rungs.BracketOf.Count && _rungs.BracketOf[up.Trial] == up.Bracket && up.Rung >= 0 && up.Rung < _rungs.Top;
        Judge(known, $"it goes up from rung {up.Rung} of bracket {up.Bracket}, where it is not", up.Trial);
        var rung = _rungs.Brackets[up.Bracket].Rungs[up.Rung];
        Judge(!rung.HasPromoted(up.Trial), $"it goes up from rung {up.Rung} a second time", up.Trial);
        var rank = rung.RankOf(up.Trial);
        Judge(rank is not null, $"it goes up from rung {up.Rung} without a finite result there", up.Trial);
        var places = _rungs.Places(up.Bracket, up.Rung);
        Judge(rank <= places, $"it goes up from rung {up.Rung} as number {rank} of {rung.Count}, where {places} may{(_rungs.Type == SchedulerType.Sha && !_rungs.IsComplete(up.Bracket, up.Rung) ? ": results are missing" : "")}", up.Trial);
        if (_rungs.Type == SchedulerType.Stopping)
        {
            Judge(rung.Last == up.Trial, $"it goes up from rung {up.Rung} after trial {rung.Last} had its result there", up.Trial);
            return;
        }
        Judge(rung.BestOpen == up.Trial, $"it goes up from rung {up.Rung} before trial {rung.BestOpen}, which is better", up.Trial);
        if (_rungs.Type == SchedulerType.Asha)
            Judge(!_rungs.Offering.Any(offering => offering.Bracket == up.Bracket && offering.Rung > up.Rung), $"it goes up from rung {up.Rung}, and a higher one has a trial to promote", up.Trial);
    }
}
