using System.Buffers;
using System.Text;
using System.Text.Json;
using Asha.Core.Experiments;

namespace Asha.Actors.Persistence;

/// <summary>The lines of <c>events.jsonl</c>: one event a line, one flat object, which begins with its manifest: <c>{"event":"trial-sampled.1","time":0.5,…}</c>.</summary>
public static class EventLines
{
    private static readonly AshaFormat Format = AshaFormat.Events;

    /// <summary>What one thread writes each event to, before its line is put together.</summary>
    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Bytes, Utf8JsonWriter Json)? _scratch;

    /// <summary>Writes the event's line, its end included.</summary>
    public static void Write(IBufferWriter<byte> target, ExperimentEvent happened)
    {
        var (bytes, json) = _scratch ??= NewScratch();
        bytes.ResetWrittenCount();
        json.Reset();
        Format.Write(json, happened);
        json.Flush();
        target.Write("{\"event\":\""u8);
        Encoding.ASCII.GetBytes(AshaFormat.ManifestOf(happened), target);
        target.Write("\","u8);
        // Every event has a time, so the object that follows is not empty: its brace gives way to ours.
        target.Write(bytes.WrittenSpan[1..]);
        target.Write("\n"u8);
    }

    private static (ArrayBufferWriter<byte> Bytes, Utf8JsonWriter Json) NewScratch()
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        return (bytes, new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = AshaJson.Default.Options.Encoder, SkipValidation = true }));
    }

    /// <summary>Reads one line.</summary>
    /// <exception cref="UnknownFormatException">It is not the line of an event that this version knows.</exception>
    public static ExperimentEvent Read(ReadOnlySpan<byte> line)
    {
        string? manifest = null;
        try
        {
            var reader = new Utf8JsonReader(line);
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject && reader.Read() && reader.ValueTextEquals("event"u8) && reader.Read())
                manifest = reader.GetString();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new UnknownFormatException($"The line is no JSON object: {error.Message}");
        }
        return Format.Read(line, manifest ?? throw new UnknownFormatException("The line does not begin with its event.")) as ExperimentEvent
            ?? throw new UnknownFormatException($"'{manifest}' is no event.");
    }

    /// <summary>
    /// Reads a run's events in order. A last line without its end was being written when the run broke off: it never counted, and is left out.
    /// </summary>
    /// <exception cref="UnknownFormatException">A line is not of a known format; the message names it.</exception>
    public static IEnumerable<ExperimentEvent> ReadAll(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var buffer = new byte[64 * 1024];
        var (filled, number) = (0, 0);
        while (true)
        {
            var count = file.Read(buffer, filled, buffer.Length - filled);
            if (count == 0)
                yield break;
            filled += count;
            var start = 0;
            for (int length; (length = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n')) >= 0; start += length + 1)
                yield return Numbered(buffer.AsSpan(start, length), path, ++number);
            filled -= start;
            buffer.AsSpan(start, filled).CopyTo(buffer);
            if (filled == buffer.Length)
                Array.Resize(ref buffer, 2 * buffer.Length);
        }
    }

    private static ExperimentEvent Numbered(ReadOnlySpan<byte> line, string path, int number)
    {
        try
        {
            return Read(line);
        }
        catch (UnknownFormatException unknown)
        {
            throw new UnknownFormatException($"{path}, line {number}: {unknown.Message}");
        }
    }
}
