using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Asha.Core.Spaces;

namespace Asha.Host.ExperimentFiles;

/// <summary>Writes single values so that reading them gives the same value of the same kind.</summary>
internal static partial class YamlScalar
{
    public static string Of(ParameterValue value) => value.Kind switch
    {
        ParameterKind.Text => Of(value.AsText()),
        // A real number that is whole must not come back as a whole number.
        ParameterKind.Number when double.IsInteger(value.AsNumber()) && !value.ToString().Contains('E') => $"{value}.0",
        _ => value.ToString(),
    };

    public static string Of(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A text: as it is where that is safe anywhere in YAML, otherwise in quotes, on one line.</summary>
    public static string Of(string text)
    {
        if (Safe().IsMatch(text) && CoreSchema.KindOf(text) == ScalarKind.Text && !CoreSchema.WasFlag(text))
            return text;
        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            if (letter is '"' or '\\')
                quoted.Append('\\').Append(letter);
            else if (letter is >= ' ' and <= '~' || char.IsLetterOrDigit(letter))
                quoted.Append(letter);
            else
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:X4}");
        }
        return quoted.Append('"').ToString();
    }

    [GeneratedRegex(@"^(--?)?[A-Za-z_/][A-Za-z0-9_./-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Safe();
}
