using System.Globalization;
using Asha.Core.Utilization;
using Asha.Host.Plots;

namespace Asha.Host.Comparing;

/// <summary>The report's pictures with what is said beside them.</summary>
internal static class ReportParts
{
    public static string OverSeeds(Comparison comparison) => comparison.Seeds switch
    {
        1 => "",
        2 => ": median of 2 seeds",
        var seeds => $": median of {seeds} seeds, and the band in which 80 % of them are",
    };

    public static string Legend(ReportUses uses, Comparison comparison)
    {
        var jobs = uses.All.Index().Where(use => use.Item.Rung is not null).ToList();
        var isOneRow = comparison.Shown.All(run => run.Detail!.Spans is not null);
        var bar = isOneRow ? "A row is a slot; a bar is a job, with its trial's number" : "Height is the number of slots";
        var cut = isOneRow && comparison.Shown.Any(run => run.Detail!.Spans!.Any(span => span.WithoutResult)) ? "<li><i class=\"swatch hatched\"></i>no result: failed, or cut by the end</li>" : "";
        return $"""
            <ul class="legend" aria-label="Colours">
            <li>{bar}:</li>
            {string.Concat(jobs.Select(use => $"<li><i class=\"swatch use-{use.Index}\"></i>{Text(use.Item.Name)}</li>\n"))}{cut}
            {string.Concat(uses.Causes.Select(cause => $"<li><i class=\"swatch use-{uses.IndexOf(cause)}\"></i>{Text(uses.All[uses.IndexOf(cause)].Name)}</li>\n"))}<li>dashed: end of the run</li>
            </ul>
            """;
    }

    public static string Timeline(ObservedRun run, int index, ReportUses uses, Comparison comparison)
    {
        var summary = run.Summary;
        var idle = uses.Causes.Select(cause => (Cause: cause, Share: summary.IdleShare(cause.Name()))).Where(one => one.Share > 0).OrderByDescending(one => one.Share).ToList();
        var causes = idle.Select(one => $"<li><i class=\"swatch use-{uses.IndexOf(one.Cause)}\"></i>{Text($"{Share(one.Share)} {TimelineChart.Words(one.Cause)}")}</li>\n");
        var spoken = $"{summary.Label}: what each slot did. {Share(summary.Utilization)} busy. Idle: {(idle.Count == 0 ? "never" : string.Join(", ", idle.Select(one => $"{TimelineChart.Words(one.Cause)} {Share(one.Share)}")))}.";
        var mean = comparison.Seeds > 1 ? $" (mean of {comparison.Seeds} seeds {Share(comparison.Estimates[index].Utilization.Mean ?? 0)})" : "";
        return $"""
            <section class="row">
            <div>
            <h2>{Text(summary.Label!)}</h2>
            <p class="busy">{Share(summary.Utilization)} <small>busy</small></p>
            <ul aria-label="Idle by cause">
            {string.Concat(causes)}</ul>
            <p class="meta">{Text($"{PlottedRun.Count(summary.Trials, "trial")}, {summary.FullyTrained:#,0} fully trained, in {ShortTime.Of(summary.EndTime)}{mean}")}</p>
            </div>
            <div id="timeline-{index}" role="img" aria-label="{Text(spoken)}"></div>
            </section>

            """;
    }

    public static string Chart(string id, string title, string note, Comparison comparison) => $"""
        <section class="row">
        <div>
        <h2>{Text(title)}</h2>
        <ul>
        {string.Concat(comparison.Labels.Select((label, run) => $"<li><i class=\"line run-{run}{(run % 2 == 0 ? " dashed" : "")}\"></i>{Text(label)}</li>\n"))}</ul>
        <p class="meta">{Text(note)}</p>
        </div>
        <div id="{id}" role="img" aria-label="{Text($"{title}. {note} The table has the figures at the end.")}"></div>
        </section>

        """;

    private static string Share(double share) => share is > 0 and < .0005 ? "< 0.1 %" : share == 1 ? "100 %" : $"{(100 * share).ToString("0.0", CultureInfo.InvariantCulture)} %";

    private static string Text(string text) => ReportPage.Text(text);
}
