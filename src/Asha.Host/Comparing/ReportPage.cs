using System.Net;
using Asha.Host.Cli;

namespace Asha.Host.Comparing;

/// <summary>A comparison as one page that needs nothing else: charts by its own script, and all of their figures as text for those who read without it.</summary>
internal static class ReportPage
{
    public static string Of(Comparison comparison)
    {
        var uses = new ReportUses(comparison);
        var headline = Headline.Of(comparison);
        var styles = ReportAssets.Styles + string.Concat(uses.All.Select((use, index) => $".use-{index}{{background:{use.Color}}}\n")) + string.Concat(comparison.Labels.Select((_, run) => $".run-{run}{{color:{Plots.Palette.Hex(Plots.Palette.LineOf(run))}}}\n"));
        var name = comparison.Spec.Name;
        // Nothing may be fetched or sent, and nothing run or applied but what is in here.
        var policy = $"default-src 'none'; script-src {ReportAssets.Source(ReportAssets.Script)}; style-src {ReportAssets.Source(styles)}; img-src data:; base-uri 'none'; form-action 'none'";
        return $"""
            {ReportFile.Mark}
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{policy}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Text($"{name}: {string.Join(" and ", comparison.Labels)} compared")}</title>
            <style>{styles}</style>
            </head>
            <body>
            <header>
            <h1>{Text(headline[0])}</h1>
            <p>{Text(string.Join(' ', headline.Skip(1)))}</p>
            <p class="meta">{Text(comparison.Words.World(comparison))}</p>
            </header>
            <main>
            {ReportParts.Legend(uses, comparison)}
            {string.Concat(comparison.Shown.Select((run, index) => ReportParts.Timeline(run, index, uses, comparison)))}
            {ReportParts.Chart("utilization", "Slots busy, over time", $"Share of the slots that train{ReportParts.OverSeeds(comparison)}. A line ends where half of the runs are over.", comparison)}
            <noscript><p>The charts need the script in this file; the tables below have their figures.</p></noscript>
            {ReportParts.Chart("best", $"Best {comparison.Spec.Metric.Name} so far, over time", $"Of any rung{ReportParts.OverSeeds(comparison)}. After a run's end it stays.", comparison)}
            {ReportParts.Chart("trained", "Trials fully trained, over time", $"How many have a result in the top rung{ReportParts.OverSeeds(comparison)}.", comparison)}
            {ReportTables.Figures(comparison)}
            {ReportTables.Rungs(comparison)}
            {ReportTables.Words(uses)}
            {ReportTables.Notes(comparison)}
            </main>
            <div id="tip" role="tooltip" hidden></div>
            <script type="application/json" id="data">{ReportData.Of(comparison, uses).ToJson()}</script>
            <script>{ReportAssets.Script}</script>
            <!-- The charts are drawn with uPlot.
            {ReportAssets.Licence}
            -->
            </body>
            </html>

            """;
    }

    /// <summary>A text as HTML; no line breaks before a percent sign or around ±.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(Output.Clean(text).Replace(" %", "\u00a0%", StringComparison.Ordinal).Replace(" ± ", "\u00a0±\u00a0", StringComparison.Ordinal));
}
