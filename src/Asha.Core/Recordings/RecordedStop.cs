using Asha.Core.Experiments;

namespace Asha.Core.Recordings;

/// <summary>When a recorded run stops that is run again.</summary>
public static class RecordedStop
{
    /// <summary>Its own rules; and what came after the end of a run that somebody ended, goes on or broke off, nobody knows, so that it stops there.</summary>
    public static StopSpec Of(StopSpec stop, IReadOnlyList<ExperimentEvent> events)
        => events[^1] is ExperimentEnded ended && FinalOutcome.IsItsOwn(ended) || Seen(events) is var seen && stop.After <= seen ? stop : stop with { After = seen };

    /// <summary>Until when it went on undisturbed.</summary>
    private static TimeSpan Seen(IReadOnlyList<ExperimentEvent> events)
    {
        for (var at = events.Count - 1; at >= 0 && events[at] is not ExperimentResumed; at--)
        {
            if (events[at] is ExperimentStopping stopping)
                return stopping.Time;
        }
        return events[^1].Time;
    }
}
