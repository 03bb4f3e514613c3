using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Asha.Host.Cli;

/// <summary>
/// A trial's log on its way to a reader, line by line: only the lines of one attempt where that is wanted, and clean unless the bytes themselves are wanted. Clean text has no control characters: escape sequences
/// are taken out, and where a progress bar went back to the start of its line, a new line begins.
/// </summary>
/// <param name="target">Where to.</param>
/// <param name="attempt">The one attempt; <c>null</c>: all.</param>
/// <param name="isRaw">Bytes as they are.</param>
/// <param name="isOfNodes">It is put together from what several nodes have, whose lines may alternate: each stands below a line that names the node.</param>
internal sealed partial class LogText(Stream target, int? attempt, bool isRaw, bool isOfNodes = false)
{
    private readonly ArrayBufferWriter<byte> _open = new();

    /// <summary>Of each node whether its lines are of another attempt.</summary>
    private readonly Dictionary<string, bool> _isOther = [];
    private string _node = "";

    /// <summary>The line that names the node, while nothing of it was let through.</summary>
    private byte[] _heading = [];

    /// <summary>The one attempt; <c>null</c>: all.</summary>
    public int? Attempt => attempt;

    /// <summary>Whether anything of the one attempt was let through.</summary>
    public bool HasWritten { get; private set; }

    /// <summary>Takes the next bytes; what follows the last end of a line waits for the rest of it.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        for (int end; (end = bytes.IndexOfAny((byte)'\n', (byte)'\r')) >= 0; bytes = bytes[(end + 1)..])
        {
            if (bytes[end] == '\r' && end + 1 == bytes.Length)
                break; // The end of the line may have two parts.
            if (bytes[end] == '\r' && bytes[end + 1] == '\n')
                end++;
            _open.Write(bytes[..(end + 1)]);
            End();
        }
        _open.Write(bytes);
    }

    /// <summary>Nothing comes any more, or nothing for now: a line without its end is written as well.</summary>
    public void End()
    {
        var line = _open.WrittenSpan;
        if (attempt is null)
            Show(line);
        else if (isOfNodes && line.StartsWith("=== on "u8) && NodeHeading().Match(Encoding.UTF8.GetString(line)) is { Success: true } on)
            (_node, _heading) = (on.Groups[1].Value, line.ToArray());
        else if (isOfNodes && line.StartsWith("=== on "u8))
            Show(line); // What is not to be had may be of this attempt.
        else
            Choose(line);
        _open.ResetWrittenCount();
    }

    private void Choose(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("=== attempt "u8) && Heading().Match(Encoding.UTF8.GetString(line)) is { Success: true } heading)
            _isOther[_node] = heading.Groups[1].Value != $"{attempt}";
        if (_isOther.GetValueOrDefault(_node, true) || line.Length == 0)
            return;
        Show(_heading);
        _heading = [];
        Show(line);
        HasWritten = true;
    }

    private void Show(ReadOnlySpan<byte> line) => target.Write(isRaw ? line : Encoding.UTF8.GetBytes(Clean(Encoding.UTF8.GetString(line))));

    private static string Clean(string line)
    {
        var text = line.Contains('\e') ? Sequence().Replace(line, "") : line;
        return Output.Clean(text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n'));
    }

    /// <summary>What the log puts above an attempt, also where it goes on behind what was left out.</summary>
    [GeneratedRegex("^=== attempt ([0-9]+), .* ===$")]
    private static partial Regex Heading();

    [GeneratedRegex("^=== on ([^ :]+) ===$")]
    private static partial Regex NodeHeading();

    /// <summary>Control sequences (colours, movements of the cursor), and commands to the terminal such as a new title (ECMA-48).</summary>
    [GeneratedRegex(@"\e\[[0-?]*[ -/]*[@-~]|\e\][^\a\e]*(\a|\e\\)?")]
    private static partial Regex Sequence();
}
