using Akka.Actor;
using Asha.Actors.Messages;

namespace Asha.Actors;

/// <summary>
/// What nodes were told to start and to end, and have not answered to: it is told again, where messages can get lost. A start is answered by any report of its attempt, or by <see cref="JobTaken"/>; an end by the attempt's own, or by
/// <see cref="JobGone"/>. What is told again was let out before, so that its events are in the journal; a node knows it by its number and does nothing twice.
/// </summary>
/// <param name="outbox">Lets out what is said the first time, once it is in the journal.</param>
/// <param name="interval">So long an answer is waited for; <c>null</c>: no message gets lost, and nothing is kept here.</param>
/// <param name="timers">The experiment's.</param>
internal sealed class Unanswered(Outbox outbox, TimeSpan? interval, ITimerScheduler timers)
{
    /// <summary>A node that cannot be reached for so long is given up, and ends by itself what it runs.</summary>
    private const int MostTriesToEnd = 20;

    private sealed class Told(IActorRef node, IWireMessage message, Outbox.Receipt first)
    {
        public IActorRef Node => node;

        public IWireMessage Message => message;

        /// <summary>Whether it was told at all.</summary>
        public bool IsOut => first.IsOut;

        public int Ticks { get; set; }
    }

    private readonly SortedDictionary<(int Trial, int Attempt), Told> _told = [];

    /// <summary>Tells a node to start or to end an attempt, with what is committed next. An end takes the place of its start.</summary>
    public void Tell(IActorRef node, IWireMessage message, int trial, int attempt)
    {
        if (interval is not { } wait)
        {
            outbox.Send(node, message);
            return;
        }
        var first = new Outbox.Receipt();
        outbox.Send(node, message, first);
        _told[(trial, attempt)] = new Told(node, message, first);
        if (!timers.IsTimerActive(ResendJobs.Now))
            timers.StartSingleTimer(ResendJobs.Now, ResendJobs.Now, wait);
    }

    /// <summary>The node has the attempt, or had it.</summary>
    public void Taken(int trial, int attempt)
    {
        if (_told.TryGetValue((trial, attempt), out var told) && told.Message is StartJob)
            _told.Remove((trial, attempt));
    }

    /// <summary>The attempt is over, or its node is gone.</summary>
    public void Over(int trial, int attempt) => _told.Remove((trial, attempt));

    /// <summary>Tells again what has waited for a whole interval.</summary>
    /// <param name="sender">Who speaks.</param>
    public void TellAgain(IActorRef sender)
    {
        foreach (var (key, told) in _told.ToArray())
        {
            if (!told.IsOut || ++told.Ticks == 1)
                continue;
            told.Node.Tell(told.Message, sender);
            if (told.Message is EndJob && told.Ticks > MostTriesToEnd)
                _told.Remove(key);
        }
        if (_told.Count > 0)
            timers.StartSingleTimer(ResendJobs.Now, ResendJobs.Now, interval!.Value);
    }
}
