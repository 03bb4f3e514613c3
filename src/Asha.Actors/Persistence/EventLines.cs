using System.Buffers;
using System.Buffers.Text;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using Asha.Core.Experiments;

namespace Asha.Actors.Persistence;

/// <summary>
/// The lines of <c>events.jsonl</c>: one event a line, one flat object, which begins with its manifest and ends with the CRC-32 of all before it: <c>{"event":"trial-sampled.1","time":0.5,…,"check":"9ae0daaf"}</c>.
/// </summary>
public static class EventLines
{
    private static readonly AshaFormat Format = AshaFormat.Events;

    private const int CheckDigits = 8;

    /// <summary>The longest line there is says the experiment, whose file has 1 MiB at most; a file without line ends must not be held in memory.</summary>
    private const int LongestLine = 16 << 20;

    /// <summary>What one thread writes each event to, before its line is put together.</summary>
    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Bytes, Utf8JsonWriter Json)? _scratch;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _lines;

    /// <summary>The events' lines, ends included.</summary>
    public static byte[] Of(IReadOnlyList<ExperimentEvent> events)
    {
        var lines = _lines ??= new ArrayBufferWriter<byte>(16 * 1024);
        lines.ResetWrittenCount();
        for (var index = 0; index < events.Count; index++)
            Write(lines, events[index]);
        return lines.WrittenSpan.ToArray();
    }

    /// <summary>Writes the event's line, its end included.</summary>
    public static void Write(IBufferWriter<byte> target, ExperimentEvent happened)
    {
        var (bytes, json) = _scratch ??= NewScratch();
        bytes.ResetWrittenCount();
        json.Reset();
        Format.Write(json, happened);
        json.Flush();
        // Every event has a time, so the object is not empty: its brace gives way to ours.
        var manifest = AshaFormat.ManifestOf(happened);
        var body = bytes.WrittenSpan[1..^1];
        var line = target.GetSpan(Opening.Length + manifest.Length + 2 + body.Length + Closing.Length + CheckDigits + 3);
        Opening.CopyTo(line);
        var length = Opening.Length + Encoding.ASCII.GetBytes(manifest, line[Opening.Length..]);
        "\","u8.CopyTo(line[length..]);
        body.CopyTo(line[(length + 2)..]);
        length += 2 + body.Length;
        var check = Crc32.HashToUInt32(line[..length]);
        Closing.CopyTo(line[length..]);
        Utf8Formatter.TryFormat(check, line[(length + Closing.Length)..], out _, new StandardFormat('x', CheckDigits));
        "\"}\n"u8.CopyTo(line[(length + Closing.Length + CheckDigits)..]);
        target.Advance(length + Closing.Length + CheckDigits + 3);
    }

    /// <summary>Whether the line, without its end, is as it was written. One of a version that wrote no check is taken for it.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> line)
    {
        var end = line.Length - CheckDigits - 2 - Closing.Length;
        return end < 0 || !line[end..].StartsWith(Closing) || !line.EndsWith("\"}"u8)
            || (Utf8Parser.TryParse(line.Slice(end + Closing.Length, CheckDigits), out uint check, out var digits, 'x') && digits == CheckDigits && check == Crc32.HashToUInt32(line[..end]));
    }

    private static ReadOnlySpan<byte> Opening => "{\"event\":\""u8;

    private static ReadOnlySpan<byte> Closing => ",\"check\":\""u8;

    private static (ArrayBufferWriter<byte> Bytes, Utf8JsonWriter Json) NewScratch()
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        return (bytes, new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = AshaJson.Default.Options.Encoder, SkipValidation = true }));
    }

    /// <summary>Reads lines, each with its end, that must be as they were written.</summary>
    /// <exception cref="UnknownFormatException">One is not, or not of an event that this version knows.</exception>
    public static IEnumerable<ExperimentEvent> ReadIntact(ReadOnlyMemory<byte> lines) => Intact(lines).Select(line => Read(line.Span));

    /// <summary>Lines, each with its end, without their ends; they must be as they were written, and of events that this version knows.</summary>
    /// <exception cref="UnknownFormatException">One is not.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> Intact(ReadOnlyMemory<byte> lines)
    {
        for (int length; lines.Length > 0; lines = lines[(length + 1)..])
        {
            length = lines.Span.IndexOf((byte)'\n');
            if (length < 0)
                throw new UnknownFormatException("a line has no end");
            if (!IsIntact(lines.Span[..length]))
                throw new UnknownFormatException($"a line is not as it was written: {Encoding.UTF8.GetString(lines.Span[..Math.Min(length, 200)])}");
            if (ManifestOf(lines.Span[..length]) is var manifest && !Format.Knows(manifest))
                throw new UnknownFormatException($"'{manifest}' is not known to this version of Asha.");
            yield return lines[..length];
        }
    }

    /// <summary>Reads one line.</summary>
    /// <exception cref="UnknownFormatException">It is not the line of an event that this version knows.</exception>
    public static ExperimentEvent Read(ReadOnlySpan<byte> line)
    {
        var manifest = ManifestOf(line);
        return Format.Read(line, manifest) as ExperimentEvent ?? throw new UnknownFormatException($"'{manifest}' is no event.");
    }

    private static string ManifestOf(ReadOnlySpan<byte> line)
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
        return manifest ?? throw new UnknownFormatException("The line does not begin with its event.");
    }

    /// <summary>
    /// Reads a run's events in order. A last line without its end was being written when the run broke off: it never counted, and is left out.
    /// </summary>
    /// <exception cref="UnknownFormatException">A line is not of a known format; the message names it.</exception>
    public static IEnumerable<ExperimentEvent> ReadAll(string path)
    {
        var number = 0;
        foreach (var line in Lines(path))
            yield return Numbered(line.Span, path, ++number);
    }

    /// <summary>The first line, from 1, that is not as it was written; <c>null</c>: there is none.</summary>
    public static int? FirstAltered(string path)
    {
        var number = 0;
        foreach (var line in Lines(path))
        {
            number++;
            if (!IsIntact(line.Span))
                return number;
        }
        return null;
    }

    /// <summary>The lines without their ends; each is good until the next is asked for.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Lines(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var buffer = new byte[64 * 1024];
        var filled = 0;
        while (true)
        {
            var count = file.Read(buffer, filled, buffer.Length - filled);
            if (count == 0)
                yield break;
            filled += count;
            var start = 0;
            for (int length; (length = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n')) >= 0; start += length + 1)
                yield return buffer.AsMemory(start, length);
            filled -= start;
            buffer.AsSpan(start, filled).CopyTo(buffer);
            if (filled > LongestLine)
                throw new UnknownFormatException($"{path}: a line has more than {LongestLine >> 20} MiB");
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
