using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Core.Randomness;

namespace Asha.Actors;

/// <summary>
/// An experiment's way to its journal. One that fails (locked, full, its server gone) is followed by another, after a while that grows; meanwhile the experiment decides on what comes in and lets nothing out.
/// </summary>
/// <param name="setup">Makes the journals.</param>
/// <param name="context">The experiment's: journals are its children.</param>
/// <param name="timers">The experiment's.</param>
/// <param name="outbox">Where batches wait.</param>
/// <param name="opened">Called with what is in a journal, wherever that was wanted: at the beginning, and once more after <paramref name="takesAgain"/>.</param>
/// <param name="isEnding">Whether somebody has asked the experiment to end: whoever wants to leave is not kept by a full disk.</param>
/// <param name="takesAgain">Called where somebody else has written to the journal. Whether what was decided here has been forgotten, and the journal is to be read once more.</param>
internal sealed class JournalLink(ExperimentSetup setup, IActorContext context, ITimerScheduler timers, Outbox outbox, Action<JournalOpened> opened, Func<bool> isEnding, Func<bool> takesAgain)
{
    /// <summary>The first failure may be over in a moment; a server that is away for an hour is asked for it twice a minute.</summary>
    private static readonly TimeSpan _first = TimeSpan.FromSeconds(.25), _longest = TimeSpan.FromSeconds(20);

    /// <summary>Whoever wants to leave is kept by so many failures in a row at most.</summary>
    private const int TriesToEnd = 3;

    private sealed class TryAgain : INoSerializationVerificationNeeded
    {
        public static readonly TryAgain Now = new();
    }

    private IActorRef _journal = ActorRefs.Nobody;
    private string _reason = "";
    private int _made, _failures;
    private JournalOpening _opening = new(Tells: false);
    private bool _isOpen, _isReadable;

    /// <summary>Opens a journal.</summary>
    public void Open(JournalOpening opening)
    {
        (_opening, _isOpen) = (opening, false);
        if (setup.Journal is { } make)
            _journal = context.Watch(context.ActorOf(make(opening), $"journal-{++_made}"));
    }

    /// <summary>Takes a journal's word. Returns whether it was one.</summary>
    /// <param name="message">Any message.</param>
    public bool Take(object message)
    {
        switch (message)
        {
            case EventsWritten written:
                outbox.Release(written.Batch);
                Works();
                return true;
            case JournalOpened journal:
                if (!_opening.Tells && (journal.Last != outbox.Written + (journal.Added?.Count ?? 0) || !outbox.Owns(journal.Added ?? [])))
                {
                    if (takesAgain())
                    {
                        context.Unwatch(_journal);
                        context.Stop(_journal);
                        Open(new JournalOpening(Tells: true));
                        return true;
                    }
                    return GiveUp(journal.Last < outbox.Written
                        ? $"the run's journal has lost entries: it had {outbox.Written}, and has {journal.Last}"
                        : $"another engine has written to this run's journal: of its {journal.Last} entries only the first {outbox.Written} are known here. This engine ends; what it had not written, it has told nobody");
                }
                _isOpen = true;
                outbox.Connect(_journal, journal.Last);
                if (_opening.Tells)
                    opened(journal);
                if (outbox.IsEmpty)
                    Works();
                return true;
            case JournalFailed failed:
                (_reason, _isReadable) = (failed.Reason, failed.IsReadable);
                return true;
            case JournalUnreadable unreadable:
                return GiveUp(unreadable.Reason);
            case Terminated gone when gone.ActorRef.Equals(_journal) && _isReadable:
                _isReadable = false;
                Open(_opening with { Whole = true });
                return true;
            case Terminated gone when gone.ActorRef.Equals(_journal):
                Fails();
                return true;
            case TryAgain:
                // One that could not be opened may have stumbled over its snapshot.
                Open(new JournalOpening(_opening.Tells && !_isOpen, Whole: !_isOpen, outbox.Written));
                return true;
            default:
                return false;
        }
    }

    /// <summary>No journal after this one: whatever is decided here is let out no more.</summary>
    private bool GiveUp(string reason)
    {
        outbox.Disconnect();
        setup.Watcher.Tell(new EngineFailed(reason));
        context.Stop(context.Self);
        return true;
    }

    private void Works()
    {
        if (_failures > 0)
            setup.Watcher.Tell(new JournalRestored());
        _failures = 0;
    }

    private void Fails()
    {
        outbox.Disconnect();
        // What trials report while they end counts, if it is only a lock that passes.
        if (isEnding() && _failures >= TriesToEnd)
        {
            GiveUp($"the journal cannot be written, so that the run's end is not on record: {_reason}. What was counted is there, and the run can be gone on with");
            return;
        }
        // Of several experiments that wait for the same server, not all come back at once.
        var jitter = KeyedRandom.Of(setup.Spec.Seed).Stream("journal").Stream(_failures).Unit();
        var wait = TimeSpan.FromTicks((long)(Math.Min(_first.Ticks * Math.Pow(2, Math.Min(_failures, 30)), _longest.Ticks) * (.75 + jitter / 2)));
        _failures++;
        setup.Watcher.Tell(new JournalStalled(_reason.Length > 0 ? _reason : "its actor stopped; the log says more", wait));
        _reason = "";
        timers.StartSingleTimer(TryAgain.Now, TryAgain.Now, wait);
    }
}
