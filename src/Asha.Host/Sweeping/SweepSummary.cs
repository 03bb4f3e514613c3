using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Asha.Host.Comparing;
using Asha.Host.ExperimentFiles;
using Asha.Host.Scenarios;

namespace Asha.Host.Sweeping;

/// <summary>A scheduler in a combination: <c>summary</c> as <c>simulate --json</c> has it; in <c>bounded</c> a time that never came counts as the horizon.</summary>
internal sealed record SweptScheduler(string Label, SimulationEstimates Summary, SimulationEstimates Bounded);

/// <summary>A combination: the value of each swept key; <c>horizon</c> in seconds, <c>null</c> where times have no bound; differences seed by seed, bounded as well.</summary>
internal sealed record SweptCellSummary(IReadOnlyDictionary<string, JsonValue> Settings, double? Horizon, IReadOnlyList<SweptScheduler> Schedulers, IReadOnlyList<DifferenceSummary> Differences);

/// <summary>A sweep, as <c>sweep --json</c> prints it.</summary>
internal sealed record SweepSummary(IReadOnlyList<string> Keys, long FirstSeed, int Repetitions, double? Target, IReadOnlyList<SweptCellSummary> Cells, IReadOnlyList<string> Files)
{
    /// <param name="sweep">The sweep.</param>
    /// <param name="files">What was written.</param>
    public static SweepSummary Of(Sweep sweep, IReadOnlyList<string> files) => new(
        [.. sweep.Axes.Select(axis => axis.Path)], sweep.FirstSeed, sweep.Seeds, sweep.Target, [.. sweep.Cells.Select(cell => Of(sweep, cell))], files);

    public string ToJson() => JsonSerializer.Serialize(this, SweepJson.Default.SweepSummary);

    private static SweptCellSummary Of(Sweep sweep, SweptCell cell)
    {
        var labels = cell.Cell.Contenders.Select(contender => contender.Label).ToList();
        return new SweptCellSummary(
            sweep.Axes.Zip(cell.Cell.Values).ToDictionary(one => one.First.Path, one => Value(one.First.Values[one.Second], one.First.Texts[one.Second])),
            cell.Cell.Horizon?.TotalSeconds,
            [.. labels.Select((label, contender) => new SweptScheduler(label, cell.Estimates[contender], cell.BoundedEstimates[contender]))],
            [.. labels.Skip(1).Select((label, other) => new DifferenceSummary(label, labels[0], cell.BoundedDifferences[other]))]);
    }

    /// <summary>A number as such, everything else as it was written.</summary>
    private static JsonValue Value(YamlNode node, string text) => node is ScalarNode { Plain: true } && CoreSchema.KindOf(text) is ScalarKind.Integer or ScalarKind.Number && CoreSchema.Number(text) is var number && double.IsFinite(number)
        ? JsonValue.Create(number) : JsonValue.Create(text)!;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SweepSummary))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(string))]
internal sealed partial class SweepJson : JsonSerializerContext;
