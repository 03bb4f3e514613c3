using System.Globalization;
using Asha.Host.Cli;
using Asha.Host.Scenarios;
using Spectre.Console;

namespace Asha.Host.Sweeping;

/// <summary>All combinations as a table: a row for each scheduler, and one for each difference from the first.</summary>
/// <param name="Columns">The swept keys, the scheduler, the figures.</param>
/// <param name="Rows">As many cells each; a key's value stands in the first row of the combination only.</param>
internal sealed record SweepTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    public static SweepTable Of(Sweep sweep) => new(
        [.. SweepAxis.ShortNames(sweep.Axes), "", .. sweep.Figures.Select(figure => figure.Row.Name)],
        [.. sweep.Cells.SelectMany(cell => Of(sweep, cell))]);

    public void WriteTo(IAnsiConsole console)
    {
        var table = Output.Table([.. Columns]);
        foreach (var row in Rows)
            table.Row([.. row]);
        console.Write(table);
    }

    /// <summary>As Markdown, each key's value in each row.</summary>
    public string ToMarkdown(int keys)
    {
        var (lines, last) = (new List<string> { Line(Columns), Line(Columns.Select(_ => "---")) }, new string[keys]);
        foreach (var row in Rows)
        {
            foreach (var (key, value) in row.Take(keys).Index().Where(one => one.Item.Length > 0))
                last[key] = value;
            lines.Add(Line([.. last, .. row.Skip(keys)]));
        }
        return string.Join('\n', lines) + "\n";
    }

    private static IEnumerable<IReadOnlyList<string>> Of(Sweep sweep, SweptCell cell)
    {
        string[] keys = [.. sweep.Axes.Zip(cell.Cell.Values, (axis, value) => axis.Texts[value])];
        string[] none = [.. keys.Select(_ => "")];
        for (var contender = 0; contender < sweep.Labels.Count; contender++)
            yield return [.. contender == 0 ? keys : none, cell.Cell.Contenders[contender].Label, .. sweep.Figures.Select(figure => Value(figure, cell, contender, sweep.Seeds))];
        for (var other = 1; other < sweep.Labels.Count; other++)
            yield return [.. none, $"{cell.Cell.Contenders[other].Label} − {cell.Cell.Contenders[0].Label}", .. sweep.Figures.Select(figure => Difference(figure.Row, cell.BoundedDifferences[other - 1], sweep.Seeds))];
    }

    private static string Value(SweepFigure figure, SweptCell cell, int contender, int seeds)
    {
        var (of, had) = (cell.BoundedEstimates[contender], figure.Had(cell, contender));
        if (figure.Row.Mean(of) is not { Length: > 0 } mean)
            return "none";
        var atLeast = figure.IsTime && had < figure.Of(cell, contender).Count ? "≥ " : "";
        return string.Create(CultureInfo.InvariantCulture, $"{atLeast}{mean}{Interval(figure.Row, of)}{(had < seeds ? $", {had} of {seeds} had it" : "")}");
    }

    private static string Difference(FigureRow row, SimulationEstimates of, int seeds)
    {
        var estimate = row.Of(of);
        if (estimate.Mean is not { } mean)
            return "";
        return string.Create(CultureInfo.InvariantCulture, $"{(mean > 0 ? "+" : "")}{row.Mean(of)}{Interval(row, of)}{(estimate.IsClear ? " *" : "")}{(estimate.Count < seeds ? $", {estimate.Count} of {seeds} pairs" : "")}");
    }

    private static string Interval(FigureRow row, SimulationEstimates of) => row.Interval(of) is { Length: > 0 } interval && row.Of(of) is var estimate && estimate.Low < estimate.High ? $" ({interval})" : "";

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells.Select(cell => Output.Clean(cell).Replace("\n", " ").Replace("|", "\\|")))} |";
}
