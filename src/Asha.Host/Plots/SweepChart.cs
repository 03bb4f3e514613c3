using Asha.Host.Scenarios;
using Asha.Host.Sweeping;

namespace Asha.Host.Plots;

/// <summary>A mean in a picture.</summary>
/// <param name="Place">Which of the values of the horizontal axis, from 0.</param>
/// <param name="Estimate">Scaled as it is shown; its mean is there.</param>
/// <param name="IsWhole">Whether every run had it.</param>
internal readonly record struct SweepPoint(int Place, Estimate Estimate, bool IsWhole);

/// <summary>One panel: what all keys are but that of the horizontal axis, and a line for each scheduler.</summary>
internal sealed record SweepPanel(string Title, AxisScale Y, IReadOnlyList<IReadOnlyList<SweepPoint>> Lines);

/// <summary>One figure of a sweep, ready to draw.</summary>
internal sealed record SweepChart
{
    /// <summary>More panels could not be told apart.</summary>
    private const int MostPanels = 48;

    /// <summary>More panels in a row would be too narrow; then they go on in the next row.</summary>
    private const int MostColumns = 5;

    public required Sweep Sweep { get; init; }

    public required SweepFigure Figure { get; init; }

    /// <summary>The key of the horizontal axis, and its values.</summary>
    public required (string Name, IReadOnlyList<string> Values) X { get; init; }

    public required int Columns { get; init; }

    public required IReadOnlyList<SweepPanel> Panels { get; init; }

    /// <returns><c>null</c>: no run has the figure, or there would be too many panels.</returns>
    public static SweepChart? Of(Sweep sweep, SweepFigure figure)
    {
        var axes = sweep.Axes;
        // A key with one value is no axis, unless there is no other.
        var x = Last(axes, axes.Count - 1) is >= 0 and var several ? several : axes.Count - 1;
        var across = Last(axes, x - 1);
        var groups = sweep.Cells.GroupBy(cell => string.Join(',', cell.Cell.Values.Where((_, axis) => axis != x))).Select(group => group.ToList()).ToList();
        if (groups.Count > MostPanels || !sweep.Cells.Any(cell => Points(cell).Any()))
            return null;
        var (names, count) = (SweepAxis.ShortNames(axes), across < 0 ? 1 : axes[across].Values.Count);
        return new SweepChart
        {
            Sweep = sweep,
            Figure = figure,
            X = (axes[x].Path, axes[x].Texts),
            Columns = count <= MostColumns ? count : MostColumns - 1,
            Panels = [.. groups.Select(Panel)],
        };

        SweepPanel Panel(List<SweptCell> group) => new(
            string.Join(", ", axes.Index().Where(axis => axis.Index != x && axis.Item.Values.Count > 1).Reverse().Select(axis => $"{names[axis.Index]} {axis.Item.Texts[group[0].Cell.Values[axis.Index]]}")),
            Scale(sweep.Cells.Where(cell => across < 0 || cell.Cell.Values[across] == group[0].Cell.Values[across]).SelectMany(Points)),
            [.. sweep.Labels.Select((_, contender) => (IReadOnlyList<SweepPoint>)[.. group.Select(cell => Point(cell, contender)).OfType<SweepPoint>()])]);

        IEnumerable<SweepPoint> Points(SweptCell cell) => sweep.Labels.Select((_, contender) => Point(cell, contender)).OfType<SweepPoint>();

        SweepPoint? Point(SweptCell cell, int contender)
        {
            var (of, scale) = (figure.Of(cell, contender), figure.Row.Scale);
            return of.Mean is { } mean && double.IsFinite(mean) ? new SweepPoint(cell.Cell.Values[x], of with { Mean = scale * mean, Low = scale * of.Low, High = scale * of.High }, figure.Had(cell, contender) == sweep.Seeds) : null;
        }
    }

    /// <summary>From 0, unless that would press everything together: panels of one scale can be compared.</summary>
    private static AxisScale Scale(IEnumerable<SweepPoint> points)
    {
        double[] all = [.. points.SelectMany(point => new[] { point.Estimate.Low ?? point.Estimate.Mean!.Value, point.Estimate.High ?? point.Estimate.Mean!.Value })];
        if (all.Length == 0)
            return new AxisScale(0, 1);
        var (low, high) = (all.Min(), all.Max());
        // A little below 0 there is room for dots that lie on it, and for intervals that cross it.
        return high > 0 && low > -.2 * high && (low < .7 * high || low == high) ? new AxisScale(Math.Min(low * 1.06, -.04 * high), high * 1.06) : AxisScale.Around(low, high).Padded(.06);
    }

    private static int Last(IReadOnlyList<SweepAxis> axes, int from)
    {
        while (from >= 0 && axes[from].Values.Count == 1)
            from--;
        return from;
    }
}
