using System.Text;
using System.Text.Json.Nodes;
using CsCheck;

namespace Asha.Untrusted;

/// <summary>Changes to what is valid: they come further into a reader than random bytes do.</summary>
internal static class Mutations
{
    /// <summary>In the place of any value of a JSON text.</summary>
    private static readonly string[] _values =
    [
        "null", "true", "0", "-1", "1", "2", "1e999", "-1e999", "1e-999", "0.1", "2147483647", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808", "99999999999999999999999999999999999999999",
        "79228162514264337593543950335", "922337203685", "922337203686", "1.5", "\"\"", "\"x\"", "\"NaN\"", "\"asha\"", "\"\\ud800\"", "\"\\u0000\"", "\"2020-99-99\"", "\"../../..\"", "\"/etc\"", "[]", "{}", "[null]", "[{}]", "[[]]",
        "{\"\":null}", "[1,2,3]", "{\"a\":1,\"a\":2}",
        new string('[', 70) + new string(']', 70), "1" + new string('0', 400), "0." + new string('0', 400) + "1", $"\"{new string('x', 100_000)}\"",
    ];

    private static readonly byte[][] _pieces =
    [
        [0], [0xC3], [0xFF], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80], "{"u8.ToArray(), "}"u8.ToArray(), "["u8.ToArray(), "]"u8.ToArray(), "\""u8.ToArray(), "\\"u8.ToArray(), "\\u"u8.ToArray(), "\\ud800"u8.ToArray(), ","u8.ToArray(), ":"u8.ToArray(),
        "\n"u8.ToArray(), "\r"u8.ToArray(), "-"u8.ToArray(), "1e999"u8.ToArray(), "NaN"u8.ToArray(), "-Infinity"u8.ToArray(), "null"u8.ToArray(), "\u2028"u8.ToArray(), "\uFEFF"u8.ToArray(),
        Encoding.UTF8.GetBytes(new string('[', 100)), Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 100))), Encoding.UTF8.GetBytes(new string('9', 1000)), Encoding.UTF8.GetBytes(new string('x', 70_000)),
    ];

    /// <summary>Bytes with one to four changes: flipped bits, bytes gone, doubled or moved, cut short, or a piece put in.</summary>
    public static Gen<byte[]> OfBytes(IReadOnlyList<byte[]> valid)
        => Gen.Select(Gen.Int[0, valid.Count - 1], Gen.Select(Gen.Int[0, 9], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Int[0, _pieces.Length - 1]).Array[1, 4])
            .Select((index, changes) => changes.Aggregate(valid[index], (bytes, change) => Changed(bytes, change.Item1, change.Item2, change.Item3, _pieces[change.Item4])));

    /// <summary>A JSON object with one to three changes: a value that is another, of another type or out of its range, a key that is gone, twice there, or another's.</summary>
    public static Gen<byte[]> OfJson(IReadOnlyList<byte[]> valid)
        => Gen.Select(Gen.Int[0, valid.Count - 1], Gen.Select(Gen.Int[0, 4], Gen.Double[0, 1], Gen.OneOfConst(_values)).Array[1, 3])
            .Select((index, changes) => Encoding.UTF8.GetBytes(changes.Aggregate(Encoding.UTF8.GetString(valid[index]), (text, change) => Changed(text, change.Item1, change.Item2, change.Item3))));

    private static byte[] Changed(byte[] bytes, int kind, double from, double to, byte[] piece)
    {
        var (at, end) = ((int)(from * bytes.Length), (int)(to * bytes.Length));
        var (low, high) = (Math.Min(at, end), Math.Min(Math.Max(at, end), Math.Min(at, end) + 30));
        switch (kind)
        {
            case 0 or 1 when at < bytes.Length:
                var flipped = bytes.ToArray();
                flipped[at] ^= (byte)(1 << (end % 8));
                return flipped;
            case 2:
                return [.. bytes[..low], .. bytes[high..]];
            case 3:
                return [.. bytes[..high], .. bytes[low..]];
            case 4:
                return bytes[..at];
            case 5 when bytes.Length < 1_000_000:
                return [.. bytes, .. bytes];
            default:
                return [.. bytes[..at], .. piece, .. bytes[at..]];
        }
    }

    private static string Changed(string text, int kind, double place, string value)
    {
        // Marks in the tree, replaced in the text: so also what a tree cannot hold, such as 1e999, gets in.
        const string mark = "\uE000", doubled = "\uE001";
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(text);
        }
        catch (Exception error) when (error is System.Text.Json.JsonException or ArgumentException or InvalidOperationException)
        {
            return text; // Two changes before it, it was JSON.
        }
        try
        {
            var nodes = Below(root).ToList();
            if (nodes.Count == 0)
                return text;
            var (parent, key) = nodes[(int)(place * (nodes.Count - 1))];
            if (parent is JsonObject map && key is string name)
            {
                if (kind == 0)
                    map.Remove(name);
                else if (kind == 1)
                    map[doubled] = mark;
                else
                    map[name] = mark;
                return map.Root.ToJsonString().Replace("\\uE001", name, StringComparison.Ordinal).Replace("\"\\uE000\"", value, StringComparison.Ordinal);
            }
            ((JsonArray)parent)[(int)key] = mark;
            return parent.Root.ToJsonString().Replace("\"\\uE000\"", value, StringComparison.Ordinal);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return text; // A key was there twice.
        }
    }

    private static IEnumerable<(JsonNode Parent, object Key)> Below(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(entry => Below(entry.Value).Prepend((map, entry.Key))),
        JsonArray list => Enumerable.Range(0, list.Count).SelectMany(index => Below(list[index]).Prepend((list, index))),
        _ => [],
    };
}
