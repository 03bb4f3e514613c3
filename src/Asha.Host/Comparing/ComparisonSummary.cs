using System.Text.Json;
using System.Text.Json.Serialization;
using Asha.Host.Scenarios;

namespace Asha.Host.Comparing;

/// <summary>The figures of a scheduler over all seeds.</summary>
internal sealed record ContenderSummary(string Label, SimulationEstimates Summary);

/// <summary>How much more <c>of</c> has than <c>minus</c>, pair by pair.</summary>
internal sealed record DifferenceSummary(string Of, string Minus, SimulationEstimates Summary);

/// <summary>A draw that several schedulers met, on its way to a resource; <c>droppedAfter</c> in seconds, <c>null</c>: never; <c>metric</c> <c>null</c>: none, or not finite.</summary>
internal sealed record SharedDrawSummary(long Seed, int Trial, int Rung, int Attempt, double Resource, double Straggler, double? DroppedAfter, double? Metric, IReadOnlyList<string> Schedulers);

/// <summary>The draws that runs of a seed share; <c>list</c> has the first ones.</summary>
internal sealed record DrawsSummary(int Shared, int Different, IReadOnlyList<SharedDrawSummary> List);

/// <summary>Results that were never recorded, jobs that were not recorded so, and from when on the run is an estimate for it, in seconds; <c>null</c>: it is none.</summary>
internal sealed record UnknownSummary(int Results, int Jobs, double? From);

/// <summary>A comparison, as <c>compare --json</c> prints it.</summary>
internal sealed record ComparisonSummary(
    IReadOnlyList<SimulatedRunSummary> Runs, double? Target, IReadOnlyList<ContenderSummary> Summary, IReadOnlyList<DifferenceSummary> Differences, DrawsSummary Draws, string Headline, string? Report)
{
    /// <summary>Of a recorded run that was changed, what of it is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UnknownSummary? Unknown { get; init; }

    public static ComparisonSummary Of(Comparison comparison, string? report)
    {
        var labels = comparison.Labels;
        return new ComparisonSummary(
            [.. comparison.Runs.Select(run => run.Summary)], comparison.Target,
            [.. labels.Zip(comparison.Estimates, (label, estimates) => new ContenderSummary(label, estimates))],
            [.. labels.Skip(1).Zip(comparison.Differences, (label, estimates) => new DifferenceSummary(label, labels[0], estimates))],
            new DrawsSummary(comparison.Draws.Sum(draws => draws.Shared), comparison.Draws.Sum(draws => draws.Differences.Count),
                [.. comparison.Draws.SelectMany(draws => draws.List).Take(Comparison.MostListed).Select(draw => Of(draw, labels))]),
            string.Join(' ', Comparing.Headline.Of(comparison)), report);
    }

    public string ToJson() => JsonSerializer.Serialize(this, ComparisonJson.Default.ComparisonSummary);

    private static SharedDrawSummary Of(SharedDraw draw, IReadOnlyList<string> labels) => new(
        draw.Seed, draw.Key.Trial, draw.Key.Rung, draw.Key.Attempt, draw.Drawn.Target, draw.Drawn.Draw.Straggler, Finite(draw.Drawn.Draw.DroppedAfter), draw.Drawn.Metric is { } metric ? Finite(metric) : null, [.. draw.Runs.Select(run => labels[run])]);

    private static double? Finite(double number) => double.IsFinite(number) ? number : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ComparisonSummary))]
internal sealed partial class ComparisonJson : JsonSerializerContext;
