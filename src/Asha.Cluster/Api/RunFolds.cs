using System.Data.Common;
using System.Net;
using Asha.Actors.Persistence;
using Asha.Cluster.Coordinators;
using Asha.Core.Experiments;
using Asha.Tuning.Journals;

namespace Asha.Cluster.Api;

/// <summary>
/// What the journal says of each run, folded as far as it was read: whoever asks again has only the newer entries read. Any coordinator can tell of any run so, also while nobody is at work on it.
/// </summary>
/// <param name="open">A connection to the database that has all journals.</param>
/// <param name="newRecord">A record that keeps what is told.</param>
/// <param name="mostBytes">So many bytes of journals are kept folded (a record takes about as much as what it was folded from); beyond that, those go that nobody has asked for longest.</param>
internal sealed class RunFolds(Func<DbConnection> open, Func<RunRecord> newRecord, long mostBytes = 64 << 20)
{
    private sealed class Fold(RunRecord record)
    {
        public RunRecord Record => record;

        public long LastEntry { get; set; }

        public long Bytes { get; set; }

        public long UsedAt { get; set; }

        /// <summary>An event could not be applied, and its entry is applied in part: nothing may be folded on from there.</summary>
        public bool IsBroken { get; set; }
    }

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Fold> _folds = [];
    private long _uses;

    /// <summary>Tells of a run as it stands, and keeps what was folded for whoever asks next.</summary>
    /// <returns><c>null</c>: its journal is empty, or there is none.</returns>
    /// <exception cref="ApiProblemException">The journal cannot be read, now (503) or by this version (500).</exception>
    public T? Read<T>(string run, Func<RunRecord, T> tell) where T : class
    {
        while (true)
        {
            var fold = Find(run);
            lock (fold)
            {
                if (fold.IsBroken)
                    continue;
                Advance(run, fold);
                Bound(fold);
                return fold.LastEntry == 0 ? null : tell(fold.Record);
            }
        }
    }

    /// <summary>Tells of a run that nobody will fold on: nothing is kept, and nothing that is kept makes room for it.</summary>
    /// <returns><c>null</c>: its journal is empty, or there is none.</returns>
    /// <exception cref="ApiProblemException">As with <see cref="Read"/>.</exception>
    public T? ReadOnce<T>(string run, Func<RunRecord, T> tell) where T : class
    {
        var fold = new Fold(new RunRecord());
        Advance(run, fold);
        return fold.LastEntry == 0 ? null : tell(fold.Record);
    }

    /// <summary>The run's entries after one of them, each with its number: the events of a commit as lines.</summary>
    public IEnumerable<(long Number, byte[] Lines)> Entries(string run, long after = 0)
    {
        using var connection = open();
        using var command = connection.CreateCommand();
        using var rows = Readable(() =>
        {
            connection.Open();
            return JournalRows.Query(command, ExperimentHost.JournalOf(run), after);
        });
        while (Readable(rows.Read))
        {
            if (rows.GetInt32(1) == AshaSerializer.Number && rows.GetString(2) == AshaSerializer.EntryManifest)
                yield return (rows.GetInt64(0), (byte[])rows.GetValue(3));
        }
    }

    private void Advance(string run, Fold fold)
    {
        foreach (var (number, lines) in Entries(run, fold.LastEntry))
        {
            try
            {
                foreach (var happened in EventLines.ReadIntact(lines))
                    fold.Record.Apply(happened);
            }
            catch (Exception error)
            {
                Forget(run, fold);
                throw new ApiProblemException(HttpStatusCode.InternalServerError, $"{run}: entry {number} of its journal cannot be read: {FailureText.Of(error)}", "Is this coordinator of an earlier version than the one that wrote it?");
            }
            (fold.LastEntry, fold.Bytes) = (number, fold.Bytes + lines.Length);
        }
    }

    private static T Readable<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DbException error)
        {
            throw new ApiProblemException(HttpStatusCode.ServiceUnavailable, $"the journal cannot be read: {FailureText.Of(error)}", "Ask again in a moment.");
        }
    }

    private Fold Find(string run)
    {
        lock (_lock)
        {
            if (!_folds.TryGetValue(run, out var fold))
                _folds.Add(run, fold = new Fold(newRecord()));
            fold.UsedAt = ++_uses;
            return fold;
        }
    }

    private void Forget(string run, Fold fold)
    {
        fold.IsBroken = true;
        lock (_lock)
        {
            if (_folds.GetValueOrDefault(run) == fold)
                _folds.Remove(run);
        }
    }

    /// <summary>Makes room, for all but the one that is being told of: whoever is at another that goes tells of it all the same.</summary>
    private void Bound(Fold newest)
    {
        lock (_lock)
        {
            for (var bytes = _folds.Sum(kept => kept.Value.Bytes); bytes > mostBytes && _folds.Count > 1;)
            {
                var oldest = _folds.Where(kept => kept.Value != newest).MinBy(kept => kept.Value.UsedAt);
                _folds.Remove(oldest.Key);
                bytes -= oldest.Value.Bytes;
            }
        }
    }
}
