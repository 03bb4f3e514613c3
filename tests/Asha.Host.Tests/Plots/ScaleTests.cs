using Asha.Core.Experiments;
using Asha.Host.Plots;
using CsCheck;

namespace Asha.Host.Tests.Plots;

/// <summary>Axes: their ticks, and where they end.</summary>
public class ScaleTests
{
    [Fact]
    public void Ticks_are_on_the_axis_rise_and_are_neither_too_many_nor_too_few()
        => Gen.Select(Gen.Double[-1e6, 1e6], Gen.Double[1e-6, 1e6], Gen.Int[4, 12]).Sample((min, length, most) =>
        {
            var scale = new AxisScale(min, min + length);
            var ticks = scale.Ticks(most);
            Assert.InRange(ticks.Count, most / 3, most + 1);
            Assert.All(ticks, tick => Assert.InRange(scale.At(tick), -1e-6, 1 + 1e-6));
            Assert.All(ticks.Zip(ticks.Skip(1)), pair => Assert.True(pair.First < pair.Second));
        });

    [Fact]
    public void So_are_those_of_a_logarithmic_axis()
        => Gen.Select(Gen.Double[-12, 12], Gen.Double[.05, 20], Gen.Int[4, 12]).Sample((low, decades, most) =>
        {
            var scale = new AxisScale(Math.Pow(10, low), Math.Pow(10, low + decades), IsLog: true);
            var ticks = scale.Ticks(most);
            Assert.InRange(ticks.Count, 1, most + 1);
            Assert.All(ticks, tick => Assert.InRange(scale.At(tick), -1e-6, 1 + 1e-6));
            Assert.All(ticks.Zip(ticks.Skip(1)), pair => Assert.True(pair.First < pair.Second));
        });

    [Theory]
    [InlineData(0, "0")]
    [InlineData(.1 + .2, "0.3")]
    [InlineData(1234567, "1,234,567")]
    [InlineData(-2.5, "−2.5")]
    [InlineData(1e-6, "1e−6")]
    [InlineData(2.5e12, "2.5e12")]
    public void Numbers_as_people_write_them(double value, string text) => Assert.Equal(text, AxisScale.Text(value));

    [Fact]
    public void A_few_that_get_far_out_do_not_press_the_others_together()
    {
        double[] values = [.. Enumerable.Range(0, 97).Select(index => 1 + index / 100.0), 1e6, double.NaN, double.PositiveInfinity];
        var scale = MetricScale.Of(new MetricSpec("loss", MetricMode.Min), values, [1]);
        Assert.True(scale.IsClipped);
        Assert.InRange(scale.Axis.Max, 1.9, 2.2);
        Assert.True(scale.Shows(1));
        Assert.False(scale.Shows(1e6));
        // The better end is never cut: far out on that side is what is looked for.
        var good = MetricScale.Of(new MetricSpec("score", MetricMode.Max), values, [1e6]);
        Assert.True(good.Shows(1e6));
    }

    [Theory]
    [InlineData(.01, .5, true)]
    [InlineData(.4, .5, false)]
    [InlineData(-1, .5, false)]
    [InlineData(0, .5, false)]
    public void Logarithmic_where_positive_values_span_more_than_a_power_of_ten(double least, double most, bool isLog)
        => Assert.Equal(isLog, MetricScale.Of(new MetricSpec("loss", MetricMode.Min), [least, .45, most], []).Axis.IsLog);

    [Fact]
    public void An_accuracy_is_not_logarithmic_because_of_a_few_bad_trials()
        => Assert.False(MetricScale.Of(new MetricSpec("accuracy", MetricMode.Max), [.001, .5, .6, .7, .9], []).Axis.IsLog);

    [Fact]
    public void Any_values_give_an_axis()
        => Gen.Double.Array[0, 20].Sample(values =>
        {
            foreach (var mode in Enum.GetValues<MetricMode>())
            {
                var scale = MetricScale.Of(new MetricSpec("loss", mode), values, []);
                Assert.True(double.IsFinite(scale.Axis.Min) && double.IsFinite(scale.Axis.Max) && scale.Axis.Min < scale.Axis.Max, $"{scale}");
                Assert.All(values, value => Assert.True(double.IsNaN(value) || double.IsFinite(scale.At(value))));
            }
        });
}
