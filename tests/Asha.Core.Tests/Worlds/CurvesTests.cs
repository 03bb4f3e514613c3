using Asha.Core.Worlds;
using MathNet.Numerics.Statistics;

namespace Asha.Core.Tests.Worlds;

/// <summary>What the forms of made-up curves are for: early ranks that tell much of the final ones, or the opposite of them.</summary>
public sealed class CurvesTests
{
    private const int Trials = 2000;

    private static double[] At(MadeUpCurves curves, double resource, long seed = 7) => [.. Enumerable.Range(0, Trials).Select(trial => curves.Metric(seed, trial, 0, resource))];

    /// <summary>Spearman's, of all trials at a resource and at 64.</summary>
    private static double Ranks(MadeUpCurves curves, double resource) => Correlation.Spearman(At(curves, resource), At(curves, 64));

    [Fact]
    public void Power_laws_tell_early_and_crossing_curves_mislead()
    {
        var (easy, hard) = (new PowerLawCurves(0), new CrossingCurves(16, 0));
        // The table of docs/scenarios.md.
        Assert.Equal([.75, .95, .99], new[] { 1, 4, 16 }.Select(resource => Math.Round(Ranks(easy, resource), 2)));
        Assert.Equal([-.77, -.70, .24], new[] { 1, 4, 16 }.Select(resource => Math.Round(Ranks(hard, resource), 2)));
        // Far above the crossing they tell as much as any.
        Assert.InRange(Correlation.Spearman(At(hard, 1024), At(hard, 4096)), .95, 1);
    }

    [Fact]
    public void The_best_quarter_at_the_first_rung_holds_few_of_the_best_in_the_end()
    {
        double Kept(MadeUpCurves curves)
        {
            var (early, final) = (Best(At(curves, 1)), Best(At(curves, 64)));
            return early.Intersect(final).Count() / (double)final.Count;
        }
        static IReadOnlyList<int> Best(double[] losses) => [.. Enumerable.Range(0, Trials).OrderBy(trial => losses[trial]).Take(Trials / 4)];
        // Of chance alone it would be a quarter.
        Assert.True(Kept(new CrossingCurves(16, 0)) < .15, $"{Kept(new CrossingCurves(16, 0))}");
        Assert.True(Kept(new PowerLawCurves(0)) > .5, $"{Kept(new PowerLawCurves(0))}");
    }

    [Fact]
    public void Each_crossing_curve_falls_from_above_1_to_its_asymptote_and_passes_1_within_a_factor_of_two()
    {
        var curves = new CrossingCurves(16, 0);
        Assert.All(At(curves, 7.9), loss => Assert.True(loss > 1));
        Assert.All(At(curves, 32), loss => Assert.True(loss <= 1));
        Assert.All(Enumerable.Range(0, 100), trial => Assert.True(curves.Metric(7, trial, 0, 4) > curves.Metric(7, trial, 0, 5)));
        Assert.All(At(curves, 1e30), loss => Assert.InRange(loss, 0, 1.001));
        // Half of them have passed it at 16.
        Assert.InRange(At(curves, 16).Count(loss => loss <= 1) / (double)Trials, .5 - 5 * .5 / Math.Sqrt(Trials), .5 + 5 * .5 / Math.Sqrt(Trials));
    }

    [Fact]
    public void Noise_is_added_to_every_form_alike()
    {
        double Error(MadeUpCurves noisy, MadeUpCurves still, int trial) => noisy.Metric(7, trial, 2, 16) - still.Metric(7, trial, 2, 16);
        for (var trial = 0; trial < 100; trial++)
            Assert.Equal(Error(new PowerLawCurves(.1), new PowerLawCurves(0), trial), Error(new CrossingCurves(3, .1), new CrossingCurves(3, 0), trial), 12);
    }
}
