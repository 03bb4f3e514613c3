namespace Asha.Core.Experiments;

/// <summary>
/// How long a run will go on, as far as that can be told: the jobs under way and those to come are played through, lasting as long as jobs of their rung did, and differing as much. It decides nothing.
/// </summary>
public static class RestEstimate
{
    /// <summary>The expected time from <paramref name="now"/> to the end; <c>null</c> where it cannot be known: no job is finished yet, no slot is there, or nothing bounds the run.</summary>
    /// <param name="state">The state after the last event.</param>
    /// <param name="durations">Told of the same events.</param>
    /// <param name="now">Since the experiment's start.</param>
    public static TimeSpan? Of(ExperimentState state, JobDurations durations, TimeSpan now)
    {
        if (state.Ended is not null)
            return null;
        TimeSpan?[] bounds = [ByWork(state, durations, now), ByResource(state, now), state.Spec.Stop.After - now];
        return bounds.Min() is { } rest ? TimeSpan.FromTicks(Math.Max(0, rest.Ticks)) : null;
    }

    private static TimeSpan? ByWork(ExperimentState state, JobDurations durations, TimeSpan now)
    {
        // One bracket after the other is not played.
        if (state.Spec.Scheduler.Repeat != BracketRepeat.None)
            return null;
        if (state.TrialLimit is null && state.Spec.Stop.Trials is null || durations.Expected(state, now) is not { } expected)
            return null;
        return state.Slots.Present > state.Slots.Count(SlotPhase.Lost) ? new RestOfRun(state, expected, durations.Spread, now).Play() : null;
    }

    /// <summary>At the pace so far.</summary>
    private static TimeSpan? ByResource(ExperimentState state, TimeSpan now)
        => state.Spec.Stop.Resource is { } limit && state.ResourceSpent > 0 ? Seconds(now.TotalSeconds * (Math.Max(0, limit - state.ResourceSpent) / state.ResourceSpent)) : null;

    /// <summary>At most some thirty years: more is not worth telling apart, and need not fit into a span.</summary>
    internal static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(Math.Min(seconds, 1e9));
}
