using System.Text.RegularExpressions;

namespace Asha.Cluster.Tests.Harness;

/// <summary>What a query of Prometheus asks for: as much of its language as the dashboard and the rules use.</summary>
/// <param name="Where">Which panel, or which rule.</param>
/// <param name="Text">The query.</param>
internal sealed partial record Query(string Where, string Text)
{
    /// <summary>Each metric, with what its series have to match.</summary>
    public IEnumerable<(string Name, IReadOnlyList<(string Label, string Operator, string Value)> Matchers)> Selectors
    {
        get
        {
            // Labels that are grouped by, ranges and texts are no metrics; a text in braces is a matcher's.
            var rest = Groups().Replace(Range().Replace(Text, ""), " ");
            foreach (Match selector in Selector().Matches(rest))
                yield return (selector.Groups["name"].Value, [.. Matcher().Matches(selector.Groups["matchers"].Value).Select(one => (one.Groups["label"].Value, one.Groups["operator"].Value, one.Groups["value"].Value))]);
        }
    }

    /// <summary>Labels that it groups by.</summary>
    public IEnumerable<string> GroupedBy => Groups().Matches(Text).SelectMany(group => group.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    public override string ToString() => $"{Where}: {Text}";

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"\b(by|without|on|ignoring)\s*\((?<labels>[^)]*)\)")]
    private static partial Regex Groups();

    /// <summary>A name that is no function and no operator, and stands in no matcher.</summary>
    [GeneratedRegex("""\b(?!(?:and|or|unless|bool)\b)(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?![a-zA-Z0-9_:]|\s*\()(?:\{(?<matchers>(?:[^"}]|"[^"]*")*)\})?""")]
    private static partial Regex Selector();

    [GeneratedRegex("""(?<label>[a-zA-Z_][a-zA-Z0-9_]*)\s*(?<operator>=~|!~|!=|=)\s*"(?<value>[^"]*)"[\s,]*""")]
    private static partial Regex Matcher();
}
