using Akka.Actor;
using Akka.Configuration;
using Asha.Actors;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;
using Asha.Actors.Simulation;
using Asha.Core.Experiments;
using Asha.Torture.Journals;

namespace Asha.Torture.Tests.Journals;

/// <summary>A real <see cref="JournalActor"/> over a <see cref="MemoryStore"/>, in a virtual world of its own, and what it says.</summary>
internal sealed class VirtualJournal : IDisposable
{
    public const string Id = "run";

    private static readonly Config Settings = MemoryPlugin.Settings.WithFallback(AshaActors.Configuration());

    private readonly VirtualSystem _system = new(Settings);
    private readonly string _folder = Directory.CreateTempSubdirectory("asha-torture-").FullName;
    private IActorRef _parent = ActorRefs.Nobody;
    private IActorRef _journal = ActorRefs.Nobody;

    public VirtualJournal(MemoryStore? store = null) => MemoryPlugin.Of(_system.Actors).Store = Store = store ?? new MemoryStore();

    public MemoryStore Store { get; }

    public VirtualScheduler Clock => _system.Clock;

    public List<object> Said { get; } = [];

    public string Copy => Path.Combine(_folder, "events.jsonl");

    public static ExperimentEvent Event(int number) => new SlotJoined(TimeSpan.FromSeconds(number), number, "node");

    public VirtualJournal Open(JournalOpening? opening = null)
    {
        Said.Clear();
        Action<IActorRef> made = journal => _journal = journal;
        _parent = _system.Actors.ActorOf(Props.Create(() => new Parent(Said, JournalActor.Props(Id, Copy, opening ?? new JournalOpening(Tells: true)), made)));
        Clock.Drain();
        return this;
    }

    public void Append(long batch, params int[] numbers) => _journal.Tell(new AppendEvents(batch, [.. numbers.Select(Event)]), _parent);

    /// <summary>Goes on until nothing is to be done, and returns the clock's time.</summary>
    public TimeSpan Run()
    {
        do
            Clock.Drain();
        while (Clock.Advance());
        return Clock.Now;
    }

    /// <summary>Whoever writes is gone.</summary>
    public void Crash(bool isDurable)
    {
        Store.Crash(_ => isDurable);
        _system.Actors.Stop(_parent);
        Run();
        Store.Restart();
    }

    public void Dispose()
    {
        _system.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Parent(List<object> said, Props journal, Action<IActorRef> made) : UntypedActor
    {
        protected override void PreStart() => made(Context.Watch(Context.ActorOf(journal, "journal")));

        protected override void OnReceive(object message) => said.Add(message is Terminated ? "gone" : message);
    }
}
