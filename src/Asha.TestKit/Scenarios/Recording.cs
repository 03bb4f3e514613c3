using System.Globalization;
using Asha.Actors.Persistence;
using Asha.Actors.Replay;
using Asha.Core.Experiments;
using Asha.Core.Recordings;
using Xunit.Sdk;

namespace Asha.TestKit;

/// <summary>A recorded run, live or simulated: its decisions can be made again, and its curves and durations are a world to run other scenarios in (<see cref="Scenario.Of"/>, <see cref="Scenario.InWorldOf"/>).</summary>
public sealed class Recording
{
    private Recording(string path, IReadOnlyList<ExperimentEvent> events)
        => (Path, Events, Attempts) = (path, events, RecordedAttempts.Of(events));

    /// <summary>Everything that was decided or happened, in order.</summary>
    public IReadOnlyList<ExperimentEvent> Events { get; }

    internal string Path { get; }

    internal ExperimentSpec Spec => ((ExperimentStarted)Events[0]).Experiment;

    internal RecordedAttempts Attempts { get; }

    /// <summary>Reads a run.</summary>
    /// <param name="path">Its folder, or its file of events (<c>events.jsonl</c>).</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidScenarioException">It is no recording that this version can read.</exception>
    public static Recording Read(string path)
    {
        var file = Directory.Exists(path) ? System.IO.Path.Combine(path, "events.jsonl") : path;
        if (!File.Exists(file))
            throw new FileNotFoundException($"{file}: there is no recording here; give a run's folder, or its events.jsonl.", file);
        try
        {
            List<ExperimentEvent> events = [.. EventLines.ReadAll(file)];
            if (events is not [ExperimentStarted, ..])
                throw new InvalidScenarioException([events.Count == 0 ? $"{file}: has no event" : $"{file}, line 1: a run begins with 'experiment-started'"]);
            Check(file, events);
            return new Recording(file, events);
        }
        catch (UnknownFormatException unknown)
        {
            throw new InvalidScenarioException([unknown.Message]);
        }
    }

    /// <summary>Facts that do not fit together make no world.</summary>
    private static void Check(string file, List<ExperimentEvent> events)
    {
        var state = new ExperimentState();
        for (var index = 0; index < events.Count; index++)
        {
            try
            {
                state.Apply(events[index]);
            }
            catch (Exception)
            {
                // The fold trusts the journal. Whatever it stumbles over, somebody has changed the file.
                throw new InvalidScenarioException([$"{file}, line {index + 1}: does not follow from the lines before it: {EventWords.Of(events[index])}"]);
            }
        }
    }

    /// <summary>Decides the run again, by Asha's own actors, from its reports and endings alone: every sample, promotion and start must be the recorded one.</summary>
    /// <exception cref="XunitException">The first difference, and what the slots did around it.</exception>
    public void AssertDecidedAgain()
    {
        var again = Redecision.Of(Events);
        if (again.Difference is not { } difference)
            return;
        var (record, nodes) = (RunRecord.Whole(), new Dictionary<int, string>());
        foreach (var happened in Events.Take(again.Compared))
        {
            record.Apply(happened);
            if (happened is SlotJoined joined)
                nodes[joined.Slot] = joined.Node;
        }
        var at = record.State.Time;
        throw new XunitException(string.Create(CultureInfo.InvariantCulture,
            $"{Path}, line {difference.Index + 1}, is not decided so again:\n  recorded:      {Words(difference.Recorded)}\n  decided again: {Words(difference.Decided)}\n\n{SlotDrawing.Around(record.Timelines!.Spans, nodes, at, at, null)}"));
    }

    private static string Words(ExperimentEvent? happened) => happened is null ? "nothing" : EventWords.Of(happened);
}
