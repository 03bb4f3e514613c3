using Asha.Core.Experiments;
using Asha.Host.Runs;

namespace Asha.Host.Tests.Cli;

/// <summary>A curve in characters.</summary>
public sealed class CurveTextTests
{
    private static IReadOnlyList<string> Draw(bool unicode, params (double Resource, double Metric)[] points)
        => CurveText.Of([.. points.Select(point => new CurvePoint(point.Resource, point.Metric, TimeSpan.Zero))], [1, 4, 16, 64], "epoch", unicode);

    [Fact]
    public void The_first_and_the_last_point_are_in_the_corners_and_levels_stand_below()
    {
        var lines = Draw(true, (1, .9), (4, .5), (64, .1));
        Assert.Equal(10, lines.Count);
        Assert.Equal("  0.9 ┤•", lines[0]);
        Assert.EndsWith("•", lines[7]);
        Assert.StartsWith("  0.1 ┤", lines[7]);
        Assert.Equal(lines[7].Length, lines[8].Length);
        Assert.Equal(["1", "4", "16", "64", "epoch"], lines[9].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Without_unicode_it_is_plain_ascii()
        => Assert.All(Draw(false, (1, .9), (64, .1)), line => Assert.All(line, character => Assert.InRange(character, ' ', '~')));

    [Fact]
    public void What_is_not_finite_leaves_a_gap_and_a_flat_or_single_point_does_no_harm()
    {
        Assert.Equal(10, Draw(true, (1, .9), (2, double.NaN), (3, double.PositiveInfinity), (64, .1)).Count);
        Assert.Equal(2, Draw(true, (1, .5), (64, .5)).Sum(line => line.Count(character => character == '•')));
        Assert.Empty(Draw(true, (1, .5)));
        Assert.Empty(Draw(true, (1, double.NaN), (2, double.NaN)));
        Assert.Empty(Draw(true));
    }
}
