using Asha.Actors.Persistence;
using Asha.Core.Experiments;
using Asha.Tuning.Journals;

namespace Asha.Tuning.Runs;

/// <summary>What is in a run's <c>events.jsonl</c>.</summary>
internal static class RunEvents
{
    extension(RunFolder folder)
    {
        /// <summary>There is something in <c>events.jsonl</c>.</summary>
        public bool HasEvents => new FileInfo(folder.Events) is { Exists: true, Length: > 0 };

        /// <summary>Folds the run's events.</summary>
        /// <param name="record">Where into; by default one that keeps the state and the utilization alone.</param>
        /// <exception cref="UserErrorException">They cannot be read, or are of a later version.</exception>
        public RunRecord ReadRecord(RunRecord? record = null)
        {
            record ??= new RunRecord();
            foreach (var (index, happened) in folder.ReadEvents().Index())
                Apply(folder.Events, record, happened, index + 1);
            return record;
        }

        /// <summary>The run's events, in order; the first one is its <see cref="ExperimentStarted"/>.</summary>
        /// <exception cref="UserErrorException">They cannot be read, or are of a later version.</exception>
        public IEnumerable<ExperimentEvent> ReadEvents()
            => File.Exists(folder.Events) ? Read(folder.Events)
                : !RunJournal.IsIn(folder.Path) || RunJournal.IsGone(folder.Path) ? throw new UserErrorException($"{folder.Path}: the run {(folder.IsHeld() ? "has not begun yet: it is being prepared" : "broke off before it began")}")
                : folder.IsHeld() ? throw new UserErrorException($"{folder.Path}: the run has not begun yet, or somebody has deleted its events.jsonl, which comes back when it is gone on with")
                : throw new UserErrorException($"{folder.Path}: the run broke off before it began, or its events.jsonl is gone", $"'asha resume {folder.Name}' goes on with it if its journal has anything, and writes that anew.");
    }

    /// <summary>The events of any file.</summary>
    /// <exception cref="UserErrorException">They cannot be read, or are of a later version.</exception>
    public static IEnumerable<ExperimentEvent> Read(string path)
    {
        using var events = EventLines.ReadAll(path).GetEnumerator();
        var isFirst = true;
        for (; Next(path, events) is { } happened; isFirst = false)
            yield return !isFirst || happened is ExperimentStarted ? happened : throw new UserErrorException($"{path}, line 1: a run begins with 'experiment-started'");
        if (isFirst)
            throw new UserErrorException($"{path}: the run broke off before it began");
    }

    private static ExperimentEvent? Next(string path, IEnumerator<ExperimentEvent> events)
    {
        try
        {
            return events.MoveNext() ? events.Current : null;
        }
        catch (UnknownFormatException unknown)
        {
            throw new UserErrorException(unknown.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path}: cannot be read: {error.Message}");
        }
    }

    private static void Apply(string path, RunRecord record, ExperimentEvent happened, int line)
    {
        try
        {
            record.Apply(happened);
        }
        catch (Exception)
        {
            // The fold trusts the journal. Whatever it stumbles over, somebody has changed the file.
            throw new UserErrorException($"{path}, line {line}: '{AshaFormat.ManifestOf(happened)}' does not follow from the lines before it");
        }
    }
}
