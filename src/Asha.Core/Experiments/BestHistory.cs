namespace Asha.Core.Experiments;

/// <summary>The experiment had a new best from <paramref name="Time"/> on: another trial, or the same one with a result of a higher rung.</summary>
/// <param name="Metric">As reported, in <paramref name="Rung"/>.</param>
public readonly record struct BestStep(TimeSpan Time, int Trial, int Rung, double Resource, double Metric);

/// <summary>
/// How the best of the experiment came about, from the events alone. A result of a higher rung takes the place of one that was better in a lower rung, so the metric may get worse from step to step.
/// </summary>
public sealed class BestHistory
{
    private readonly List<BestStep> _steps = [];

    /// <summary>The steps in the order of time.</summary>
    public IReadOnlyList<BestStep> Steps => _steps;

    /// <summary>Looks at the state after the next event. O(1).</summary>
    public void Advance(ExperimentState after, ExperimentEvent happened)
    {
        if (happened is not JobCompleted || after.Best is not { } best)
            return;
        var rung = after.BestRung;
        if (_steps.Count > 0 && _steps[^1].Trial == best.Trial && _steps[^1].Rung == rung)
            return;
        _steps.Add(new BestStep(happened.Time, best.Trial, rung, best.Results[rung].Resource, best.Results[rung].Metric));
    }
}
