namespace Asha.Core.Experiments;

/// <summary>When an experiment stops although there is work left.</summary>
public static class StopRule
{
    /// <summary>The rule that holds now, in words, or <c>null</c>.</summary>
    /// <param name="state">The experiment.</param>
    /// <param name="now">The time.</param>
    /// <param name="alarm">The timer of <see cref="StopSpec.After"/> has rung: whatever else happens at that very moment has happened, and counts.</param>
    public static string? Check(ExperimentState state, TimeSpan now, bool alarm = true)
    {
        var stop = state.Spec.Stop;
        if (now > stop.After || (alarm && now == stop.After))
            return $"after {stop.After.Value.TotalSeconds:R} s";
        if ((stop.HopelessIfLimited || state.Spec.Scheduler.Total is null) && state.FirstFailures >= stop.Hopeless && state.FirstFailures == state.FirstResults)
            return $"the first {state.FirstFailures} trials all failed";
        if (state.FirstResults >= stop.Trials)
            return $"{stop.Trials} trials";
        if (state.ResourceSpent >= stop.Resource)
            return $"{stop.Resource:R} units of {state.Spec.Resource.Name} trained";
        return stop.Metric is { } wanted && state.BestMetric is { } best && best <= state.Spec.Metric.Turned(wanted)
            ? $"{state.Spec.Metric.Name} reached {wanted:R}"
            : null;
    }
}
