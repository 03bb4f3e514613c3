using System.Collections.Concurrent;
using Akka.Actor;
using Asha.Actors.Messages;
using Asha.Actors.Persistence;

namespace Asha.Torture.Tests.Contract;

/// <summary>Plays the experiment whose journal it is.</summary>
internal sealed class JournalParent(ActorSystem system, string id, string copy)
{
    private readonly BlockingCollection<object> _said = [];
    private IActorRef _parent = ActorRefs.Nobody;

    public JournalOpened Open(JournalOpening opening)
    {
        Make(opening);
        return Next<JournalOpened>();
    }

    /// <summary>Tries until it can be opened: connections that were lost are found out one by one.</summary>
    public async Task<JournalOpened> OpenAgain(JournalOpening opening)
    {
        for (var tries = 0; ; tries++)
        {
            Make(opening);
            if (Next() is var said && said is JournalOpened opened)
                return opened;
            Assert.InRange(tries, 0, 20);
            Assert.IsType<JournalFailed>(said);
            Next<Terminated>();
            await Task.Delay(100);
        }
    }

    /// <summary>Two events a batch.</summary>
    public void Append(long batch) => _parent.Tell(new AppendEvents(batch, [.. EventLines.ReadIntact(JournalClient.Entry(batch).Lines)]));

    public T Next<T>() => Assert.IsType<T>(Next());

    private void Make(JournalOpening opening) => _parent = system.ActorOf(Props.Create(() => new Parent(_said, JournalActor.Props(id, copy, opening))));

    private object Next() => _said.TryTake(out var said, JournalClient.Patience) ? said : throw new TimeoutException("the journal says nothing");

    private sealed class Parent(BlockingCollection<object> said, Props journal) : UntypedActor
    {
        private IActorRef _journal = ActorRefs.Nobody;

        protected override void PreStart() => _journal = Context.Watch(Context.ActorOf(journal, "journal"));

        protected override void OnReceive(object message)
        {
            if (message is AppendEvents)
                _journal.Tell(message);
            else
                said.Add(message);
        }
    }
}

/// <summary>A folder for <c>events.jsonl</c>.</summary>
internal sealed class CopyFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("asha-contract-").FullName;

    public string Copy => Path.Combine(_path, "events.jsonl");

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
