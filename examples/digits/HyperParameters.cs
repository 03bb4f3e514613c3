using System.Text.Json;

namespace Asha.Examples.Digits;

/// <summary>
/// The values that the tuner searches over; <c>digits.yaml</c> says from which ranges. The momentum is of <c>sgd</c> alone: the
/// tuner leaves it out where the optimizer is <c>adam</c>.
/// </summary>
internal sealed record HyperParameters(
    double LearningRate, int Hidden, string Optimizer, double Momentum, int BatchSize, double WeightDecay)
{
    /// <summary>Reads the file that <c>ASHA_PARAMS_FILE</c> names: one JSON object, parameter name → value.</summary>
    public static HyperParameters Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var given = document.RootElement;
        return new HyperParameters(
            Needed("learning-rate").GetDouble(),
            Needed("hidden").GetInt32(),
            Needed("optimizer").GetString()!,
            given.TryGetProperty("momentum", out var momentum) ? momentum.GetDouble() : 0,
            Needed("batch-size").GetInt32(),
            Needed("weight-decay").GetDouble());

        JsonElement Needed(string name) => given.TryGetProperty(name, out var value)
            ? value
            : throw new InvalidDataException($"{path} lacks '{name}'.");
    }
}
