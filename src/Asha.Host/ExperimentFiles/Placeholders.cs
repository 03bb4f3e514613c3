namespace Asha.Host.ExperimentFiles;

/// <summary>Checks the placeholders in one argument of a command (docs/trial-protocol.md).</summary>
internal static class Placeholders
{
    /// <summary>What every trial can be told besides its parameters.</summary>
    public static IReadOnlyList<string> OfAsha { get; } =
    [
        "asha:trial", "asha:attempt", "asha:seed", "asha:start", "asha:target", "asha:checkpoint-dir", "asha:resume-from", "asha:params-file",
    ];

    /// <summary>Reports what is not a placeholder, and braces that stand alone.</summary>
    public static void Check(Field field, string argument, IReadOnlyCollection<string> known)
    {
        for (var index = 0; index < argument.Length; index++)
        {
            if (argument[index] is not ('{' or '}'))
                continue;
            if (index + 1 < argument.Length && argument[index + 1] == argument[index])
            {
                index++;
                continue;
            }
            var end = argument[index] == '{' ? argument.IndexOf('}', index) : -1;
            if (end < 0)
            {
                field.Wrong($"'{argument[index]}' stands alone; write '{argument[index]}{argument[index]}' for a brace");
                return;
            }
            var name = argument[(index + 1)..end];
            if (!known.Contains(name))
                Unknown(field, name, known);
            index = end;
        }
    }

    private static void Unknown(Field field, string name, IReadOnlyCollection<string> known)
    {
        var shown = YamlText.Shown(name);
        if (known.Count == 0)
            field.Wrong($"'{{{shown}}}' has no meaning before there is a trial; write '{{{{' and '}}}}' for braces");
        else if (known.Contains("asha:" + name))
            field.Wrong($"unknown placeholder '{{{shown}}}'; did you mean '{{asha:{shown}}}'?");
        else
            field.Wrong($"unknown placeholder '{{{shown}}}'", name, known);
    }
}
