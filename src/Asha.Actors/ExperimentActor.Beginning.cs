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
            if (_setup.TakesOver)
                Take(new Experiment(_setup.Spec, _setup.Origin), []); // One before may be about to write its first entry.
            else
                Begin(new Experiment(_setup.Spec, _setup.Origin));
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
            Take(experiment, journal.Events);
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

    private void Begin(Experiment experiment)
    {
        Start(experiment);
        _setup.Supervisor.Tell(SlotDesk.OpeningOf(_setup, State));
    }

    /// <summary>It goes on as soon as its first word is in the journal.</summary>
    private void Take(Experiment experiment, IReadOnlyList<ExperimentEvent> events)
    {
        _taking = (experiment, events);
        _outbox.Commit(experiment.TakeDecided());
    }

    /// <summary>Somebody else has written in the place of its first word: the journal is read once more.</summary>
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
        if (events.Count == 0)
        {
            Begin(experiment);
            return;
        }
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
