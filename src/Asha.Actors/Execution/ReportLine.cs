using System.Text.Json;
using System.Text.Unicode;
using Asha.Core.Experiments;

namespace Asha.Actors.Execution;

/// <summary>
/// What one line of a trial's standard output means (docs/trial-protocol.md): a report, a report that is rejected, or log.
/// Any bytes are taken; nothing makes it throw.
/// </summary>
public static class ReportLine
{
    /// <summary>The longest line that is read as a report, the prefix included, the newline not.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>Objects and lists may lie so deep in each other, the report itself included.</summary>
    public const int MaxDepth = 64;

    /// <summary>How a report line begins.</summary>
    public static ReadOnlySpan<byte> Prefix => "@asha "u8;

    /// <summary>The report, perhaps a rejected one (<see cref="TrialReport.Problem"/>); <c>null</c>: the line is log.</summary>
    /// <param name="line">The line without its newline.</param>
    public static TrialReport? Parse(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith(Prefix))
            return null;
        if (line.Length > MaxLength)
            return TrialReport.Rejected("longer than 64 KiB");
        if (!Utf8.IsValid(line))
            return TrialReport.Rejected("not UTF-8");
        var text = line[Prefix.Length..];
        try
        {
            return Read(text, PythonNumbers.Masked(text));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The reader's own words name byte offsets and its options: of no use to the author of a training script.
            // InvalidOperationException is its answer to a text with half a surrogate pair.
            return TrialReport.Rejected("not one JSON object");
        }
    }

    /// <param name="text">As written.</param>
    /// <param name="masked">The same, strict JSON where it was Python's, each byte at its place.</param>
    private static TrialReport Read(ReadOnlySpan<byte> text, ReadOnlySpan<byte> masked)
    {
        var reader = new Utf8JsonReader(masked, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return TrialReport.Rejected("not one JSON object");

        double? resource = null, metric = null;
        string? checkpoint = null, problem = null;
        var seen = new HashSet<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            if (!seen.Add(key))
                problem ??= "a key occurs twice";
            reader.Read();
            var written = text[(int)reader.TokenStartIndex..];
            problem ??= key switch
            {
                "resource" => Resource(ref reader, written, out resource),
                "metric" => Metric(ref reader, written, out metric),
                "checkpoint" => Checkpoint(ref reader, out checkpoint),
                _ => null,
            };
            reader.Skip();
        }
        // Whatever follows the object is read too: it makes the reader throw.
        while (reader.Read()) { }

        problem ??= resource is null ? "resource is missing" : metric is null ? "metric is missing" : null;
        return problem is null ? new TrialReport(resource!.Value, metric!.Value, checkpoint) : TrialReport.Rejected(problem);
    }

    private static string? Resource(ref Utf8JsonReader reader, ReadOnlySpan<byte> written, out double? value)
    {
        value = null;
        if (reader.TokenType != JsonTokenType.Number)
            return "resource is not a number";
        value = PythonNumbers.Value(written) ?? Number(ref reader);
        return double.IsFinite(value.Value) && value > 0 ? null : "resource is not a finite number above 0";
    }

    private static string? Metric(ref Utf8JsonReader reader, ReadOnlySpan<byte> written, out double? value)
    {
        value = reader.TokenType switch
        {
            JsonTokenType.Number => PythonNumbers.Value(written) ?? Number(ref reader),
            JsonTokenType.Null => double.NaN,
            JsonTokenType.String => PythonNumbers.Quoted(reader.GetString()!),
            _ => null,
        };
        return value is null ? "metric is not a number" : null;
    }

    /// <summary>A number too large for a double is infinite, as Python reads it.</summary>
    private static double Number(ref Utf8JsonReader reader)
        => reader.TryGetDouble(out var value) ? value : double.PositiveInfinity;

    /// <summary>What is wrong with the path of a checkpoint by itself; <c>null</c>: nothing. Whether it exists, and where links lead, is the runner's to look at.</summary>
    public static string? CheckpointProblem(string path) => path switch
    {
        "" => "checkpoint is empty",
        _ when path.Contains('\0') => "checkpoint holds a NUL",
        _ when path[0] == '/' => "checkpoint is not relative to its folder",
        _ when path.Split('/').Contains("..") => "checkpoint leaves its folder",
        _ => null,
    };

    private static string? Checkpoint(ref Utf8JsonReader reader, out string? path)
    {
        path = null;
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.String)
            return "checkpoint is not a text";
        path = reader.GetString()!;
        return CheckpointProblem(path);
    }
}
