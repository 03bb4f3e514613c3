using System.Globalization;
using System.IO.Compression;
using Asha.Core.Worlds;
using CsvHelper;
using CsvHelper.Configuration;

namespace Asha.Host.Scenarios;

/// <summary>
/// Reads a table of curves, a CSV file, or such a file gzipped (<c>.gz</c>). Its header says which form it has: with the columns <c>trial,resource,metric,seconds</c> it is <see cref="LongTable"/>, with columns <c>v1</c>, <c>v2</c> … <see cref="WideTable"/>.
/// </summary>
internal static class TableReader
{
    /// <summary>The most rows, and the most metrics of a table with a row for each trial.</summary>
    public const int MostRows = 5_000_000;

    private const int LongestField = 100_000;

    /// <returns>No table where there are mistakes.</returns>
    public static (CurveTable? Table, TableProblems Problems) Read(string path)
    {
        var problems = new TableProblems();
        try
        {
            using var file = RegularFile.Open(path);
            using var unpacked = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? (Stream)new GZipStream(file, CompressionMode.Decompress) : file;
            using var bytes = new TableStream(unpacked);
            using var reader = new StreamReader(bytes);
            using var csv = new CsvReader(reader, new CsvConfiguration(CultureInfo.InvariantCulture) { TrimOptions = TrimOptions.Trim, BadDataFound = null, MissingFieldFound = null, MaxFieldSize = LongestField });
            var rows = new TableRows(csv, bytes);
            if (Table(rows, problems) is { } table && problems.Count == 0)
                return (table, problems);
        }
        catch (MaxFieldSizeException)
        {
            problems.Add($"cannot be read: it has a value of more than {LongestField} characters; is there a quotation mark without its other half?");
        }
        catch (Exception wrong) when (wrong is IOException or InvalidDataException or UnauthorizedAccessException or CsvHelperException)
        {
            problems.Add($"cannot be read: {wrong.Message.Split('\n')[0]}");
        }
        return (null, problems);
    }

    private static CurveTable? Table(TableRows rows, TableProblems problems)
    {
        var csv = rows.Csv;
        var columns = rows.Read() && csv.ReadHeader() ? csv.HeaderRecord! : [];
        if (LongTable.Columns.All(columns.Contains))
            return LongTable.Read(rows, problems);
        if (!LongTable.Columns.Any(columns.Contains) && WideTable.Points(columns) is { Count: > 0 } points)
            return WideTable.Read(rows, points, problems);
        problems.Add($"must begin with a line that names the columns {string.Join(", ", LongTable.Columns)}, or, of a table with a row for each trial, v1, v2 and so on");
        return null;
    }

    /// <summary>A metric of a table, which may be <c>nan</c>, <c>inf</c> or <c>-inf</c>; <c>null</c>: it is none.</summary>
    public static double? Metric(string? text) => text?.ToLowerInvariant() switch
    {
        "nan" => double.NaN,
        "inf" or "+inf" or "infinity" or "+infinity" => double.PositiveInfinity,
        "-inf" or "-infinity" => double.NegativeInfinity,
        var number => double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null,
    };
}
