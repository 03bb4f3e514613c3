using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Asha.Actors.Messages;
using Asha.Core.Experiments;

namespace Asha.Actors.Persistence;

/// <summary>
/// The journal of one run, written by its experiment alone: an entry a commit, through Akka.Persistence, and after it <c>events.jsonl</c>. Entries that come while one is being written are written together. It never tries again:
/// one that fails says why and ends, and its experiment makes another (docs/decisions/017).
/// </summary>
/// <param name="id">Whose journal it is, among all that share a database.</param>
/// <param name="path">Of <c>events.jsonl</c>.</param>
/// <param name="opening">How it is opened.</param>
/// <param name="lags">Told, in a sentence, that <c>events.jsonl</c> cannot be written, and that it can again: whoever has more than this file to read the run from goes on without it. <c>null</c>: without it the journal is not open.</param>
/// <param name="copy">Makes <c>events.jsonl</c> anew from the journal, where it is not what the newest snapshot says, and says what went wrong. <c>null</c>: the journal is read entry by entry then.</param>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "An actor's resources end in PostStop.")]
public sealed class JournalActor(string id, string path, JournalOpening opening, Action<string>? lags = null, Func<string, string?>? copy = null) : UntypedPersistentActor
{
    /// <summary>About as many as are read in a tenth of a second.</summary>
    private const int EntriesInSnapshot = 1000;

    private readonly EventsFile _file = new(path);
    private readonly List<byte[]> _lines = [];
    private readonly List<ExperimentEvent> _events = [];
    private readonly List<byte[]> _added = [];
    private bool _isBehind;

    public override string PersistenceId => id;

    public override Recovery Recovery => opening.Whole ? new Recovery(SnapshotSelectionCriteria.None) : new Recovery();

    public static Props Props(string id, string path, JournalOpening opening, Action<string>? lags = null, Func<string, string?>? copy = null)
        => Akka.Actor.Props.Create(() => new JournalActor(id, path, opening, lags, copy)).WithDispatcher("asha.journal-dispatcher");

    protected override void PostStop()
    {
        _file.Dispose();
        base.PostStop();
    }

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: EventsFileMark mark } offer:
                Take(_file.Read(mark) ?? ReadAnew(mark) ?? throw new EventsFileChangedException($"{path} is not what it was at entry {offer.Metadata.SequenceNr}"));
                break;
            case JournalEntry entry:
                Take(entry.Lines);
                if (LastSequenceNr > opening.Known)
                    _added.Add(entry.Lines);
                break;
            case RecoveryCompleted when Complete():
                Context.Parent.Tell(new JournalOpened(LastSequenceNr, _events.ToArray(), _added.ToArray()));
                _lines.Clear();
                _events.Clear();
                _added.Clear();
                break;
        }
    }

    /// <summary>Whoever takes a run over may have none of it, or what another made of it before.</summary>
    private byte[]? ReadAnew(EventsFileMark mark)
    {
        if (copy is null)
            return null;
        if (copy(path) is not { } problem)
            return _file.Read(mark);
        Context.GetLogger().Warning("{Path} cannot be made anew, and the journal is read entry by entry: {Problem}", path, problem);
        return null;
    }

    /// <summary>A disk that is full now may not be soon: whoever opens a journal tries again.</summary>
    private bool Complete()
    {
        try
        {
            _file.Complete(_lines);
            return true;
        }
        catch (IOException error) when (lags is not null)
        {
            _file.GiveUp(FailureText.Of(error.InnerException ?? error));
            Warn(_file.Problem);
            return true;
        }
        catch (IOException error)
        {
            Fail(error);
            Context.Stop(Self);
            return false;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case AppendEvents append:
                var batch = append.Batch;
                PersistAsync(new JournalEntry(EventLines.Of(append.Events)), entry => Written(batch, entry));
                break;
            case SaveSnapshotSuccess saved:
                DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1));
                break;
            case SaveSnapshotFailure failure:
                // It costs whoever resumes some time, and nothing else.
                Context.GetLogger().Warning("No snapshot could be saved: {Problem}", failure.Cause.Message);
                break;
            case DeleteSnapshotsSuccess or DeleteSnapshotsFailure:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Fail(cause);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        Fail(cause);
        Context.Stop(Self);
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        if (Causes(reason).OfType<UnknownFormatException>().FirstOrDefault() is { } unknown)
            Context.Parent.Tell(new JournalUnreadable($"the journal cannot be read, and nothing of it was touched: {unknown.Message}"));
        else if (Causes(reason).OfType<EventsFileChangedException>().FirstOrDefault() is { } changed)
            Context.Parent.Tell(new JournalFailed(changed.Message, IsReadable: true));
        else
            Fail(reason);
    }

    private void Written(long batch, JournalEntry entry)
    {
        _file.Append(entry.Lines);
        Context.Parent.Tell(new EventsWritten(batch));
        Warn(_file.Problem);
        if (batch % EntriesInSnapshot == 0 && _file.Mark() is { } mark)
            SaveSnapshot(mark);
    }

    /// <summary>Once when it begins, and once when it is over.</summary>
    private void Warn(string? problem)
    {
        if (_isBehind == problem is not null)
            return;
        _isBehind = !_isBehind;
        Context.GetLogger().Warning(_isBehind ? "{Path} lags behind the journal: {Problem}" : "{Path} has caught up with the journal", path, problem ?? "");
        lags?.Invoke(_isBehind ? $"the copy of its journal, {path}, cannot be written, and it goes on without: {problem}" : $"the copy of its journal, {path}, is whole again");
    }

    private static void Fail(Exception cause) => Context.Parent.Tell(new JournalFailed(FailureText.Of(cause)));

    private static IEnumerable<Exception> Causes(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
            yield return error;
    }

    private void Take(byte[] lines)
    {
        _lines.Add(lines);
        if (opening.Tells)
            _events.AddRange(EventLines.ReadIntact(lines));
    }
}

/// <summary><c>events.jsonl</c> is not what a snapshot says: it was changed, or is gone. The journal itself has everything.</summary>
internal sealed class EventsFileChangedException(string message) : Exception(message);
