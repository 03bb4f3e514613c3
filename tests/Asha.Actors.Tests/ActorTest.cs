using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;

namespace Asha.Actors.Tests;

/// <summary>
/// A system with the engine's own settings, in which every message that could cross machines is written and read back (law 9), and time stands still unless a
/// test moves it.
/// </summary>
public abstract class ActorTest(string more = "") : TestKit(Settings(more))
{
    private TestProbe? _flush;

    /// <summary>The engine's scheduler, on a clock that the test moves.</summary>
    protected VirtualScheduler Clock => (VirtualScheduler)Sys.Scheduler;

    private static Config Settings(string more) => ConfigurationFactory.ParseString($$"""
        {{more}}
        akka {
          scheduler.implementation = "{{typeof(VirtualScheduler).FullName}}, {{typeof(VirtualScheduler).Assembly.GetName().Name}}"
          actor.serialize-messages = on
          loglevel = ERROR
          loggers = ["Akka.Event.DefaultLogger"]
          log-dead-letters = off
          # Two busy cores: what comes, comes soon; only a failing test waits so long.
          test.single-expect-default = 20s
        }
        """).WithFallback(AshaActors.Configuration());

    /// <summary>Waits until the actor has handled all that it had been sent before.</summary>
    protected void Flush(IActorRef actor)
    {
        _flush ??= CreateTestProbe();
        actor.Tell(new Identify(actor), _flush);
        _flush.ExpectMsg<ActorIdentity>(identity => Assert.Equal(actor, identity.MessageId));
    }

    protected IActorRef Child(IActorRef parent, string name)
    {
        var probe = CreateTestProbe();
        Sys.ActorSelection(parent.Path / name).Tell(new Identify(name), probe);
        return probe.ExpectMsg<ActorIdentity>().Subject;
    }

    /// <summary>Waits for something that no message tells of.</summary>
    protected static void Until(Func<bool> holds, Func<string> otherwise) => Assert.True(SpinWait.SpinUntil(holds, TimeSpan.FromSeconds(20)), otherwise());
}

/// <summary>TestKit's scheduler; what actors read as the time moves with it as well.</summary>
public sealed class VirtualScheduler(Config config, Akka.Event.ILoggingAdapter log) : TestScheduler(config, log), IScheduler
{
    TimeSpan ITimeProvider.MonotonicClock => Elapsed;

    TimeSpan ITimeProvider.HighResMonotonicClock => Elapsed;

    /// <summary>How far it was moved.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Moves on to a time since the start.</summary>
    public void MoveTo(TimeSpan time)
    {
        var by = time - Elapsed;
        Elapsed = time;
        if (by > TimeSpan.Zero)
            Advance(by);
    }

    public void MoveBy(TimeSpan time) => MoveTo(Elapsed + time);
}
