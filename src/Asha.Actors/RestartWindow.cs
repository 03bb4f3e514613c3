using Akka.Actor;

namespace Asha.Actors;

/// <summary>
/// Restarts a failed child, but one that fails more than <paramref name="most"/> times within a window is stopped. The window is one of the system's scheduler: Akka's own is measured by the machine's clock, on which a hundred virtual seconds take no time.
/// </summary>
public sealed class RestartWindow(int most, TimeSpan window, IScheduler clock) : OneForOneStrategy(_ => Directive.Restart)
{
    private readonly Dictionary<IActorRef, Queue<TimeSpan>> _failures = [];

    protected override Directive Handle(IActorRef child, Exception exception)
    {
        var own = _failures.TryGetValue(child, out var known) ? known : _failures[child] = new();
        var now = clock.HighResMonotonicClock;
        while (own.TryPeek(out var first) && first <= now - window)
            own.Dequeue();
        own.Enqueue(now);
        return own.Count > most ? Directive.Stop : Directive.Restart;
    }
}
