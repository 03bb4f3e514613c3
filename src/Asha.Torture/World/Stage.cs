using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Asha.Actors;
using Asha.Actors.Simulation;
using Asha.Torture.Journals;

namespace Asha.Torture.World;

/// <summary>
/// The actor system on which one world after the other is played: to make one, which reads all of Akka's settings anew, takes as long as some experiments do. What is played on it does not hang on what was before; whether it does is for a test to say.
/// For the thread alone that made it.
/// </summary>
public sealed class Stage : IDisposable
{
    private static readonly Config _engine = ConfigurationFactory.ParseString("akka.loglevel = ERROR").WithFallback(MemoryPlugin.Settings).WithFallback(AshaActors.Configuration());

    private VirtualSystem? _system;

    /// <summary>How many systems it has made.</summary>
    public int Made { get; private set; }

    /// <summary>A system at time 0 with nothing on it but an empty journal.</summary>
    internal VirtualSystem Clear()
    {
        if (_system?.Clear() == false)
            Dispose();
        _system ??= New();
        MemoryPlugin.Of(_system.Actors).Store = new MemoryStore();
        return _system;
    }

    public void Dispose()
    {
        _system?.Dispose();
        _system = null;
    }

    private VirtualSystem New()
    {
        Made++;
        var system = new VirtualSystem(_engine);
        // What begins when it is first asked for would else begin in the midst of the first world alone.
        var persistence = Persistence.Instance.Apply(system.Actors);
        persistence.JournalFor(null);
        persistence.SnapshotStoreFor(null);
        system.Actors.EventStream.Subscribe(system.Actors.ActorOf(Props.Empty), typeof(Stage));
        return system.Clear() ? system : throw new InvalidOperationException("an actor system that was just made does not come to rest");
    }
}
