using Asha.Actors;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Torture.Invariants;

/// <summary>
/// A run that the user ends is over when its trials have had their time to end, and at once where that was asked for; whatever trials do, for none is waited longer. Time in which something that was decided is not written does not count: a journal
/// takes as long as it takes.
/// </summary>
public sealed class StopsEndInTime : Invariant
{
    private TimeSpan _left, _since;
    private bool _isAsked, _wasHeld;

    public override string Name => "a stop ends in time";

    public override void Asked(TimeSpan now, StopExperiment stop)
    {
        Spend(now);
        var most = FinalOutcome.CanGoOn(stop.Outcome) && !stop.AtOnce ? AshaActors.ProcessesEndIn : TimeSpan.Zero;
        _left = _isAsked && _left < most ? _left : most;
        _isAsked = true;
    }

    public override void Committed(TimeSpan now, IReadOnlyList<ExperimentEvent> events)
    {
        if (!events.Any(happened => happened is ExperimentEnded))
            return;
        Look(now);
        _isAsked = false;
    }

    public override void Quiet(TimeSpan now, ExperimentState live, bool isHeld)
    {
        Look(now);
        _wasHeld = isHeld;
    }

    /// <summary>The request is gone with the coordinator.</summary>
    public override void Crashed(TimeSpan now, IReadOnlyList<ExperimentEvent> durable, ExperimentState live) => _isAsked = false;

    private void Look(TimeSpan now)
    {
        Spend(now);
        if (_isAsked)
            Judge(_left >= TimeSpan.Zero, $"it is not over {-_left} after its time");
    }

    private void Spend(TimeSpan now)
    {
        if (!_wasHeld)
            _left -= now - _since;
        _since = now;
    }
}
