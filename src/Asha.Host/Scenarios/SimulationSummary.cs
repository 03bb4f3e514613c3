using System.Text.Json;
using System.Text.Json.Serialization;

namespace Asha.Host.Scenarios;

/// <summary>All runs of a scenario.</summary>
/// <param name="Runs">Seed by seed.</param>
/// <param name="Target">The metric that was to be reached, where there is one.</param>
internal sealed record SimulationSummary(IReadOnlyList<SimulatedRunSummary> Runs, double? Target)
{
    public SimulationEstimates Summary { get; } = SimulationEstimates.Of(Runs);

    /// <summary>Every run failed.</summary>
    public bool HasFailed => Runs.All(run => run.Outcome == "failed");

    public string ToJson() => JsonSerializer.Serialize(this, SimulationJson.Default.SimulationSummary);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SimulationSummary))]
internal sealed partial class SimulationJson : JsonSerializerContext;
