using Asha.Actors.Execution;

namespace Asha.Host.ExperimentFiles;

/// <summary>Checks the placeholders in one argument of a command (docs/trial-protocol.md), as the runner will replace them.</summary>
internal static class Placeholders
{
    /// <summary>Reports names that are neither a parameter nor Asha's own, and braces that stand alone.</summary>
    public static void CheckCommand(Field field, string argument, IReadOnlyCollection<string> parameters)
    {
        IReadOnlyCollection<string> known = [.. parameters, .. CommandTemplate.OwnNames];
        foreach (var name in Names(argument) ?? [])
        {
            var shown = YamlText.Shown(name);
            if (known.Contains("asha:" + name) && !known.Contains(name))
                field.Wrong($"unknown placeholder '{{{shown}}}'; did you mean 'asha:{shown}'?");
            else if (!known.Contains(name))
                field.Wrong($"unknown placeholder '{{{shown}}}'", name, known);
        }
        if (Names(argument) is null)
            field.Wrong("a brace stands alone; write '{{' or '}}' for a brace");
    }

    /// <summary>The preparation is run as it stands, braces and all; whoever wrote a placeholder there expects something else.</summary>
    public static void CheckPreparation(Field field, string argument, IReadOnlyCollection<string> parameters)
    {
        foreach (var name in Names(argument) ?? [])
        {
            if (parameters.Contains(name) || CommandTemplate.OwnNames.Contains(name))
                field.Warn($"'{{{name}}}' is not replaced here: this runs once, before there is a trial");
        }
    }

    /// <summary>The argument as the runner will have it; <c>null</c> where that depends on the trial, or a brace stands alone.</summary>
    public static string? Fixed(string argument) => Names(argument) is [] ? CommandTemplate.Expand(argument, _ => null) : null;

    /// <summary><c>null</c>: a brace stands alone.</summary>
    private static List<string>? Names(string argument)
    {
        var names = new List<string>();
        try
        {
            CommandTemplate.Expand(argument, name =>
            {
                names.Add(name);
                return null;
            });
            return names;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
