namespace Asha.Core.Scheduling;

/// <summary>The one total order of results: by metric, turned so that smaller is better, then by trial number; never by arrival.</summary>
public static class Ranking
{
    /// <summary>Whether the first result ranks before the second. Neither metric is NaN.</summary>
    public static bool IsBefore(double metric, int trial, double otherMetric, int otherTrial)
        => metric < otherMetric || (metric == otherMetric && trial < otherTrial);
}
