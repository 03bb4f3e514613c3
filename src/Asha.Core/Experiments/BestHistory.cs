namespace Asha.Core.Experiments;

/// <summary>The experiment had a new best from <paramref name="Time"/> on: another trial, or the same one with a result of a higher rung.</summary>
/// <param name="Metric">As reported, in <paramref name="Rung"/>.</param>
public readonly record struct BestStep(TimeSpan Time, int Trial, int Rung, double Resource, double Metric);

/// <summary>A finite result of a rung, and when it counted.</summary>
/// <param name="Metric">As reported.</param>
public readonly record struct TimedResult(TimeSpan Time, int Trial, int Rung, double Metric);

/// <summary>
/// How the best of the experiment came about, from the events alone. A result of a higher rung takes the place of one that was better in a lower rung, so the metric may get worse from step to step.
/// </summary>
public sealed class BestHistory
{
    private readonly List<BestStep> _steps = [];
    private readonly List<TimedResult> _results = [];

    /// <summary>The steps in the order of time.</summary>
    public IReadOnlyList<BestStep> Steps => _steps;

    /// <summary>All finite results in the order of time, the best among them.</summary>
    public IReadOnlyList<TimedResult> Results => _results;

    /// <summary>Looks at the state after the next event. O(1).</summary>
    public void Advance(ExperimentState after, ExperimentEvent happened)
    {
        if (happened is not JobCompleted done)
            return;
        if (double.IsFinite(done.Metric))
            _results.Add(new TimedResult(done.Time, done.Trial, done.Rung, done.Metric));
        if (after.Best is not { } best)
            return;
        var rung = after.BestRung;
        if (_steps.Count > 0 && _steps[^1].Trial == best.Trial && _steps[^1].Rung == rung)
            return;
        _steps.Add(new BestStep(happened.Time, best.Trial, rung, best.Results[rung].Resource, best.Results[rung].Metric));
    }
}
