using Akka.Actor;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;
using Asha.Torture.Faults;
using Asha.Torture.Journals;

namespace Asha.Torture.World;

/// <summary>The run's journal, as the engine's own actor writes it: what is durable, and what the database and the disk do to it.</summary>
internal sealed class Ledger : IDisposable
{
    private const string Id = "torture";

    private readonly TortureWorld _world;
    private readonly Dice _dice;
    private readonly MemoryStore _store;
    private readonly ScratchFolder _folder = new();
    private string _file;
    private int _parts;

    /// <summary>When a slow write has ended, and nothing was asked for since.</summary>
    private TimeSpan? _slowEnd;
    private bool _isSlow, _isTorn, _isDamaged, _isSnapshotLost;

    public Ledger(TortureWorld world)
    {
        _world = world;
        _dice = new Dice(world.Plan.Random.Stream("journal"));
        _store = MemoryPlugin.Of(world.System.Actors).Store;
        _store.Fate = Fate;
        _store.Committed = Committed;
        _file = Path.Combine(_folder.Name, "events.jsonl");
    }

    /// <summary>How many events are durable.</summary>
    public int Count { get; private set; }

    /// <summary>All of them.</summary>
    public IReadOnlyList<ExperimentEvent> Events => _store.Events(Id);

    /// <summary>Makes the journals of one engine, whose copy stays where it is.</summary>
    public Func<JournalOpening, Props> Writer()
    {
        var file = _file;
        return opening => JournalActor.Props(Id, file, opening);
    }

    /// <summary>Whoever wrote it does so still, on a machine of its own; the next one has its own copy.</summary>
    public void Part() => _file = Path.Combine(_folder.Name, $"events-{++_parts}.jsonl");

    /// <summary>The coordinator is gone. What was being written is there wholly or not at all.</summary>
    public void Crash() => _store.Crash(_ =>
    {
        if (!_world.Plan.Has(Fault.JournalTorn) || !_world.IsFire)
            return true;
        _world.Counts.Inject(Fault.JournalTorn);
        _isTorn = true;
        return _dice.Chance(.5);
    });

    /// <summary>Another one may come; what it finds is not always what was left.</summary>
    public void Restart()
    {
        _store.Restart();
        if (_world.Plan.Has(Fault.SnapshotLost) && _store.Snapshots(Id).Count > 0 && _dice.Chance(.9))
        {
            _world.Counts.Inject(Fault.SnapshotLost);
            _store.LoseSnapshots(Id);
            _isSnapshotLost = true;
        }
        if (_world.Plan.Has(Fault.EventsFileTorn) && File.Exists(_file) && _dice.Chance(.7))
            Damage();
    }

    /// <summary>An engine has read what is there.</summary>
    public void Read(int events)
    {
        if (events != Count && !_world.Engines.HasZombies)
            _world.Judge.Blame("who goes on with a run knows all of its journal", $"it was told of {events} events, and {Count} are durable");
        if (_isTorn)
            _world.Counts.Take(Fault.JournalTorn);
        if (_isSnapshotLost)
            _world.Counts.Take(Fault.SnapshotLost);
        if (_isDamaged && IsCopied())
            _world.Counts.Take(Fault.EventsFileTorn);
        (_isTorn, _isSnapshotLost, _isDamaged) = (false, false, false);
    }

    /// <summary>Whether <c>events.jsonl</c> says the same as the journal.</summary>
    public bool IsCopied()
    {
        if (!File.Exists(_file))
            return false;
        using var file = new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var read = new byte[16 * 1024];
        foreach (var entry in _store.Entries(Id))
        {
            if (read.Length < entry.Bytes.Length)
                read = new byte[entry.Bytes.Length];
            var piece = read.AsSpan(0, entry.Bytes.Length);
            if (file.ReadAtLeast(piece, piece.Length, throwOnEndOfStream: false) < piece.Length || !piece.SequenceEqual(entry.Bytes))
                return false;
        }
        return file.ReadByte() < 0;
    }

    public void Dispose() => _folder.Dispose();

    private void Damage()
    {
        _world.Counts.Inject(Fault.EventsFileTorn);
        _isDamaged = true;
        if (_dice.Chance(.2))
        {
            File.Delete(_file);
            return;
        }
        using var file = new FileStream(_file, FileMode.Open, FileAccess.ReadWrite);
        file.SetLength((long)(file.Length * _dice.Unit()));
        if (_dice.Chance(.3))
            file.Write("{\"half a li"u8);
    }

    private StoreFate Fate(StoreDeed deed)
    {
        var (plan, rates) = (_world.Plan, _world.Plan.Faults);
        var isSlow = _world.IsFire && plan.Has(Fault.JournalSlow) && _dice.Chance(rates.SlowWrites);
        var fails = _world.IsFire && plan.Has(Fault.JournalFails) && _dice.Chance(rates.FailedWrites);
        if (deed == StoreDeed.Write)
        {
            // What was decided meanwhile has waited for it.
            if (_slowEnd == _world.Now)
                _world.Counts.Take(Fault.JournalSlow);
            (_slowEnd, _isSlow) = (null, isSlow && !fails);
            _world.Counts.Inject(Fault.JournalSlow, isSlow ? 1 : 0);
        }
        if (fails && deed is StoreDeed.Write or StoreDeed.Read or StoreDeed.LoadSnapshot)
            _world.Counts.Inject(Fault.JournalFails);
        return new(isSlow ? _dice.Time(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(20)) : rates.Write, fails ? "the database is locked" : null, IsDone: fails && _dice.Chance(.3));
    }

    private void Committed(IReadOnlyList<StoredEntry> entries)
    {
        if (_isSlow)
            (_slowEnd, _isSlow) = (_world.Now, false);
        foreach (var entry in entries)
        {
            Count += entry.Events.Count;
            _world.Trace.Written(entry.Bytes);
            _world.Judge.Written(_world.Now, entry.Writer, entry.Events);
            _world.Evidence.Committed(entry.Events);
        }
    }
}
