using System.Text.Json;
using System.Text.Json.Serialization;
using Asha.Host.Plots;

namespace Asha.Host.Comparing;

/// <summary>Figures over time of one scheduler.</summary>
internal sealed record ReportLines(string Label, string Color, ReportSeries Utilization, ReportSeries Best, ReportSeries Trained);

/// <summary>What the report's script draws, as JSON inside the page; times in seconds.</summary>
/// <param name="Until">The end of the time axis.</param>
/// <param name="Times">Those of the points of best and trained.</param>
/// <param name="BinTimes">Those of utilization.</param>
/// <param name="Log">Whether the metric spans so much that its axis is logarithmic.</param>
internal sealed record ReportData(
    double Until, string Metric, string Resource, double? Target, bool Log, IReadOnlyList<ReportUse> Uses, IReadOnlyList<ReportTimeline> Timelines, IReadOnlyList<double> Times, IReadOnlyList<double> BinTimes, IReadOnlyList<ReportLines> Lines)
{
    /// <summary>Runs of other seeds may take longer than the ones shown; not so much more that these become small.</summary>
    private const double Beyond = 1.25;

    public static ReportData Of(Comparison comparison, ReportUses uses)
    {
        var spec = comparison.Spec;
        var shown = comparison.Shown.Max(run => run.Summary.EndTime);
        var until = Math.Max(Math.Min(comparison.Runs.Max(run => run.Summary.EndTime), Beyond * shown), 1e-6);
        var lines = comparison.Labels.Select((label, contender) =>
        {
            var runs = comparison.RunsOf(contender).ToList();
            return new ReportLines(label, Palette.LineOf(contender).Hex(), ReportSeries.Utilization(runs, until), ReportSeries.Best(runs, spec.Metric, until), ReportSeries.Trained(runs, until));
        }).ToList();
        var metrics = lines.SelectMany(line => line.Best.Middle.Concat(line.Best.Low).Concat(line.Best.High)).OfType<double>().ToList();
        var isLogarithmic = metrics.Count > 0 && metrics.Min() > 0 && metrics.Max() > 10 * metrics.Min();
        return new ReportData(
            until, spec.Metric.Name, spec.Resource.Name, comparison.Target, isLogarithmic, uses.All, [.. comparison.Shown.Select(run => ReportTimeline.Of(run, uses, until))], ReportSeries.Times(until), ReportSeries.BinTimes(until), lines);
    }

    /// <summary>Safe inside a page: the writer escapes what HTML would read.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.ReportData);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReportData))]
internal sealed partial class ReportJson : JsonSerializerContext;
