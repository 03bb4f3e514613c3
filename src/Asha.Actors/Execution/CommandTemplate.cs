using System.Text;

namespace Asha.Actors.Execution;

/// <summary>Placeholders in a command: <c>{learning-rate}</c>, <c>{asha:trial}</c>; <c>{{</c> and <c>}}</c> stand for braces.</summary>
public static class CommandTemplate
{
    /// <summary>What <c>{asha:…}</c> may name.</summary>
    public static IReadOnlyList<string> OwnNames { get; }
        = [.. new[] { "trial", "attempt", "seed", "start", "target", "checkpoint-dir", "resume-from", "params-file" }.Select(name => "asha:" + name)];

    /// <summary>The first thing wrong with a command, for people; <c>null</c>: nothing.</summary>
    public static string? Problem(IEnumerable<string> command, IReadOnlySet<string> parameters)
    {
        foreach (var argument in command)
        {
            string? unknown = null;
            try
            {
                Expand(argument, name =>
                {
                    if (!parameters.Contains(name) && !OwnNames.Contains(name))
                        unknown ??= name;
                    return "";
                });
            }
            catch (FormatException e)
            {
                return e.Message;
            }
            if (unknown is not null)
                return unknown.StartsWith("asha:", StringComparison.Ordinal)
                    ? $"{{{unknown}}} is no placeholder; there are {string.Join(", ", OwnNames)}"
                    : $"{{{unknown}}} names no parameter";
        }
        return null;
    }

    /// <summary>The argument with each placeholder replaced; what has no value is replaced by nothing.</summary>
    /// <exception cref="FormatException">A brace stands alone.</exception>
    public static string Expand(string argument, Func<string, string?> value)
    {
        if (argument.AsSpan().IndexOfAny('{', '}') < 0)
            return argument;
        var text = new StringBuilder();
        for (var at = 0; at < argument.Length; at++)
        {
            var c = argument[at];
            if (c is not ('{' or '}'))
            {
                text.Append(c);
            }
            else if (at + 1 < argument.Length && argument[at + 1] == c)
            {
                text.Append(c);
                at++;
            }
            else
            {
                var end = c == '{' ? argument.AsSpan(at + 1).IndexOfAny('{', '}') : -1;
                if (end <= 0 || argument[at + 1 + end] != '}')
                    throw new FormatException($"a brace stands alone in '{argument}'; write {{{{ or }}}} for a brace");
                text.Append(value(argument.Substring(at + 1, end)));
                at += end + 1;
            }
        }
        return text.ToString();
    }
}
