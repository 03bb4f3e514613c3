namespace Asha.Host.ExperimentFiles;

/// <summary>Reads <c>trial.env</c>. The values may be secrets, so no message shows one.</summary>
internal static class EnvironmentReader
{
    /// <summary>What stands for a value in a resolved experiment.</summary>
    public const string NotRecorded = "<not recorded>";

    private const int LongestName = 256;
    private const int LongestValue = 32_768;

    public static IReadOnlyDictionary<string, string> Read(Field? field, bool hasGpus)
    {
        var variables = new Dictionary<string, string>();
        if (field?.Map("{OMP_NUM_THREADS: \"1\"}") is not { } map)
            return variables;
        foreach (var (key, value) in map.All())
        {
            var name = key.Text;
            if (!IsName(name))
                map.WrongKey(key, "the name of a variable is a letter or '_', then letters, digits and '_'");
            else if (name.StartsWith("ASHA_", StringComparison.Ordinal))
                map.WrongKey(key, "variables that begin with ASHA_ are set by Asha");
            else if (name == "CUDA_VISIBLE_DEVICES" && hasGpus)
                map.WrongKey(key, "is set by Asha where trial.gpus is not 0");
            else if (value.Text(LongestValue) is { } text)
            {
                if (text == NotRecorded)
                    value.Warn($"the value was not recorded; give it with --set {value.Path}=...");
                variables[name] = text;
            }
        }
        return variables;
    }

    private static bool IsName(string text) => text.Length is > 0 and <= LongestName && !char.IsAsciiDigit(text[0])
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
}
