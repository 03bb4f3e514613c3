using Akka.Actor;
using Akka.Persistence;

namespace Asha.Torture.Journals;

/// <summary>Akka.Persistence's snapshot plugin over a <see cref="MemoryStore"/>, beside <see cref="MemoryJournal"/>.</summary>
public sealed class MemorySnapshots : UntypedActor, IWithTimers
{
    private readonly MemoryPlugin _plugin = MemoryPlugin.Of(Context.System);
    private readonly Akka.Serialization.Serialization _serialization = Context.System.Serialization;
    private DeedLine? _line;

    public ITimerScheduler Timers { get; set; } = null!;

    private MemoryStore Store => _plugin.Store;

    protected override void OnReceive(object message)
    {
        _line ??= new DeedLine(Timers);
        if (_line.Take(message))
            return;
        var sender = Sender;
        switch (message)
        {
            case LoadSnapshot load:
                _line.Add(Store, StoreDeed.LoadSnapshot, fate => sender.Tell(Load(load, fate), Self));
                break;
            case SaveSnapshot save:
                _line.Add(Store, StoreDeed.SaveSnapshot, fate => sender.Tell(Save(save, fate), Self));
                break;
            case DeleteSnapshot delete:
                _line.Add(Store, StoreDeed.DeleteSnapshots, fate => sender.Tell(
                    Delete(delete.Metadata.PersistenceId, one => one.Number == delete.Metadata.SequenceNr, fate) is { } error ? new DeleteSnapshotFailure(delete.Metadata, error) : new DeleteSnapshotSuccess(delete.Metadata), Self));
                break;
            case DeleteSnapshots delete:
                _line.Add(Store, StoreDeed.DeleteSnapshots, fate => sender.Tell(
                    Delete(delete.PersistenceId, one => Fits(one, delete.Criteria, long.MaxValue), fate) is { } error ? new DeleteSnapshotsFailure(delete.Criteria, error) : new DeleteSnapshotsSuccess(delete.Criteria), Self));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private object Load(LoadSnapshot load, StoreFate fate)
    {
        if (fate.Error is { } error)
            return new LoadSnapshotFailed(new StoreException(error));
        if (Store.Snapshots(load.PersistenceId).LastOrDefault(one => Fits(one, load.Criteria, load.ToSequenceNr)) is not { } newest)
            return new LoadSnapshotResult(null, load.ToSequenceNr);
        try
        {
            var snapshot = _serialization.Deserialize(newest.Bytes, newest.Serializer, newest.Manifest);
            return new LoadSnapshotResult(new SelectedSnapshot(new SnapshotMetadata(newest.Id, newest.Number, newest.Saved), snapshot), load.ToSequenceNr);
        }
        // Whatever a serializer throws is about the snapshot, and whoever loads it is told.
        catch (Exception unreadable)
        {
            return new LoadSnapshotFailed(unreadable);
        }
    }

    private object Save(SaveSnapshot save, StoreFate fate)
    {
        var given = save.Metadata;
        if (fate.Error is null || fate.IsDone)
        {
            var serializer = _serialization.FindSerializerFor(save.Snapshot);
            Store.Save(new StoredSnapshot(given.PersistenceId, given.SequenceNr, given.Timestamp, serializer.Identifier,
                Akka.Serialization.Serialization.ManifestFor(serializer, save.Snapshot), serializer.ToBinary(save.Snapshot)));
        }
        return fate.Error is { } error ? new SaveSnapshotFailure(given, new StoreException(error)) : new SaveSnapshotSuccess(given);
    }

    private StoreException? Delete(string id, Func<StoredSnapshot, bool> which, StoreFate fate)
    {
        if (fate.Error is null || fate.IsDone)
            Store.DeleteSnapshots(id, which);
        return fate.Error is { } error ? new StoreException(error) : null;
    }

    private static bool Fits(StoredSnapshot one, SnapshotSelectionCriteria criteria, long to)
        => one.Number <= Math.Min(criteria.MaxSequenceNr, to) && one.Number >= criteria.MinSequenceNr && one.Saved <= criteria.MaxTimeStamp && !(one.Saved < criteria.MinTimestamp);
}
