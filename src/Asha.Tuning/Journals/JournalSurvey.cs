using System.Data.Common;
using Asha.Actors.Persistence;
using Asha.Core.Experiments;

namespace Asha.Tuning.Journals;

/// <summary>What a journal says to whoever would go on with its run, read before anything is touched.</summary>
/// <param name="Experiment">The experiment, and by whom it was begun.</param>
/// <param name="Ended">How it ended, if its last event says so.</param>
/// <param name="HasTrials">Whether a trial was sampled.</param>
/// <param name="Lines">How many events it has.</param>
internal sealed record JournalSurvey(ExperimentStarted Experiment, ExperimentEnded? Ended, bool HasTrials, long Lines)
{
    /// <summary>Reads all entries of a journal; of their lines only the first and the last become events.</summary>
    /// <param name="connection">Open.</param>
    /// <param name="id">Whose entries.</param>
    /// <param name="place">What they are in, for people.</param>
    public static JournalSurvey? Of(DbConnection connection, string id, string place)
    {
        try
        {
            return Read(connection, id, place);
        }
        catch (Exception wrong) when (wrong is InvalidCastException or OverflowException or FormatException)
        {
            // SQLite keeps a value of any type in any column.
            throw new UserErrorException($"the journal ({place}) cannot be gone on with: a value in it is not of the type that Asha writes: {wrong.Message.TrimEnd('.')}", "Nothing was touched.");
        }
    }

    private static JournalSurvey? Read(DbConnection connection, string id, string place)
    {
        using var command = connection.CreateCommand();
        using var rows = JournalRows.Query(command, id);
        ExperimentStarted? started = null;
        ReadOnlyMemory<byte> last = default;
        var (hasTrials, lines) = (false, 0L);
        for (var number = 1L; rows.Read(); number++)
        {
            if (rows.GetInt64(0) != number)
                throw Unreadable(place, number, "it is not there, and later ones are");
            if (rows.IsDBNull(1) || rows.GetInt32(1) != AshaSerializer.Number || rows.IsDBNull(2) || rows.GetString(2) != AshaSerializer.EntryManifest)
                throw Unreadable(place, number, $"'{(rows.IsDBNull(2) ? "" : rows.GetString(2))}' is not known to this version of Asha");
            try
            {
                foreach (var line in EventLines.Intact((byte[])rows.GetValue(3)))
                {
                    started ??= EventLines.Read(line.Span) as ExperimentStarted ?? throw new UnknownFormatException("a run begins with 'experiment-started'");
                    hasTrials = hasTrials || line.Span.StartsWith("{\"event\":\"trial-sampled."u8);
                    last = line;
                    lines++;
                }
            }
            catch (UnknownFormatException unknown)
            {
                throw Unreadable(place, number, unknown.Message.TrimEnd('.'));
            }
        }
        try
        {
            return started is null ? null : new JournalSurvey(started, EventLines.Read(last.Span) as ExperimentEnded, hasTrials, lines);
        }
        catch (UnknownFormatException unknown)
        {
            throw new UserErrorException($"the journal ({place}) cannot be gone on with: its last line: {unknown.Message.TrimEnd('.')}", "Nothing was touched.");
        }
    }

    private static UserErrorException Unreadable(string place, long entry, string why)
        => new($"the journal ({place}) cannot be gone on with: entry {entry}: {why}", "Nothing was touched.");
}
