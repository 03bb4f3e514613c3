using Akka.Actor;
using Akka.Persistence;
using Akka.Serialization;

namespace Asha.Torture.Journals;

/// <summary>
/// Akka.Persistence's journal plugin over a <see cref="MemoryStore"/>. It speaks the plugin's protocol itself: Akka's own base class answers from tasks, on other threads and on the real clock. All that comes with one
/// request is one batch, as it is one transaction for Akka.Persistence.Sql, and requests are done in order, one at a time.
/// </summary>
public sealed class MemoryJournal : UntypedActor, IWithTimers
{
    private readonly MemoryPlugin _plugin = MemoryPlugin.Of(Context.System);
    private readonly Serialization _serialization = Context.System.Serialization;
    private DeedLine? _line;

    public ITimerScheduler Timers { get; set; } = null!;

    private MemoryStore Store => _plugin.Store;

    protected override void OnReceive(object message)
    {
        _line ??= new DeedLine(Timers);
        if (_line.Take(message))
            return;
        switch (message)
        {
            case WriteMessages write: Write(write); break;
            case ReplayMessages replay: _line.Add(Store, StoreDeed.Read, fate => Replay(replay, fate)); break;
            case DeleteMessagesTo delete: _line.Add(Store, StoreDeed.DeleteEntries, fate => Delete(delete, fate)); break;
            default: Unhandled(message); break;
        }
    }

    private void Write(WriteMessages write)
    {
        List<StoredEntry> batch;
        try
        {
            batch = [.. Parts(write).Select(part => Stored(part) with { Writer = write.PersistentActor.Path.Parent.Name })];
        }
        catch (Exception error) when (error is System.Runtime.Serialization.SerializationException or ArgumentException or InvalidOperationException)
        {
            // What cannot be written at all says nothing about the database.
            Answer(write, WriteMessagesSuccessful.Instance, part => new WriteMessageRejected(part, error, write.ActorInstanceId));
            return;
        }
        var store = Store;
        _line!.Add(store, StoreDeed.Write, fate =>
        {
            if (store.End(batch, fate) is { } error)
                Answer(write, new WriteMessagesFailed(error, write.Messages.Count(one => one is AtomicWrite)), part => new WriteMessageFailure(part, error, write.ActorInstanceId));
            else
                Answer(write, WriteMessagesSuccessful.Instance, part => new WriteMessageSuccess(part, write.ActorInstanceId));
        }, () => store.Begin(batch));
    }

    private static IEnumerable<IPersistentRepresentation> Parts(WriteMessages write) => write.Messages.OfType<AtomicWrite>().SelectMany(PartsOf);

    private static IEnumerable<IPersistentRepresentation> PartsOf(AtomicWrite atomic) => (IEnumerable<IPersistentRepresentation>)atomic.Payload;

    private StoredEntry Stored(IPersistentRepresentation part)
    {
        var serializer = _serialization.FindSerializerFor(part.Payload);
        return new StoredEntry(part.PersistenceId, part.SequenceNr, serializer.Identifier, Akka.Serialization.Serialization.ManifestFor(serializer, part.Payload), serializer.ToBinary(part.Payload));
    }

    /// <summary>First how it went with all, then with each, in the order in which they were asked for.</summary>
    private void Answer(WriteMessages write, object all, Func<IPersistentRepresentation, object> each)
    {
        write.PersistentActor.Tell(all, Self);
        foreach (var one in write.Messages)
        {
            if (one is AtomicWrite atomic)
            {
                foreach (var part in PartsOf(atomic))
                    write.PersistentActor.Tell(each(part), part.Sender);
            }
            else
            {
                write.PersistentActor.Tell(new LoopMessageSuccess(one.Payload, write.ActorInstanceId), one.Sender);
            }
        }
    }

    private void Replay(ReplayMessages replay, StoreFate fate)
    {
        try
        {
            if (fate.Error is { } error)
                throw new StoreException(error);
            var highest = Store.Highest(replay.PersistenceId);
            foreach (var entry in Store.Read(replay.PersistenceId, replay.FromSequenceNr, Math.Min(replay.ToSequenceNr, highest), replay.Max))
            {
                var payload = _serialization.Deserialize(entry.Bytes, entry.Serializer, entry.Manifest);
                replay.PersistentActor.Tell(new ReplayedMessage(new Persistent(payload, entry.Number, entry.Id, entry.Manifest)), ActorRefs.NoSender);
            }
            replay.PersistentActor.Tell(new RecoverySuccess(highest), Self);
        }
        // Whatever a serializer throws is about the entry, and whoever reads is told.
        catch (Exception error)
        {
            replay.PersistentActor.Tell(new ReplayMessagesFailure(error), Self);
        }
    }

    private void Delete(DeleteMessagesTo delete, StoreFate fate)
    {
        if (fate.Error is null || fate.IsDone)
            Store.Delete(delete.PersistenceId, delete.ToSequenceNr);
        delete.PersistentActor.Tell(fate.Error is { } error ? new DeleteMessagesFailure(new StoreException(error), delete.ToSequenceNr) : new DeleteMessagesSuccess(delete.ToSequenceNr), Self);
    }
}
