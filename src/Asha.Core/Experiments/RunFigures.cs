namespace Asha.Core.Experiments;

/// <summary>How far a run is, as a list says it.</summary>
/// <param name="Seconds">To its last event.</param>
/// <param name="Trials">Sampled ones.</param>
/// <param name="Jobs">Completed ones.</param>
/// <param name="Best">The best metric of the highest rung; <c>null</c>: there is none.</param>
public sealed record RunFigures(double Seconds, int Trials, int Jobs, double? Best = null)
{
    public static RunFigures Of(ExperimentState state) => new(state.Time.TotalSeconds, state.Trials.Count, state.Jobs, state.Best is { } best ? best.Results[state.BestRung].Metric : null);
}
