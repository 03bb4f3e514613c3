using Akka.Actor;
using Asha.Actors.Messages;

namespace Asha.Actors;

/// <summary>
/// What nodes were told to start and to end, and have not answered to: it is told again, where messages can get lost. A start is answered by any report of its attempt, or by <see cref="JobTaken"/>; an end by the attempt's own, or by
/// <see cref="JobGone"/>. What is told again was let out before, so that its events are in the journal; a node knows it by its number and does nothing twice. It goes to where the slot is by its newest grant, and names that.
/// </summary>
/// <param name="outbox">Lets out what is said the first time, once it is in the journal.</param>
/// <param name="interval">So long an answer is waited for; <c>null</c>: no message gets lost, and nothing is kept here.</param>
/// <param name="timers">The experiment's.</param>
/// <param name="held">Where the slots are.</param>
internal sealed class Unanswered(Outbox outbox, TimeSpan? interval, ITimerScheduler timers, HeldSlots held)
{
    /// <summary>A node that cannot be reached for so long is given up, and ends by itself what it runs.</summary>
    private const int MostTriesToEnd = 20;

    private sealed class Told(int? slot, IActorRef node, IWireMessage message, Outbox.Receipt first)
    {
        public int? Slot => slot;

        public IActorRef Node => node;

        public IWireMessage Message => message;

        /// <summary>Whether it was told at all.</summary>
        public bool IsOut => first.IsOut;

        public int Ticks { get; set; }
    }

    private readonly SortedDictionary<(int Trial, int Attempt), Told> _told = [];

    /// <summary>Tells the node of a slot to start or to end an attempt, with what is committed next; if it is not known yet where the slot is, then when it is granted once more. An end takes the place of its start.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="message">What it is told.</param>
    /// <param name="trial">About this trial's</param>
    /// <param name="attempt">attempt.</param>
    /// <param name="last">Where the slot was, if it is not held any more.</param>
    public void Tell(int slot, IWireMessage message, int trial, int attempt, GrantSlot? last = null)
    {
        var grant = held.Find(slot) ?? last;
        Tell(slot, grant?.Address ?? ActorRefs.Nobody, grant is null ? message : By(grant, message), trial, attempt);
    }

    /// <summary>Tells a node.</summary>
    public void Tell(IActorRef node, IWireMessage message, int trial, int attempt) => Tell(null, node, message, trial, attempt);

    /// <summary>Another engine of this run has told it, and may have heard the answer or not.</summary>
    public void WasTold(int slot, IWireMessage message, int trial, int attempt) => Add(slot, ActorRefs.Nobody, message, trial, attempt, new Outbox.Receipt { IsOut = true });

    /// <summary>The node has the attempt, or had it.</summary>
    public void Taken(int trial, int attempt)
    {
        if (_told.TryGetValue((trial, attempt), out var told) && told.Message is StartJob)
            _told.Remove((trial, attempt));
    }

    /// <summary>The attempt is over, or its node is gone.</summary>
    public void Over(int trial, int attempt) => _told.Remove((trial, attempt));

    /// <summary>The slot's grant was renewed: by the one before, nothing is started any more.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="sender">Who speaks.</param>
    public void Renewed(int slot, IActorRef sender)
    {
        foreach (var (_, told) in _told.Where(entry => entry.Value.Slot == slot && entry.Value.IsOut))
            Say(told, sender);
    }

    /// <summary>Tells again what has waited for a whole interval.</summary>
    /// <param name="sender">Who speaks.</param>
    public void TellAgain(IActorRef sender)
    {
        foreach (var (key, told) in _told.ToArray())
        {
            if (!told.IsOut || ++told.Ticks == 1)
                continue;
            Say(told, sender);
            if (told.Message is EndJob && told.Ticks > MostTriesToEnd)
                _told.Remove(key);
        }
        if (_told.Count > 0)
            timers.StartSingleTimer(ResendJobs.Now, ResendJobs.Now, interval!.Value);
    }

    private void Tell(int? slot, IActorRef node, IWireMessage message, int trial, int attempt)
    {
        if (interval is null)
        {
            outbox.Send(node, message);
            return;
        }
        var first = new Outbox.Receipt();
        outbox.Send(node, message, first);
        Add(slot, node, message, trial, attempt, first);
    }

    private void Add(int? slot, IActorRef node, IWireMessage message, int trial, int attempt, Outbox.Receipt first)
    {
        if (interval is not { } wait)
            return;
        _told[(trial, attempt)] = new Told(slot, node, message, first);
        if (!timers.IsTimerActive(ResendJobs.Now))
            timers.StartSingleTimer(ResendJobs.Now, ResendJobs.Now, wait);
    }

    private void Say(Told told, IActorRef sender)
    {
        if (told.Slot is { } slot && held.Find(slot) is { } grant)
            grant.Address.Tell(By(grant, told.Message), sender);
        else
            told.Node.Tell(told.Message, sender);
    }

    /// <summary>What is said of a slot, by its newest grant: said for the first time, a start is by that already.</summary>
    private static IWireMessage By(GrantSlot grant, IWireMessage message) => message switch
    {
        StartJob { Number: > 0 } start => (start.Slot, start.Joining, start.Grant) == (grant.Index, grant.Joining, grant.Grant) ? start : start with { Slot = grant.Index, Joining = grant.Joining, Grant = grant.Grant },
        StartJob start => start.Slot == grant.Index ? start : start with { Slot = grant.Index },
        EndJob { Number: > 0 } end => end with { Slot = grant.Index, Joining = grant.Joining },
        _ => message,
    };
}
