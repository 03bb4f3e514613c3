using System.Text.RegularExpressions;

namespace Asha.Host.Tests.View;

/// <summary>The escape sequences in what a terminal was sent.</summary>
internal static partial class Sequences
{
    public static IEnumerable<string> Of(string raw) => Any().Matches(raw).Select(match => match.Value);

    public static string WithoutKeypad(string raw) => Keypad().Replace(raw, "");

    /// <summary>Nothing but the view's own sequences, and no other control character than the ends of lines.</summary>
    public static void AssertOnlyOurs(string raw)
    {
        var rest = Ours().Replace(WithoutKeypad(raw), "");
        var strange = rest.Where(character => char.IsControl(character) && character is not '\r' and not '\n' and not '\t').Distinct();
        Assert.True(!strange.Any(), $"{string.Join(' ', strange.Select(character => $"U+{(int)character:X4}"))} in {Regex.Escape(rest)}");
        Assert.DoesNotContain('\u202e', raw);
    }

    [GeneratedRegex(@"\e(\[[0-9;?]*[ -/]*[@-~]|\][^\a\e]*(\a|\e\\)?|.)")]
    private static partial Regex Any();

    // smkx and rmkx of terminfo(5).
    [GeneratedRegex(@"\e\[\?1[hl]\e[=>]")]
    private static partial Regex Keypad();

    [GeneratedRegex(@"\e\[(\?(1049|25|7|2026)[hl]|[0-9]+;1H|H|J|2J|K|(0|1|2|31|32|36)m)")]
    private static partial Regex Ours();
}
