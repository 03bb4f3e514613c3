using System.Text.Json;

namespace Asha.Cluster.Tests.Harness;

/// <summary>A log of JSON objects, a line each: one that is none fails the test that reads it.</summary>
internal static class JsonLog
{
    public static IReadOnlyList<JsonElement> Read(string text)
    {
        var events = new List<JsonElement>();
        // The last line may be under way.
        foreach (var line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                using var parsed = JsonDocument.Parse(line);
                Assert.Equal(JsonValueKind.Object, parsed.RootElement.ValueKind);
                events.Add(parsed.RootElement.Clone());
            }
            catch (JsonException error)
            {
                Assert.Fail($"no JSON: {error.Message}\n{line}");
            }
        }
        return events;
    }

    /// <summary>The events with all of these properties.</summary>
    public static IReadOnlyList<JsonElement> With(this IReadOnlyList<JsonElement> events, params (string Name, object Value)[] properties)
        => [.. events.Where(happened => properties.All(property => happened.TryGetProperty(property.Name, out var value) && value.ToString() == $"{property.Value}"))];

    /// <summary>Its level, which the format leaves out where it is the usual one.</summary>
    public static string Level(this JsonElement happened) => happened.TryGetProperty("@l", out var level) ? level.GetString()! : "Information";

    public static string Words(this JsonElement happened) => happened.GetProperty("@m").GetString()!;
}
