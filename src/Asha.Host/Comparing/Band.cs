using MathNet.Numerics.Statistics;

namespace Asha.Host.Comparing;

/// <summary>Of some runs, at one time: the median, and the 10 % and the 90 % quantile. <c>null</c>: there is no such value; where there are fewer than three runs, the quantiles are left out.</summary>
internal readonly record struct Band(double? Middle, double? Low, double? High)
{
    private const int FewestForQuantiles = 3;

    /// <param name="values">One of each run; infinite where the run has none yet, which ranks beyond all others.</param>
    public static Band Of(IReadOnlyList<double> values)
    {
        if (values.Count == 0)
            return default;
        var quantiles = values.Count >= FewestForQuantiles;
        return new Band(Finite(values.Median()), quantiles ? Finite(values.QuantileCustom(.1, QuantileDefinition.R7)) : null, quantiles ? Finite(values.QuantileCustom(.9, QuantileDefinition.R7)) : null);
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
