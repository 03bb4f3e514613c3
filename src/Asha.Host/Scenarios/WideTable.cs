using System.Globalization;
using Asha.Core.Worlds;

namespace Asha.Host.Scenarios;

/// <summary>
/// A table with a row for each trial, numbered from 0 as they stand, and a column <c>v7</c> for the metric at resource 7. <c>v0</c>, before any training, and all other columns are skipped. It has no seconds: the world says how long a unit takes.
/// </summary>
internal static class WideTable
{
    /// <summary>The columns with metrics and their resources, by rising resource.</summary>
    public static IReadOnlyList<(string Column, double Resource)> Points(IEnumerable<string> columns) => [..
        from column in columns.Distinct()
        where column.StartsWith('v')
        let resource = double.TryParse(column.AsSpan(1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value : 0
        where resource > 0 && double.IsFinite(resource)
        orderby resource
        select (column, resource)];

    public static CurveTable? Read(TableRows table, IReadOnlyList<(string Column, double Resource)> points, TableProblems problems)
    {
        foreach (var (earlier, later) in points.Zip(points.Skip(1)).Where(pair => pair.First.Resource == pair.Second.Resource))
            problems.Add($"has two columns for the same resource, {earlier.Column} and {later.Column}");
        var csv = table.Csv;
        var trials = new List<CurveRow[]>();
        while (table.Read())
        {
            if ((trials.Count + 1L) * points.Count > TableReader.MostRows)
            {
                problems.Add(FormattableString.Invariant($"has more than {TableReader.MostRows:#,0} metrics"));
                break;
            }
            var curve = new CurveRow[points.Count];
            for (var point = 0; point < points.Count; point++)
            {
                var (column, resource) = points[point];
                if (TableReader.Metric(csv[column]) is { } metric)
                    curve[point] = new CurveRow(resource, metric, 0);
                else
                    problems.Add(csv, column, "a number, nan, inf or -inf");
            }
            trials.Add(curve);
        }
        if (trials.Count == 0)
            problems.Add("has no rows");
        return problems.Count > 0 ? null : new CurveTable(trials) { HasSeconds = false };
    }
}
