using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Asha.Actors.Simulation;

/// <summary>What kind of event it is: of those at one time, the first kind comes first (docs/semantics.md).</summary>
public enum EventClass { AttemptEnds, NodeChanges, Timer, Horizon }

/// <summary>Something that happens in a virtual world, again and again: which time it is says the number that it was planned with.</summary>
internal interface IWorldEvent
{
    void Happen(long number);
}

/// <summary>
/// Time and turn of a virtual world: the actor system's scheduler, and the line in which its mailboxes wait. Nothing happens but on the thread that calls <see cref="Drain"/> and <see cref="Advance"/>; the order of
/// events is (time, class, number), that of mailboxes first in, first out, or as a <see cref="MailboxOrder"/> says, so that everything comes out the same each time.
/// </summary>
public sealed class VirtualScheduler(Config config, ILoggingAdapter log) : SchedulerBase(config, log)
{
    private readonly record struct Due(object Happens, ICancelable? Cancelable);

    private readonly PriorityQueue<Due, (TimeSpan Time, EventClass Class, long Number)> _events = new();
    private readonly Queue<IRunnable> _ready = new();
    private readonly ConcurrentQueue<IRunnable> _strangers = new();
    private int _thread = Environment.CurrentManagedThreadId;
    private long _number;
    private long _foreign;

    /// <summary>1: nothing runs, and whoever puts a mailbox in line runs it. A world that is run to its end by one thread is never free.</summary>
    private int _free;

    /// <summary>Work that came from another thread than the world's own: anything but 0 means that real time has leaked in.</summary>
    public long Foreign => Interlocked.Read(ref _foreign);

    /// <summary>Told of each message that an actor takes out of a <see cref="VirtualMailbox"/>: the time, the actor's path, the message's type.</summary>
    public Action<TimeSpan, string, string>? Trace { get; set; }

    /// <summary>Which of the mailboxes that wait comes next; <c>null</c>: the one that has waited longest.</summary>
    internal MailboxOrder? Order { get; set; }

    /// <summary>Sees each message where it is put into a mailbox; <c>null</c>: nobody does.</summary>
    internal IWire? Wire { get; set; }

    /// <summary>Sees each message that an actor takes, and the actor's stable number (<see cref="VirtualQueue.Id"/>).</summary>
    internal Action<IActorRef, ulong, Envelope>? Taken { get; set; }

    /// <summary>Called after each turn of a mailbox.</summary>
    internal Action? Stepped { get; set; }

    public TimeSpan Now { get; private set; }

    public override TimeSpan MonotonicClock => Now;

    public override TimeSpan HighResMonotonicClock => Now;

    protected override DateTimeOffset TimeNow => DateTimeOffset.UnixEpoch + Now;

    /// <summary>Adds an event. Those of one class and time come in the order of their numbers.</summary>
    public void At(TimeSpan time, EventClass kind, long number, Action run) => _events.Enqueue(new Due(run, null), (time, kind, number));

    /// <summary>Adds an event that need not be made for the occasion.</summary>
    internal void At(TimeSpan time, EventClass kind, long number, IWorldEvent happens) => _events.Enqueue(new Due(happens, null), (time, kind, number));

    /// <summary>Puts a mailbox in line.</summary>
    internal void Enqueue(IRunnable run)
    {
        if (IsTaken())
        {
            _ready.Enqueue(run);
            RunAtOnce();
            return;
        }
        if (IsOwnThread)
        {
            if (Order is { } order)
                order.Add(run);
            else
                _ready.Enqueue(run);
            return;
        }
        Interlocked.Increment(ref _foreign);
        _strangers.Enqueue(run);
        // Whoever ran may have ended meanwhile.
        if (IsTaken())
            RunAtOnce();
    }

    /// <summary>From now on a mailbox that anybody puts in line while nothing runs is run there and then, with all that follows from it: what a test says to an actor is done when it has said it. Time stands still meanwhile.</summary>
    internal void BeFree()
    {
        // No thread's own: a message is put where any thread may put it, as any may be the next to run.
        _thread = 0;
        Volatile.Write(ref _free, 1);
    }

    /// <summary>The calling thread is the world's own from now on, and mailboxes wait in line until it is free again.</summary>
    /// <exception cref="InvalidOperationException">It is so already: this is called from inside the world.</exception>
    internal void Take()
    {
        for (var wait = new SpinWait(); !IsTaken(); wait.SpinOnce())
        {
            if (IsOwnThread)
                throw new InvalidOperationException("A run cannot be moved on from inside itself: not by an actor, a function of the scenario, or a probe's autopilot.");
        }
    }

    private bool IsTaken()
    {
        // Read first: this is on the way of every mailbox of every world.
        if (_free == 0 || Interlocked.CompareExchange(ref _free, 0, 1) == 0)
            return false;
        _thread = Environment.CurrentManagedThreadId;
        return true;
    }

    private void RunAtOnce()
    {
        do
        {
            try
            {
                Drain();
            }
            finally
            {
                BeFree();
            }
        }
        while (!_strangers.IsEmpty && IsTaken());
    }

    internal bool IsOwnThread => Environment.CurrentManagedThreadId == _thread;

    /// <summary>Runs mailboxes until none has anything to do.</summary>
    public void Drain()
    {
        while (Next() is { } run)
        {
            run.Run();
            Stepped?.Invoke();
        }
    }

    /// <summary>The time of the next event, which may turn out to have been cancelled; <c>null</c>: there is none.</summary>
    public TimeSpan? NextTime => _events.TryPeek(out _, out var when) ? when.Time : null;

    /// <summary>Goes on to the next event and lets it happen; <c>false</c>: there is none.</summary>
    public bool Advance()
    {
        while (_events.TryDequeue(out var due, out var when))
        {
            if (due.Cancelable?.IsCancellationRequested == true)
                continue;
            Now = when.Time > Now ? when.Time : Now;
            if (due.Happens is IWorldEvent happens)
                happens.Happen(when.Number);
            else
                ((Action)due.Happens)();
            return true;
        }
        return false;
    }

    /// <summary>Puts the clock forward; what is due until then does not happen before <see cref="Advance"/>, if ever, and then late.</summary>
    internal void JumpTo(TimeSpan time) => Now = time > Now ? time : Now;

    /// <summary>Back to time 0: nothing is planned, and nobody looks on. No mailbox may be in line.</summary>
    internal void Restart()
    {
        _events.Clear();
        (Now, _number, _foreign) = (TimeSpan.Zero, 0, 0);
        (Order, Wire, Taken, Stepped, Trace) = (null, null, null, null, null);
    }

    private IRunnable? Next() => _ready.TryDequeue(out var run) || Order?.TryTake(out run) == true || _strangers.TryDequeue(out run) ? run : null;

    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable)
        => After(delay, () => receiver.Tell(message, sender), cancelable);

    protected override void InternalScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable)
        => Repeat(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) => After(delay, action, cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) => After(delay, action.Run, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) => Repeat(initialDelay, interval, action, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable) => Repeat(initialDelay, interval, action.Run, cancelable);

    private void After(TimeSpan delay, Action run, ICancelable? cancelable) => _events.Enqueue(new Due(run, cancelable), (Now + delay, EventClass.Timer, _number++));

    private void Repeat(TimeSpan delay, TimeSpan interval, Action run, ICancelable? cancelable) => After(delay, () =>
    {
        run();
        if (cancelable?.IsCancellationRequested != true)
            Repeat(interval, interval, run, cancelable);
    }, cancelable);
}
