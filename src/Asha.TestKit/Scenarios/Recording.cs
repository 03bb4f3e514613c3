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
    {
        (Path, Events) = (path, events);
        foreach (var happened in events)
            Attempts.Take(happened);
        Attempts.End(events[^1].Time);
    }

    /// <summary>Everything that was decided or happened, in order.</summary>
    public IReadOnlyList<ExperimentEvent> Events { get; }

    internal string Path { get; }

    internal ExperimentSpec Spec => ((ExperimentStarted)Events[0]).Experiment;

    internal RecordedAttempts Attempts { get; } = new();

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
            return events is [ExperimentStarted, ..] ? new Recording(file, events) : throw new InvalidScenarioException([$"{file}: a run begins with 'experiment-started'"]);
        }
        catch (UnknownFormatException unknown)
        {
            throw new InvalidScenarioException([unknown.Message]);
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
            $"{Path}, line {difference.Index + 1}, is not decided so again:\n  recorded:      {difference.Recorded?.ToString() ?? "nothing"}\n  decided again: {difference.Decided?.ToString() ?? "nothing"}\n\n{SlotDrawing.Around(record.Timelines!.Spans, nodes, at, at, null)}"));
    }
}
