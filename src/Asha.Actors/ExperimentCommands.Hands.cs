using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>From one engine to the next: what was going on is taken over, or ended so that it can be gone on with.</summary>
internal sealed partial class ExperimentCommands
{
    /// <summary>What engines before have started.</summary>
    public void Remember(IReadOnlyList<ExperimentEvent> events) => _jobs.Remember(events);

    /// <summary>Another coordinator has begun to go on with the run: that is in the journal.</summary>
    public void TakeOver()
    {
        _jobs.TakeOver();
        _slots.Open();
        SetAlarms(_clock.Elapsed ?? State.Time);
        if (State.Stopping is { } stopping)
            EndInTime(new StopExperiment(stopping.Outcome, stopping.Reason));
    }

    /// <summary>Whoever means to go on later loses nothing that a trial says while it ends; but one that does not end is not awaited for ever. Asked twice, it ends no sooner: what runs has been told.</summary>
    private void Stop(TimeSpan now, StopExperiment stop)
    {
        var isToGoOn = FinalOutcome.CanGoOn(stop.Outcome) && !stop.AtOnce;
        if (isToGoOn && State.Stopping is not null)
            return;
        if (!isToGoOn || State.Slots.Engaged == 0)
        {
            _jobs.End(now, stop.Outcome, stop.Reason);
            return;
        }
        _jobs.Stop(now, stop.Outcome, stop.Reason);
        EndInTime(stop);
    }

    private void EndInTime(StopExperiment stop) => _timers.StartSingleTimer(nameof(StopExperiment), stop with { AtOnce = true }, _setup.TrialsEndIn);
}
