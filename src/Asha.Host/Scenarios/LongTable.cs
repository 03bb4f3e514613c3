using System.Globalization;
using Asha.Core.Worlds;

namespace Asha.Host.Scenarios;

/// <summary>A table with a row for each trial and resource, in any order; <c>seconds</c> are those since the trial's previous row.</summary>
internal static class LongTable
{
    public static IReadOnlyList<string> Columns { get; } = ["trial", "resource", "metric", "seconds"];

    public static CurveTable? Read(TableRows table, TableProblems problems)
    {
        var rows = Rows(table, problems);
        return problems.Count == 0 ? Table(rows, problems) : null;
    }

    private static List<(int Trial, CurveRow Row, int Line)> Rows(TableRows table, TableProblems problems)
    {
        var csv = table.Csv;
        var rows = new List<(int, CurveRow, int)>();
        while (table.Read())
        {
            if (rows.Count == TableReader.MostRows)
            {
                problems.Add(FormattableString.Invariant($"has more than {TableReader.MostRows:#,0} rows"));
                break;
            }
            if (!int.TryParse(csv["trial"], NumberStyles.None, CultureInfo.InvariantCulture, out var trial))
                problems.Add(csv, "trial", "a whole number from 0");
            else if (!double.TryParse(csv["resource"], NumberStyles.Float, CultureInfo.InvariantCulture, out var resource) || !(double.IsFinite(resource) && resource > 0))
                problems.Add(csv, "resource", "a finite number above 0");
            else if (TableReader.Metric(csv["metric"]) is not { } metric)
                problems.Add(csv, "metric", "a number, nan, inf or -inf");
            else if (!decimal.TryParse(csv["seconds"], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) || seconds is < 0 or > 1_000_000_000)
                problems.Add(csv, "seconds", "a number from 0 to 1000000000");
            else
                rows.Add((trial, new CurveRow(resource, metric, seconds), csv.Parser.RawRow));
        }
        if (rows.Count == 0 && problems.Count == 0)
            problems.Add("has no rows");
        return rows;
    }

    private static CurveTable? Table(List<(int Trial, CurveRow Row, int Line)> rows, TableProblems problems)
    {
        var trials = rows.GroupBy(row => row.Trial).OrderBy(trial => trial.Key).Select(trial => trial.OrderBy(row => row.Row.Resource).ToArray()).ToArray();
        for (var number = 0; number < trials.Length; number++)
        {
            if (trials[number][0].Trial != number)
            {
                problems.Add($"has no row of trial {number}: trials are numbered from 0, without a gap");
                return null;
            }
            foreach (var (earlier, later) in trials[number].Zip(trials[number].Skip(1)))
            {
                if (earlier.Row.Resource == later.Row.Resource)
                    problems.Add($"line {later.Line}: trial {number} has a row at {later.Row.Resource:R} already, on line {earlier.Line}");
            }
        }
        return problems.Count > 0 ? null : new CurveTable(trials.Select(trial => trial.Select(row => row.Row)));
    }
}
