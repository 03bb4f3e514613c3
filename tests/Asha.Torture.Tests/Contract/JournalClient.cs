using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;

namespace Asha.Torture.Tests.Contract;

/// <summary>Speaks to the plugins of an actor system as a persistent actor does, and says what comes back.</summary>
internal sealed class JournalClient(ActorSystem system)
{
    /// <summary>Only a failing test waits so long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Inbox _inbox = Inbox.Create(system);
    private readonly IActorRef _journal = Persistence.Instance.Apply(system).JournalFor(null), _snapshots = Persistence.Instance.Apply(system).SnapshotStoreFor(null);

    /// <summary>What entry <paramref name="number"/> of a journal says.</summary>
    public static JournalEntry Entry(long number, string text = "node") => new(EventLines.Of([new SlotJoined(TimeSpan.FromSeconds(number), (int)number, text), new SlotParked(TimeSpan.FromSeconds(number), (int)number)]));

    /// <summary>One request with an entry of each number.</summary>
    public void Ask(string id, params long[] numbers) => Ask(id, "node", numbers);

    public void Ask(string id, string text, params long[] numbers) => _journal.Tell(new WriteMessages(
        numbers.Select(number => new AtomicWrite(ImmutableList.Create<IPersistentRepresentation>(new Persistent(Entry(number, text), number, id, writerGuid: "writer")))), _inbox.Receiver, 7));

    /// <summary>The answer to a request, entry by entry: <c>null</c> where it is written, otherwise why it is not.</summary>
    public List<(long Number, string? Failure)> Answer(int entries)
    {
        var all = Next();
        var answers = new List<(long, string?)>();
        for (var index = 0; index < entries; index++)
        {
            answers.Add(Next() switch
            {
                WriteMessageSuccess { ActorInstanceId: 7 } done when all is WriteMessagesSuccessful => (done.Persistent.SequenceNr, null),
                WriteMessageFailure { ActorInstanceId: 7 } failed when all is WriteMessagesFailed { WriteCount: > 0 } => (failed.Persistent.SequenceNr, failed.Cause.Message),
                var other => throw new InvalidOperationException($"{other} after {all}"),
            });
        }
        return answers;
    }

    /// <summary>Whether it was written.</summary>
    public bool Write(string id, params long[] numbers)
    {
        Ask(id, numbers);
        return Answer(numbers.Length).All(answer => answer.Failure is null);
    }

    /// <summary>The entries, and at the last the highest number there is, or why they cannot be read.</summary>
    public (List<(long Number, JournalEntry Entry)> Entries, object Last) Read(string id, long from = 1, long to = long.MaxValue, long most = long.MaxValue)
    {
        _journal.Tell(new ReplayMessages(from, to, most, id, _inbox.Receiver));
        var entries = new List<(long, JournalEntry)>();
        while (true)
        {
            switch (Next())
            {
                case ReplayedMessage replayed: entries.Add((replayed.Persistent.SequenceNr, (JournalEntry)replayed.Persistent.Payload)); break;
                case RecoverySuccess done: return (entries, done.HighestSequenceNr);
                case ReplayMessagesFailure failed: return (entries, failed.Cause);
                case var other: throw new InvalidOperationException(other.ToString());
            }
        }
    }

    public long[] Numbers(string id) => [.. Read(id).Entries.Select(entry => entry.Number)];

    public object Delete(string id, long to) => Tell(_journal, new DeleteMessagesTo(id, to, _inbox.Receiver));

    public object Load(string id, SnapshotSelectionCriteria? criteria = null, long to = long.MaxValue) => Tell(_snapshots, new LoadSnapshot(id, criteria ?? SnapshotSelectionCriteria.Latest, to));

    public object Save(string id, long number, EventsFileMark mark) => Tell(_snapshots, new SaveSnapshot(new SnapshotMetadata(id, number, DateTime.UtcNow), mark));

    public object DeleteSnapshots(string id, long to) => Tell(_snapshots, new DeleteSnapshots(id, new SnapshotSelectionCriteria(to)));

    private object Tell(IActorRef plugin, object request)
    {
        plugin.Tell(request, _inbox.Receiver);
        return Next();
    }

    private object Next() => _inbox.Receive(Patience);
}
