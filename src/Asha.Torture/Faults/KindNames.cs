using System.Text;

namespace Asha.Torture.Faults;

/// <summary>What people call the kinds of faults: <c>coordinator-crash</c>.</summary>
public static class KindNames
{
    private static readonly string[] _names = [.. Enum.GetNames<Fault>().Select(Kebab)];

    public static string NameOf(Fault kind) => _names[(int)kind];

    public static IReadOnlyList<string> All => _names;

    /// <summary>The kind of a name; <c>null</c>: there is none.</summary>
    public static Fault? KindOf(string name) => Array.IndexOf(_names, name) is >= 0 and var index ? (Fault)index : null;

    private static string Kebab(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
                text.Append('-');
            text.Append(char.ToLowerInvariant(letter));
        }
        return text.ToString();
    }
}
