namespace Asha.Host.ExperimentFiles;

/// <summary>Reads <c>trial.env</c>: a name without a value has that of the environment in which trials are run. The values may be secrets, so no message shows one.</summary>
internal static class EnvironmentReader
{
    /// <summary>What stood for a value in the resolved experiments of earlier versions: there is none.</summary>
    public const string NotRecorded = "<not recorded>";

    private const int LongestName = 256;
    private const int LongestValue = 32_768;

    /// <param name="field">The map.</param>
    /// <param name="hasGpus">Trials have GPUs of their own.</param>
    /// <param name="machine">Whose environment has the values that the file does not.</param>
    public static IReadOnlyDictionary<string, string> Read(Field? field, bool hasGpus, Machine machine)
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
            else if (value.IsNull || value.IsText(NotRecorded))
            {
                if (machine.Variable(name) is { } found)
                    variables[name] = found;
                else
                    map.WrongKey(key, $"has no value here, and there is no such variable in the environment of this command either; set it there ({name}=… asha …), or give it with --set {value.Path}=…");
            }
            else if (value.Text(LongestValue) is { } text)
            {
                variables[name] = text;
            }
        }
        return variables;
    }

    private static bool IsName(string text) => text.Length is > 0 and <= LongestName && !char.IsAsciiDigit(text[0])
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
}
