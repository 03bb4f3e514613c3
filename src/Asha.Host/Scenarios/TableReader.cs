using System.Globalization;
using Asha.Core.Worlds;
using Asha.Host.ExperimentFiles;
using CsvHelper;
using CsvHelper.Configuration;

namespace Asha.Host.Scenarios;

/// <summary>
/// Reads a table of curves: a CSV file with the columns <c>trial,resource,metric,seconds</c>, rows in any order; <c>seconds</c> are those since the trial's previous row. A metric may be <c>nan</c>, <c>inf</c> or <c>-inf</c>.
/// </summary>
internal static class TableReader
{
    private const int MostShown = 20;
    private static readonly string[] _columns = ["trial", "resource", "metric", "seconds"];

    /// <returns><c>null</c> where there are mistakes: they are told at <paramref name="field"/>.</returns>
    public static CurveTable? Read(string path, Field field)
    {
        var problems = new List<string>();
        try
        {
            using var reader = new StreamReader(path);
            using var csv = new CsvReader(reader, new CsvConfiguration(CultureInfo.InvariantCulture) { TrimOptions = TrimOptions.Trim, BadDataFound = null, MissingFieldFound = null });
            var rows = Rows(csv, problems);
            if (problems.Count == 0 && Table(rows, problems) is { } table)
                return table;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or CsvHelperException)
        {
            problems.Add($"cannot be read: {wrong.Message.Split('\n')[0]}");
        }
        foreach (var problem in problems.Take(MostShown))
            field.Wrong(problem);
        if (problems.Count > MostShown)
            field.Wrong($"and {problems.Count - MostShown} mistakes more");
        return null;
    }

    private static List<(int Trial, CurveRow Row, int Line)> Rows(CsvReader csv, List<string> problems)
    {
        var rows = new List<(int, CurveRow, int)>();
        if (!csv.Read() || !csv.ReadHeader() || !_columns.All(csv.HeaderRecord!.Contains))
        {
            problems.Add($"must begin with a line that names the columns {string.Join(", ", _columns)}");
            return rows;
        }
        while (csv.Read())
        {
            var line = csv.Parser.RawRow;
            if (!int.TryParse(csv["trial"], NumberStyles.None, CultureInfo.InvariantCulture, out var trial))
                problems.Add(Wrong(line, "trial", csv, "a whole number from 0"));
            else if (!double.TryParse(csv["resource"], NumberStyles.Float, CultureInfo.InvariantCulture, out var resource) || !(double.IsFinite(resource) && resource > 0))
                problems.Add(Wrong(line, "resource", csv, "a finite number above 0"));
            else if (Metric(csv["metric"]) is not { } metric)
                problems.Add(Wrong(line, "metric", csv, "a number, nan, inf or -inf"));
            else if (!decimal.TryParse(csv["seconds"], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) || seconds is < 0 or > 1_000_000_000)
                problems.Add(Wrong(line, "seconds", csv, "a number from 0 to 1000000000"));
            else
                rows.Add((trial, new CurveRow(resource, metric, seconds), line));
        }
        if (rows.Count == 0 && problems.Count == 0)
            problems.Add("has no rows");
        return rows;
    }

    private static string Wrong(int line, string column, CsvReader csv, string what) => $"line {line}: {column} must be {what}, but is '{YamlText.Shown(csv[column] ?? "")}'";

    private static double? Metric(string? text) => text?.ToLowerInvariant() switch
    {
        "nan" => double.NaN,
        "inf" or "+inf" or "infinity" or "+infinity" => double.PositiveInfinity,
        "-inf" or "-infinity" => double.NegativeInfinity,
        var number => double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null,
    };

    private static CurveTable? Table(List<(int Trial, CurveRow Row, int Line)> rows, List<string> problems)
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
