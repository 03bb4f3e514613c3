using Asha.Host.Cli;
using Asha.Host.Scenarios;
using Spectre.Console;

namespace Asha.Host.Comparing;

/// <summary>The schedulers side by side, and their paired differences, for a terminal and for the report.</summary>
/// <param name="Columns">The first is that of the figures' names.</param>
/// <param name="Rows">Of each figure its name, then a cell a column: what to show, and its interval, which may be empty.</param>
internal sealed record ComparisonTable(IReadOnlyList<string> Columns, IReadOnlyList<(string Name, IReadOnlyList<(string Value, string Interval)> Cells)> Rows)
{
    public static ComparisonTable Of(Comparison comparison)
    {
        var labels = comparison.Labels;
        var columns = comparison.Estimates.Concat(comparison.Differences).ToList();
        var rows = FigureRow.All(comparison.Spec, comparison.Target, comparison.IsAlike, [.. comparison.Estimates]);
        return new ComparisonTable(
            ["", .. labels, .. labels.Skip(1).Select(label => $"{label} − {labels[0]}")],
            [.. rows.Select(row => (row.Name, (IReadOnlyList<(string, string)>)[.. columns.Select((of, column) => Cell(row, of, comparison, isDifference: column >= labels.Count))]))]);
    }

    public void WriteTo(IAnsiConsole console)
    {
        var table = Output.Table([.. Columns]);
        foreach (var (name, cells) in Rows)
            table.Row([name, .. cells.Select(cell => cell.Interval.Length > 0 ? $"{cell.Value} ({cell.Interval})" : cell.Value)]);
        console.Write(table);
    }

    /// <summary>A mean says of how many runs it is where some lack the figure.</summary>
    private static (string Value, string Interval) Cell(FigureRow row, SimulationEstimates of, Comparison comparison, bool isDifference)
    {
        var (value, count) = (row.Mean(of), row.Of(of).Count);
        if (value.Length == 0)
            return (isDifference ? "" : "none", "");
        var sign = isDifference && row.Of(of).Mean > 0 ? "+" : "";
        var some = count < comparison.Seeds ? $" in {count} of {comparison.Seeds}" : "";
        return ($"{sign}{value}{some}", row.Interval(of));
    }
}
