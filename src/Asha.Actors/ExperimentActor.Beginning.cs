using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors;

/// <summary>How it begins, goes on from a journal, or takes over from another coordinator.</summary>
public sealed partial class ExperimentActor
{
    /// <summary>The journal has been read.</summary>
    private void Recover(JournalOpened journal)
    {
        if (journal.Events.Count == 0)
        {
            Begin();
            return;
        }
        _setup.Watcher.Tell(new EventsRecovered(journal.Events));
        var experiment = new Experiment(journal.Events);
        if (experiment.State.Ended is { } ended && FinalOutcome.IsFinal(ended))
        {
            // The one before had come to the end; only its last word was missing.
            Context.Stop(Self);
            return;
        }
        if (_setup.TakesOver && experiment.State.Ended is null)
        {
            experiment.TakeOver(_setup.Time?.GetUtcNow() ?? _setup.Origin.StartedAt, _setup.Origin);
            _taking = (experiment, journal.Events);
            _outbox.Commit(experiment.TakeDecided());
            return;
        }
        Start(experiment);
        _handler.Remember(journal.Events);
        if (_setup.ResendInterval is null)
            _setup.Supervisor.Tell(SlotDesk.OpeningOf(_setup, State));
        // Before whatever came while the journal was read.
        (object, IActorRef, TimeSpan)[] waiting = [.. _commands];
        _commands.Clear();
        Enqueue(new ResumeExperiment(_setup.Origin));
        foreach (var command in waiting)
            _commands.Enqueue(command);
    }

    private void Begin()
    {
        Start(new Experiment(_setup.Spec, _setup.Origin));
        _setup.Supervisor.Tell(SlotDesk.OpeningOf(_setup, State));
    }

    /// <summary>Somebody else has written in the place of the taking over: the journal is read once more.</summary>
    private bool TakesAgain()
    {
        if (_taking is null)
            return false;
        _taking = null;
        _outbox.Forget();
        return true;
    }

    /// <summary>Nobody else writes any more.</summary>
    private void TakeOver(Experiment experiment, IReadOnlyList<ExperimentEvent> events)
    {
        _taking = null;
        if (experiment.State.IsTimed)
            _clock.GoOn(experiment.State.TimeAt(_setup.Time?.GetUtcNow() ?? _setup.Origin.StartedAt), experiment.State.Spec.Stop.After);
        Start(experiment);
        _handler.Remember(events);
        _handler.TakeOver();
    }

    private void Start(Experiment experiment)
    {
        _experiment = experiment;
        _handler = new ExperimentCommands(_setup, experiment, Context, Timers, _outbox, _clock);
        if (_setup.TimeZero is { } zero)
            _clock.Begin(zero, State.Spec.Stop.After);
        if (_setup is { TakesOver: true, ResendInterval: { } interval })
            Timers.StartPeriodicTimer(HoldAgain.Now, HoldAgain.Now, interval);
        Commit();
    }
}
