using Asha.Host.Cli;
using Asha.Host.Plots;

namespace Asha.Host.Comparing;

/// <summary>The report's tables and texts.</summary>
internal static class ReportTables
{
    public static string Figures(Comparison comparison)
    {
        var table = ComparisonTable.Of(comparison);
        var caption = comparison.Seeds == 1 ? "One run each. The last columns are differences." : $"Means of {comparison.Seeds} seeds, below each its 95 % confidence interval (Student's t). The last columns are differences, taken seed by seed: where such an interval has 0 outside, more than chance is behind it.";
        return $"""
            <h2 class="part">Figures</h2>
            <table>
            <caption>{Text(caption)}</caption>
            <thead><tr>{string.Concat(table.Columns.Select(column => column.Length == 0 ? "<td></td>" : $"<th scope=\"col\">{Text(column)}</th>"))}</tr></thead>
            <tbody>
            {string.Concat(table.Rows.Select(row => $"<tr><th scope=\"row\">{Text(row.Name)}</th>{string.Concat(row.Cells.Select(cell => $"<td>{Text(cell.Value)}{(cell.Interval.Length > 0 ? $"<small>{Text(cell.Interval)}</small>" : "")}</td>"))}</tr>\n"))}</tbody>
            </table>

            """;
    }

    public static string Rungs(Comparison comparison)
    {
        var resource = comparison.Spec.Resource.Name;
        var rows = comparison.Shown.SelectMany(run => run.Summary.Rungs.GroupBy(rung => (rung.Bracket, rung.Level)).Select(rung => (run.Summary.Label, rung.Key.Bracket, rung.Key.Level, rung.Sum(one => one.Started), rung.Sum(one => one.Completed), rung.Sum(one => one.Promoted))));
        return $"""
            <h2 class="part">Rungs of the runs pictured</h2>
            <table>
            <thead><tr><th scope="col">scheduler</th><th scope="col">bracket</th><th scope="col">{Text(resource)}</th><th scope="col">started</th><th scope="col">completed</th><th scope="col">promoted</th></tr></thead>
            <tbody>
            {string.Concat(rows.Select(row => $"<tr><th scope=\"row\">{Text(row.Label!)}</th><td>{row.Bracket}</td><td>{Output.Number(row.Level)}</td><td>{row.Item4:#,0}</td><td>{row.Item5:#,0}</td><td>{row.Item6:#,0}</td></tr>\n"))}</tbody>
            </table>

            """;
    }

    public static string Words(ReportUses uses) => $"""
        <h2 class="part">Words</h2>
        <dl>
        <dt>SHA, ASHA</dt><dd>Successive halving trains many trials a little, keeps the best of each rung, 1 of so many as the reduction factor says, and trains these further. SHA waits at each rung for all of its results; ASHA promotes as soon as a trial is among the best so far.</dd>
        <dt>trial, job, slot</dt><dd>A configuration; its training up to the next rung; a place that runs one job at a time.</dd>
        {string.Concat(uses.Causes.Select(cause => $"<dt>{Text(TimelineChart.Words(cause))}</dt><dd>{Text(CauseWords.Meaning(cause))}</dd>\n"))}<dt>mispromotion</dt><dd>A trial was promoted that is not among the best of its rung in the end.</dd>
        </dl>

        """;

    public static string Notes(Comparison comparison)
    {
        var (title, paragraphs) = comparison.Words.Notes(comparison);
        return $"""
            <h2 class="part">{Text(title)}</h2>
            {string.Concat(paragraphs.Select(paragraph => $"<p class=\"note\">{Text(paragraph)}</p>\n"))}<p class="note">Drag over a chart to look closer, double-click to see all.</p>

            """;
    }

    private static string Text(string text) => ReportPage.Text(text);
}
