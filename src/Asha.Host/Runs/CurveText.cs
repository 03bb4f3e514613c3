using Asha.Core.Experiments;
using Asha.Host.Cli;

namespace Asha.Host.Runs;

/// <summary>A learning curve in characters: for a look in a terminal; <c>asha plot</c> draws it properly.</summary>
internal static class CurveText
{
    private const int Width = 60, Height = 8;

    /// <summary>The lines of the chart, none where fewer than two points are finite. The resource is logarithmic, since the rungs' levels are, and so is a metric that spans more than a factor of ten.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<CurvePoint> curve, IReadOnlyList<double> levels, string resource, bool unicode)
    {
        var points = curve.Where(point => double.IsFinite(point.Metric)).ToArray();
        if (points.Length < 2)
            return [];
        var (low, high) = (points.Min(point => point.Metric), points.Max(point => point.Metric));
        Func<double, double> scaled = low > 0 && high / low > 10 ? Math.Log : value => value;
        var (left, right) = (points[0].Resource, points[^1].Resource);
        var cells = new bool[Height, Width];
        foreach (var point in points)
            cells[Row(point.Metric), Column(point.Resource)] = true;
        var labels = Enumerable.Range(0, Height).ToDictionary(row => row, _ => "");
        labels[0] = Output.Number(high);
        labels[Height - 1] = Output.Number(low);
        var margin = labels.Values.Max(label => label.Length);
        var (mark, side, corner, line, tick) = unicode ? ('•', '┤', '└', '─', '┴') : ('*', '|', '+', '-', '+');
        var lines = new List<string>();
        for (var row = 0; row < Height; row++)
            lines.Add($"  {labels[row].PadLeft(margin)} {side}{string.Concat(Enumerable.Range(0, Width).Select(column => cells[row, column] ? mark : ' '))}".TrimEnd());
        var (axis, numbers) = (new string(line, Width).ToCharArray(), new string(' ', Width + 12).ToCharArray());
        var free = 0;
        foreach (var level in levels.Where(level => level >= left && level <= right))
        {
            var column = Column(level);
            axis[column] = tick;
            var text = Output.Number(level);
            var from = Math.Max(0, column - text.Length / 2);
            if (from < free)
                continue;
            text.CopyTo(0, numbers, from, text.Length);
            free = from + text.Length + 1;
        }
        lines.Add($"  {new string(' ', margin)} {corner}{new string(axis)}");
        lines.Add($"  {new string(' ', margin)}  {new string(numbers).TrimEnd()} {resource}");
        return lines;

        int Row(double metric) => high == low ? Height / 2 : (int)Math.Round((scaled(high) - scaled(metric)) / (scaled(high) - scaled(low)) * (Height - 1));

        int Column(double value) => right == left ? 0 : (int)Math.Round(Math.Log(value / left) / Math.Log(right / left) * (Width - 1));
    }
}
