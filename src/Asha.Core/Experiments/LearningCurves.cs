namespace Asha.Core.Experiments;

/// <summary>A point of a learning curve: what a trial reported, and when.</summary>
/// <param name="Metric">As reported; NaN where training had diverged.</param>
public readonly record struct CurvePoint(double Resource, double Metric, TimeSpan Time);

/// <summary>
/// What each trial reported on its way up, from the events alone. An attempt that starts again from a lower resource takes back what was beyond it: a curve has one point for a resource.
/// </summary>
public sealed class LearningCurves
{
    private readonly List<List<CurvePoint>?> _curves = [];

    /// <summary>The trial's curve by rising resource; empty where it has reported nothing.</summary>
    public IReadOnlyList<CurvePoint> Of(int trial) => trial < _curves.Count && _curves[trial] is { } curve ? curve : [];

    /// <summary>Takes the next event. Amortised O(1).</summary>
    public void Advance(ExperimentEvent next)
    {
        switch (next)
        {
            case TrialSampled:
                _curves.Add(null);
                break;
            case JobStarted started when _curves[started.Trial] is { } curve:
                while (curve.Count > 0 && curve[^1].Resource > started.Start)
                    curve.RemoveAt(curve.Count - 1);
                break;
            // A report that is the result of several rungs is one point.
            case ReportAccepted accepted when _curves[accepted.Trial] is not [.., { Resource: var last }] || last != accepted.Resource:
                (_curves[accepted.Trial] ??= []).Add(new CurvePoint(accepted.Resource, accepted.Metric, accepted.Time));
                break;
        }
    }
}
