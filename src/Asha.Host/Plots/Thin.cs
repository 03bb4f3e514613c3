using SkiaSharp;

namespace Asha.Host.Plots;

/// <summary>Leaves out what could not be seen.</summary>
internal static class Thin
{
    /// <summary>Of the points that lie in one pixel column, the first, the lowest, the highest and the last: the line looks the same, and has at most four points a column.</summary>
    public static IReadOnlyList<SKPoint> ToPixels(IEnumerable<SKPoint> points)
    {
        var thin = new List<SKPoint>();
        var column = new List<SKPoint>();
        foreach (var point in points)
        {
            if (column.Count > 0 && MathF.Floor(point.X) != MathF.Floor(column[0].X))
                Flush();
            column.Add(point);
        }
        Flush();
        return thin;

        void Flush()
        {
            if (column.Count <= 4)
                thin.AddRange(column);
            else
            {
                var (low, high) = (column.MinBy(point => point.Y), column.MaxBy(point => point.Y));
                var (one, other) = column.IndexOf(low) < column.IndexOf(high) ? (low, high) : (high, low);
                thin.AddRange([column[0], one, other, column[^1]]);
            }
            column.Clear();
        }
    }
}
