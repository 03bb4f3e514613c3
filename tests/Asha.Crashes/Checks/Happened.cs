using System.Text;
using System.Text.Json;

namespace Asha.Crashes.Checks;

/// <summary>An event as its line says it: read with nothing but JSON.</summary>
/// <param name="Kind">Its manifest without the version.</param>
/// <param name="Line">The line's number, from 1.</param>
internal sealed record Happened(string Kind, int Line, JsonElement Json)
{
    /// <summary>An engine's first word.</summary>
    public bool IsStart => Kind is "experiment-started" or "experiment-resumed";

    public int Trial => Int("trial");

    public int Attempt => Int("attempt");

    public int Rung => Int("rung");

    public double Resource => Number("resource");

    public double Metric => Number("metric");

    public int Int(string name) => Json.GetProperty(name).GetInt32();

    public double Number(string name) => Json.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : double.NaN;

    public string Text(string name) => Json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    public static IReadOnlyList<Happened> Read(IEnumerable<Entry> entries)
        => [.. entries.SelectMany(entry => Encoding.UTF8.GetString(entry.Lines).Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select((line, index) => Of(line, index + 1))];

    private static Happened Of(string line, int number)
    {
        var json = JsonDocument.Parse(line).RootElement;
        var manifest = json.GetProperty("event").GetString()!;
        return new Happened(manifest[..manifest.LastIndexOf('.')], number, json);
    }
}
