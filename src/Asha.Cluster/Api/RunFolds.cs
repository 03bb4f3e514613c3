using System.Data.Common;
using System.Net;
using Asha.Actors.Persistence;
using Asha.Cluster.Coordinators;
using Asha.Core.Experiments;

namespace Asha.Cluster.Api;

/// <summary>
/// What the journal says of each run, folded as far as it was read: whoever asks again has only the newer entries read. Any coordinator can tell of any run so, also while nobody is at work on it.
/// </summary>
/// <param name="open">A connection to the database that has all journals.</param>
/// <param name="newRecord">A record that keeps what is told.</param>
internal sealed class RunFolds(Func<DbConnection> open, Func<RunRecord> newRecord)
{
    /// <summary>A run's record is some megabytes where it is long.</summary>
    private const int MostKept = 32;

    private sealed class Fold(RunRecord record)
    {
        public RunRecord Record => record;

        public long LastEntry { get; set; }

        public long UsedAt { get; set; }
    }

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Fold> _folds = [];
    private long _uses;

    /// <summary>Tells of a run as it stands.</summary>
    /// <returns><c>null</c>: its journal is empty, or there is none.</returns>
    public T? Read<T>(string run, Func<RunRecord, T> tell) where T : class
    {
        var fold = Find(run);
        lock (fold)
        {
            foreach (var (number, lines) in Entries(run, fold.LastEntry))
            {
                foreach (var happened in EventLines.ReadIntact(lines))
                    fold.Record.Apply(happened);
                fold.LastEntry = number;
            }
            return fold.LastEntry == 0 ? null : tell(fold.Record);
        }
    }

    /// <summary>The run's entries after one of them, each with its number: the events of a commit as lines.</summary>
    public IEnumerable<(long Number, byte[] Lines)> Entries(string run, long after = 0)
    {
        using var connection = open();
        using var command = connection.CreateCommand();
        using var rows = Query(command, run, after);
        while (rows.Read())
        {
            if (rows.GetInt32(1) == AshaSerializer.Number && rows.GetString(2) == AshaSerializer.EntryManifest)
                yield return (rows.GetInt64(0), (byte[])rows.GetValue(3));
        }
    }

    private static DbDataReader Query(DbCommand command, string run, long after)
    {
        try
        {
            command.Connection!.Open();
            command.CommandText = "SELECT sequence_number, identifier, manifest, message FROM journal WHERE persistence_id = @id AND sequence_number > @after ORDER BY sequence_number";
            foreach (var (name, value) in new (string, object)[] { ("@id", ExperimentHost.JournalOf(run)), ("@after", after) })
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = (name, value);
                command.Parameters.Add(parameter);
            }
            return command.ExecuteReader();
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
            {
                if (_folds.Count == MostKept)
                    _folds.Remove(_folds.MinBy(kept => kept.Value.UsedAt).Key);
                _folds.Add(run, fold = new Fold(newRecord()));
            }
            fold.UsedAt = ++_uses;
            return fold;
        }
    }
}
