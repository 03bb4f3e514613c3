using System.Text.Json.Serialization;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Asha.Host.Scenarios;

/// <summary>Mean of some runs, and the 95 % confidence interval of it by Student's t; <c>null</c> bounds of fewer than two. Runs without the value are left out: <paramref name="Count"/> says how many had it.</summary>
internal sealed record Estimate(int Count, double? Mean, double? Low, double? High)
{
    public static Estimate Of(IEnumerable<double> values)
    {
        var all = values.ToArray();
        if (all.Length < 2)
            return new Estimate(all.Length, all.Length == 1 ? all[0] : null, null, null);
        // Of counts it is exact: differences that cancel out are 0, and not 1e-17.
        var mean = all.Average();
        var half = StudentT.InvCDF(0, 1, all.Length - 1, .975) * all.StandardDeviation() / Math.Sqrt(all.Length);
        return new Estimate(all.Length, mean, mean - half, mean + half);
    }

    /// <summary>Whether its interval has zero outside: more than chance, at this level.</summary>
    [JsonIgnore]
    public bool IsClear => Low > 0 || High < 0;
}
