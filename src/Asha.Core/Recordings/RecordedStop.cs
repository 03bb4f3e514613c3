using Asha.Core.Experiments;

namespace Asha.Core.Recordings;

/// <summary>When a recorded run stops that is run again.</summary>
public static class RecordedStop
{
    /// <summary>Its own rules; and what came after the end of a run that was interrupted, goes on or broke off, nobody knows, so that it stops there.</summary>
    public static StopSpec Of(StopSpec stop, IReadOnlyList<ExperimentEvent> events)
        => events[^1] is ExperimentEnded { Outcome: not "interrupted" } || stop.After <= events[^1].Time ? stop : stop with { After = events[^1].Time };
}
