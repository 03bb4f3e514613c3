using Asha.Core.Experiments;

namespace Asha.Host.Plots;

/// <summary>
/// The axis of a metric. A few trials that get far out must not press all others into a line: the axis ends a little beyond the 95 worst of 100 values, where the rest would take much more room than these.
/// It is logarithmic where the values are positive and the best is more than a factor of <see cref="Factor"/> away from the worst, or, of a metric that is to rise, from the middle one. The better end always shows everything.
/// </summary>
internal sealed record MetricScale(AxisScale Axis, bool IsClipped)
{
    private const double Factor = 10, FarOut = 1.6;

    /// <param name="values">Any; what is not finite is left out.</param>
    /// <param name="always">Values that must be on the axis.</param>
    public static MetricScale Of(MetricSpec metric, IEnumerable<double> values, IReadOnlyList<double> always)
    {
        // Beyond that, differences overflow.
        double[] finite = [.. values.Where(value => Math.Abs(value) < 1e300).Order()];
        if (finite.Length == 0)
            return new MetricScale(new AxisScale(0, 1), false);
        var (low, high) = (finite[(int)(.05 * (finite.Length - 1))], finite[(int)Math.Ceiling(.95 * (finite.Length - 1))]);
        // It is the better end that must not be pressed together.
        var isLog = finite[0] > 0 && (metric.Mode == MetricMode.Min ? high / finite[0] : finite[^1] / finite[finite.Length / 2]) > Factor;
        var whole = AxisScale.Around(finite[0], finite[^1], isLog);
        var inner = metric.Mode == MetricMode.Min ? AxisScale.Around(finite[0], high, isLog) : AxisScale.Around(low, finite[^1], isLog);
        var isClipped = inner.At(whole.Max) - inner.At(whole.Min) > FarOut;
        var shown = isClipped ? inner : whole;
        if (always.Count > 0)
            shown = shown with { Min = Math.Min(shown.Min, always.Min()), Max = Math.Max(shown.Max, always.Max()) };
        return new MetricScale(shown.Padded(.06), isClipped);
    }

    public double At(double value) => Math.Clamp(Axis.At(value), -1, 2);

    public bool Shows(double value) => Axis.At(value) is >= 0 and <= 1;

    public string Title(string title) => Axis.IsLog ? title + ", logarithmic" : title;
}
