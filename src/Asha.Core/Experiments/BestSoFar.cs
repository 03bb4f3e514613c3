using Asha.Core.Scheduling;

namespace Asha.Core.Experiments;

/// <summary>The best trial of an experiment: that with the best finite result of the highest rung that has one; and beside it the best metric of any rung.</summary>
internal sealed class BestSoFar
{
    /// <summary><c>null</c> until there is a finite result.</summary>
    public TrialState? Trial { get; private set; }

    /// <summary>The best finite result of any rung, turned so that smaller is better.</summary>
    public double? Metric { get; private set; }

    /// <summary>Takes a finite result that the trial was just given.</summary>
    public void Take(TrialState trial, double metric, MetricSpec spec)
    {
        var turned = spec.Turned(metric);
        Metric = Metric is { } before ? Math.Min(before, turned) : turned;
        if (IsBetter(trial, turned, spec))
            Trial = trial;
    }

    private bool IsBetter(TrialState trial, double turned, MetricSpec spec)
    {
        if (Trial is null)
            return true;
        var rung = Trial.LastFinite;
        if (Trial == trial || trial.Rung != rung)
            return trial.Rung >= rung;
        return Ranking.IsBefore(turned, trial.Trial, spec.Turned(Trial.Results[rung].Metric), Trial.Trial);
    }
}
