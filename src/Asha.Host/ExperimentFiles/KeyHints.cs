namespace Asha.Host.ExperimentFiles;

/// <summary>Names that users bring along from elsewhere, and the path of the key that is meant; <c>*</c> stands for any key.</summary>
internal sealed class KeyHints
{
    private readonly ILookup<string, string> _targets;

    public KeyHints(IEnumerable<(string Name, string Target)> names)
        => _targets = names.ToLookup(pair => Folded(pair.Name), pair => pair.Target, StringComparer.Ordinal);

    public static KeyHints None { get; } = new([]);

    /// <summary>The key's name in this map, or its whole path where it belongs into another map.</summary>
    public string? Find(string mapPath, string key)
    {
        string? elsewhere = null;
        foreach (var target in _targets[Folded(key)])
        {
            var dot = target.LastIndexOf('.');
            var name = target[(dot + 1)..];
            if (Matches(dot < 0 ? "" : target[..dot], mapPath))
                return name == key ? null : name;
            if (!target.Contains('*'))
                elsewhere ??= target;
        }
        return elsewhere;
    }

    private static bool Matches(string pattern, string path)
    {
        var (wanted, given) = (pattern.Split('.'), path.Split('.'));
        return wanted.Length == given.Length && wanted.Zip(given).All(pair => pair.First == "*" || pair.First == pair.Second);
    }

    /// <summary>max_t, max-t and maxT are the same; r and R are not.</summary>
    private static string Folded(string name)
        => name.Length == 1 ? name : name.Replace("-", "").Replace("_", "").ToLowerInvariant();
}
