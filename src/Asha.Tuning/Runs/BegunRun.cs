using Asha.Actors.Persistence;
using Asha.Core.Experiments;
using Asha.Tuning.Journals;

namespace Asha.Tuning.Runs;

/// <summary>Runs that can be gone on with.</summary>
internal static class BegunRun
{
    /// <summary>A run that is not over, as its journal says; <c>events.jsonl</c>, its copy, may lag behind or be gone. A run that ended before its first trial has written that alone.</summary>
    /// <param name="folder">The run's.</param>
    /// <param name="server">Where the journal may be, beside the folder.</param>
    /// <exception cref="UserErrorException">It is over, or cannot be gone on with.</exception>
    public static (ExperimentSpec Spec, bool HasTrials, RunJournal Journal) Open(RunFolder folder, string? server)
    {
        if (!RunJournal.IsIn(folder.Path) && !folder.HasEvents)
            throw Unbegun(folder);
        if (RunJournal.IsGone(folder.Path))
            throw folder.HasEvents ? Gone(folder) : Unbegun(folder);
        var journal = RunJournal.Open(folder.Path, server);
        var survey = journal.Survey();
        var written = folder.HasEvents ? File.ReadLines(folder.Events).LongCount() : 0;
        if (survey is not null)
        {
            // The file follows the journal; only half a line may be in it that is not in there.
            if (written - 1 > survey.Lines)
                throw Lost(folder, journal, written, survey.Lines);
            // Where the file does not have the end yet, who goes on writes it there, and nothing else.
            return written >= survey.Lines && survey.Ended is { } ended && FinalOutcome.IsFinal(ended) ? throw Over(folder, ended) : (survey.Experiment.Experiment, survey.HasTrials, journal);
        }
        if (!folder.HasEvents)
            throw Unbegun(folder);
        var state = folder.ReadRecord().State;
        if (state.Trials.Count > 0)
            throw Lost(folder, journal, written, 0);
        return state.Ended is { } unbegun && FinalOutcome.IsFinal(unbegun) ? throw Over(folder, unbegun) : (state.Spec, false, journal);
    }

    /// <summary>To go on from such a journal would be to forget results.</summary>
    private static UserErrorException Lost(RunFolder folder, RunJournal journal, long written, long kept) => new(
        $"{folder.Path}: the journal ({journal.Place}) has lost entries: events.jsonl has {written} events, and it has {kept}. Nothing was touched",
        kept == 0 ? "Bring back the database as it was." : "Bring back the database as it was. To go on from what the journal has, and forget the rest, move events.jsonl away first.");

    private static UserErrorException Gone(RunFolder folder) => new(
        $"{folder.Path}: journal.db is gone, without which the run cannot be gone on with. Nothing was touched",
        $"Bring it back, and journal.db-wal with it if there is one. What was found until then: 'asha show {folder.Name}'.");

    private static UserErrorException Unbegun(RunFolder folder) => new($"{folder.Path}: the run broke off before it began: there is nothing to go on with", "'asha tune' begins another.");

    private static UserErrorException Over(RunFolder folder, ExperimentEnded ended)
        => new($"{folder.Path}: the run is over: {ended.Outcome}{(ended.Reason.Length > 0 ? $" ({ended.Reason})" : "")}", $"'asha show {folder.Name}' says what it found.");

    /// <summary>The newest run of an experiment, if it is not over; <c>null</c>: it is, or there is none.</summary>
    /// <param name="spec">The experiment.</param>
    /// <param name="root">The folder of all runs.</param>
    /// <exception cref="UserErrorException">It is not over, but was another experiment of that name.</exception>
    public static RunFolder? Newest(ExperimentSpec spec, string root)
    {
        foreach (var folder in RunFolder.All(root).Reverse())
        {
            if (!folder.Name.StartsWith($"{spec.Name}-", StringComparison.Ordinal) || Look(folder) is not var (begun, end) || begun.Name != spec.Name)
                continue;
            if (end is { } ended && FinalOutcome.IsFinal(ended))
                return null;
            return Text(begun).SequenceEqual(Text(spec)) ? folder : throw new UserErrorException(
                $"{folder.Path}: the newest run of '{spec.Name}' is not over, but the experiment has changed since it was begun",
                $"'asha resume {folder.Name}' goes on with it as it was, 'asha cancel {folder.Name}' ends it; without being told to resume, another one begins.");
        }
        return null;
    }

    /// <summary>What a run is, and how it ended; <c>null</c>: it broke off before it was anything. Where its events are gone, its journal says so.</summary>
    /// <exception cref="UserErrorException">Neither can be read: it must not be passed over in silence.</exception>
    private static (ExperimentSpec Spec, ExperimentEnded? End)? Look(RunFolder folder)
    {
        if (folder.HasEvents)
            return folder.ReadRecord().State is var state ? (state.Spec, state.Ended) : null;
        if (!RunJournal.IsIn(folder.Path) || RunJournal.IsGone(folder.Path))
            return null;
        return RunJournal.Open(folder.Path, JournalServer.FromEnvironment()).Survey() is { } survey ? (survey.Experiment.Experiment, survey.Ended) : null;
    }

    /// <summary>All of an experiment that is written; how many slots a machine has does not make it another one.</summary>
    private static byte[] Text(ExperimentSpec spec)
        => AshaFormat.Events.Write(new ExperimentStarted(TimeSpan.Zero, spec with { Slots = 1 }, new RunOrigin("", default, "", "")));
}
